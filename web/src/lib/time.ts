const locales = { zh: "zh-CN", en: "en-GB" } as const
export type TimeLanguage = keyof typeof locales

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

interface Parts {
  year: string
  month: string
  day: string
  hour: string
  minute: string
  second: string
}

function partsIn(zone: string, at: Date): Parts {
  const found = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at)
  return Object.fromEntries(found.map(({ type, value }) => [type, value])) as unknown as Parts
}

/** The calendar day in the merchant's zone, as 2026-11-22. */
export function formatDay(iso: string, zone: string): string {
  const { year, month, day } = partsIn(zone, new Date(iso))
  return `${year}-${month}-${day}`
}

/** Day and wall clock in the merchant's zone, as 2026-11-22 14:05. */
export function formatDateTime(iso: string, zone: string, seconds = false): string {
  const { year, month, day, hour, minute, second } = partsIn(zone, new Date(iso))
  return `${year}-${month}-${day} ${hour}:${minute}${seconds ? `:${second}` : ""}`
}

/** "3 minutes ago" within the last week (and the next), otherwise the day. */
export function formatRelative(iso: string, now: Date, zone: string, language: TimeLanguage): string {
  const distance = new Date(iso).getTime() - now.getTime()
  const away = Math.abs(distance)
  if (away >= 7 * DAY) return formatDay(iso, zone)
  const relative = new Intl.RelativeTimeFormat(locales[language], { numeric: "auto", style: "short" })
  if (away < MINUTE) return relative.format(0, "second")
  if (away < HOUR) return relative.format(Math.trunc(distance / MINUTE), "minute")
  if (away < DAY) return relative.format(Math.trunc(distance / HOUR), "hour")
  return relative.format(Math.trunc(distance / DAY), "day")
}

/** The moment a day of the merchant's calendar begins. */
export function dayStart(day: string, zone: string): string {
  const guess = new Date(`${day}T00:00:00Z`)
  const seen = new Date(`${formatDateTime(guess.toISOString(), zone, true).replace(" ", "T")}Z`)
  return new Date(guess.getTime() - (seen.getTime() - guess.getTime())).toISOString()
}

/** The last moment of a day of the merchant's calendar, to the millisecond. */
export function dayEnd(day: string, zone: string): string {
  const [year, month, date] = day.split("-").map(Number)
  const next = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, (date ?? 1) + 1)).toISOString().slice(0, 10)
  return new Date(new Date(dayStart(next, zone)).getTime() - 1).toISOString()
}
