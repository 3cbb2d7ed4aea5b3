/** Periods as people name them, in whole days of the merchant. */

export const ranges = ["7d", "30d", "90d", "month", "lastMonth", "year", "all"] as const
export type Range = (typeof ranges)[number]

export interface Days {
  since: string
  until: string
}

const DAY = 86_400_000

function shift(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}

/** The days of a range that ends today. `first` is the first day of which anything is known. */
export function daysOf(range: Range, today: string, first?: string): Days {
  const month = `${today.slice(0, 8)}01`
  switch (range) {
    case "7d":
      return { since: shift(today, -6), until: today }
    case "30d":
      return { since: shift(today, -29), until: today }
    case "90d":
      return { since: shift(today, -89), until: today }
    case "month":
      return { since: month, until: today }
    case "lastMonth": {
      const until = shift(month, -1)
      return { since: `${until.slice(0, 8)}01`, until }
    }
    case "year":
      return { since: shift(today, -364), until: today }
    case "all":
      return { since: first && first < today ? first : shift(today, -364), until: today }
  }
}

/** The range a page's address names: `30d`, or two days as `2026-01-01~2026-01-31`. */
export function readRange(text: string | undefined, today: string, usual: Range, first?: string): Days {
  const [since, until] = (text ?? "").split("~")
  if (since && until && isDay(since) && isDay(until)) return { since, until }
  const named = ranges.find((range) => range === text)
  return daysOf(named ?? usual, today, first)
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text)
}
