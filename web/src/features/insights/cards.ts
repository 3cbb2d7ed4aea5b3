import type { CardIn } from "../../api/schema"
import type { ReportAsked } from "./api"
import { daysOf, type Range, ranges } from "./period"

const usual: Range[] = ["30d", "90d", "year", ...ranges]

/** The period of a question as words that move with the days, where it has such; else its two days. */
export function rangeOf(asked: Pick<ReportAsked, "since" | "until">, today: string, chosen: string | null): string {
  const named = (range: Range) => {
    const days = daysOf(range, today)
    return days.since === asked.since && days.until === asked.until
  }
  if (chosen && (ranges as readonly string[]).includes(chosen)) return chosen
  return (!chosen && usual.find((range) => range !== "all" && named(range))) || `${asked.since}~${asked.until}`
}

/** A question as a card keeps it. */
export function cardAsked({ since, until, ...rest }: ReportAsked, today: string, chosen: string | null): CardIn["asked"] {
  return { ...rest, range: rangeOf({ since, until }, today, chosen) } as CardIn["asked"]
}
