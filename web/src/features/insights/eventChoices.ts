import { useMemo } from "react"

import { useReport } from "./api"
import { labelOf, rowsOf, textOf } from "./table"

export interface EventChoice {
  value: string
  label: string
}

/** What happened in the period, by its names, most frequent first. */
export function useEventChoices(question: { since: string; until: string }): EventChoice[] {
  const { data } = useReport("events", { since: question.since, until: question.until })
  return useMemo(
    () =>
      rowsOf(data?.answer).map((row) => {
        const name = textOf(row.name)
        const label = data ? labelOf(data.answer, "name", name) : name
        return { value: name, label: label === name ? name : `${label} · ${name}` }
      }),
    [data],
  )
}
