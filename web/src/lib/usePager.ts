import { useLocation, useSearchParams } from "react-router"

export interface Pager {
  cursor: string | undefined
  /** How many pages lie before this one, as far as this visitor has walked. */
  depth: number
  next(cursor: string): void
  previous(): void
}

/** The position in a cursor-paged list, in the URL; the way back travels in the history entry. */
export function usePager(): Pager {
  const [search, setSearch] = useSearchParams()
  const { state } = useLocation() as { state: { cursors?: string[] } | null }
  const walked = state?.cursors ?? []
  const cursor = search.get("cursor") ?? undefined

  const go = (to: string | undefined, cursors: string[]) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        if (to) after.set("cursor", to)
        else after.delete("cursor")
        return after
      },
      { state: { cursors } },
    )
  return {
    cursor,
    depth: cursor ? Math.max(1, walked.length) : 0,
    next: (to) => go(to, [...walked, cursor ?? ""]),
    previous: () => go(walked.at(-1) || undefined, walked.slice(0, -1)),
  }
}
