import { Checkbox, TimePicker } from "antd"
import dayjs from "dayjs"

import { useT } from "../i18n"
import { clockOf, type HoursText, isOvernight, WEEKDAYS } from "../lib/hours"

const on = (time: string) => dayjs(`2000-01-01T${clockOf(time)}`)

/** From when till when, on which weekdays. */
export function HoursField({ value, onChange }: { value: HoursText; onChange: (hours: HoursText) => void }) {
  const t = useT()
  const days = value.weekdays?.length ? value.weekdays : [...WEEKDAYS]
  return (
    <div className="row">
      <TimePicker
        aria-label={t("hours.starts")}
        format="HH:mm"
        minuteStep={5}
        needConfirm={false}
        allowClear={false}
        value={on(value.starts)}
        onChange={(time) => time && onChange({ ...value, starts: time.format("HH:mm") })}
        style={{ width: 92 }}
      />
      <span className="muted">–</span>
      <TimePicker
        aria-label={t("hours.ends")}
        format="HH:mm"
        minuteStep={5}
        needConfirm={false}
        allowClear={false}
        value={on(value.ends)}
        onChange={(time) => time && onChange({ ...value, ends: time.format("HH:mm") })}
        style={{ width: 92 }}
      />
      {isOvernight(value) && <span className="small muted">{t("hours.nextDay")}</span>}
      <Checkbox.Group
        value={days}
        onChange={(chosen) => onChange({ ...value, weekdays: chosen.length === WEEKDAYS.length ? [] : chosen.map(Number) })}
        options={WEEKDAYS.map((day) => ({ value: day, label: t.of("weekday", String(day)) }))}
      />
    </div>
  )
}
