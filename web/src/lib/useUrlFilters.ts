import { useMemo } from "react"
import { useSearchParams } from "react-router"

export type Filters<Name extends string> = Partial<Record<Name, string>>

/** Filters kept in the URL, so that a view can be linked, reloaded and gone back to. Empty values leave the URL. */
export function useUrlFilters<Name extends string>(names: readonly Name[]) {
  const [search, setSearch] = useSearchParams()
  const key = names.map((name) => search.get(name) ?? "").join("\u0000")

  const filters = useMemo(() => {
    const found: Filters<Name> = {}
    key.split("\u0000").forEach((value, index) => {
      const name = names[index]
      if (name && value) found[name] = value
    })
    return found
    // `names` is a constant of the calling page; its values are what matters, and they are in the key
  }, [key, names])

  const change = (changes: Filters<Name>) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        after.delete("cursor") // another question starts at its first page
        for (const [name, value] of Object.entries(changes) as [Name, string | undefined][]) {
          if (value) after.set(name, value)
          else after.delete(name)
        }
        return after
      },
      { replace: true },
    )

  const clear = () => change(Object.fromEntries(names.map((name) => [name, undefined])) as Filters<Name>)
  return { filters, change, clear, active: Object.keys(filters).length }
}
