import { useT } from "../i18n"
import { clockOf, type HoursText as Hours, isOvernight, runs } from "../lib/hours"

/** Hours in words: 周一至周五 09:00–18:00. */
export function HoursText({ hours }: { hours: Hours }) {
  const t = useT()
  const name = (day: number) => t.of("weekday", String(day))
  const days = hours.weekdays?.length
    ? runs(hours.weekdays)
        .map(([first, last]) => (first === last ? name(first) : t("hours.run", { first: name(first), last: name(last) })))
        .join(t("hours.and"))
    : t("hours.everyDay")
  return (
    <span className="numeric">
      {days} {clockOf(hours.starts)}–{clockOf(hours.ends)}
      {isOvernight(hours) && ` ${t("hours.nextDay")}`}
    </span>
  )
}
