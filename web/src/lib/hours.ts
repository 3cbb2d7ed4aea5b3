/** Hours of the week in the merchant's zone, as the server speaks them: HH:MM; no weekdays means every day. */
export interface HoursText {
  starts: string
  ends: string
  weekdays?: number[] // 1 Monday … 7 Sunday
}

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const

export const officeHours = (): HoursText => ({ starts: "09:00", ends: "18:00", weekdays: [] })

/** HH:MM whatever the server adds behind it. */
export const clockOf = (time: string): string => time.slice(0, 5)

/** Runs of weekdays: [1,2,3,5] → [[1,3],[5,5]]. */
export function runs(days: readonly number[]): [number, number][] {
  const found: [number, number][] = []
  for (const day of [...days].sort((a, b) => a - b)) {
    const last = found.at(-1)
    if (last && last[1] === day - 1) last[1] = day
    else found.push([day, day])
  }
  return found
}

export function isOvernight({ starts, ends }: HoursText): boolean {
  return ends <= starts
}
