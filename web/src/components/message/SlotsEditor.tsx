import { DeleteOutlined, PlusOutlined } from "@ant-design/icons"
import { Button, Select, Switch } from "antd"

import { useT } from "../../i18n"
import { officeHours } from "../../lib/hours"
import { HoursField } from "../HoursField"
import { MessageEditor } from "./MessageEditor"
import { errorsOfSlot, type Slot, type WelcomeDraft } from "./welcome"

interface Props {
  value: WelcomeDraft
  onChange: (welcome: WelcomeDraft) => void
  errors?: Record<string, string>
}

/** A welcome by time of day: messages for certain hours first, and the one for all other times. */
export function SlotsEditor({ value, onChange, errors = {} }: Props) {
  const t = useT()
  const change = (index: number, slot: Slot) =>
    onChange({ ...value, slots: value.slots.map((each, place) => (place === index ? slot : each)) })
  const timed: Slot = { hours: officeHours(), parts: [] }

  return (
    <div className="stack">
      {value.slots.map((slot, index) => (
        <section key={index} className="slot" aria-label={t("slot.number", { number: index + 1 })}>
          <header className="row">
            <Switch
              size="small"
              aria-label={t("slot.byTime")}
              checked={slot.hours !== null}
              onChange={(on) => change(index, { ...slot, hours: on ? officeHours() : null })}
            />
            <span>{t(slot.hours ? "slot.byTime" : "slot.otherTimes")}</span>
            {slot.hours && <HoursField value={slot.hours} onChange={(hours) => change(index, { ...slot, hours })} />}
            {value.slots.length > 1 && (
              <Button
                className="end"
                size="small"
                type="text"
                danger
                icon={<DeleteOutlined />}
                aria-label={t("slot.remove")}
                onClick={() => onChange({ ...value, slots: value.slots.filter((_, place) => place !== index) })}
              />
            )}
          </header>
          <MessageEditor
            label={t("slot.text", { number: index + 1 })}
            value={slot.parts}
            errors={errorsOfSlot(errors, index)}
            onChange={(parts) => change(index, { ...slot, parts })}
          />
        </section>
      ))}
      <div className="row">
        <Button icon={<PlusOutlined />} onClick={() => onChange({ ...value, slots: [timed, ...value.slots] })}>
          {t("slot.add")}
        </Button>
      </div>
      <label className="row">
        <span className="small muted">{t("slot.suppressed")}</span>
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          aria-label={t("slot.suppressed")}
          placeholder={t("slot.suppressedHelp")}
          value={value.suppressed_nicknames}
          onChange={(suppressed_nicknames: string[]) => onChange({ ...value, suppressed_nicknames })}
          tokenSeparators={[",", "，", " "]}
          style={{ flex: 1, minWidth: 220 }}
        />
      </label>
    </div>
  )
}
