import { useMemo } from "react"

import type { Grain } from "../../api/schema"
import { useNow } from "../../lib/useNow"
import { formatDay } from "../../lib/time"
import { type Filters, useUrlFilters } from "../../lib/useUrlFilters"
import { useViewer } from "../../lib/viewer"
import { useSpan } from "./api"
import { type Range, readRange } from "./period"

const names = ["range", "compare", "against", "grain", "order_source", "store", "one_a_day", "segment"] as const
export type AskedFilters = Filters<(typeof names)[number]>

/** What the page's address asks, as the server takes it. */
export function useAsked(usual: Range) {
  const { zone } = useViewer()
  const today = formatDay(useNow().toISOString(), zone)
  const { data: span } = useSpan()
  const { filters, change, clear, active } = useUrlFilters(names)
  const first = span?.since ?? undefined

  const { question, comparison } = useMemo(() => {
    const days = readRange(filters.range, today, usual, first)
    const [compare_since, compare_until] = (filters.against ?? "").split("~")
    const compare = (filters.compare ?? "none") as "none" | "before" | "year" | "other"
    return {
      question: {
        ...days,
        grain: filters.grain as Grain | undefined,
        order_source: filters.order_source ? filters.order_source.split(",").map(Number) : undefined,
        store: filters.store ? [Number(filters.store)] : undefined,
        one_a_day: filters.one_a_day === "true" || undefined,
        segment: filters.segment ? Number(filters.segment) : undefined,
      },
      comparison:
        compare === "other"
          ? compare_since && compare_until
            ? { compare, compare_since, compare_until }
            : {}
          : { compare },
    }
  }, [filters, today, usual, first])

  return { question, comparison, filters, change, clear, active, span, today }
}

export type Asked = ReturnType<typeof useAsked>
