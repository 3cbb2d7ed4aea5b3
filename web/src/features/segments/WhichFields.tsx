import { CloseOutlined, PlusOutlined } from "@ant-design/icons"
import { Button, Select } from "antd"

import type { Vocabulary } from "../../api/schema"
import { type Translate, useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { compared, type ValueKind } from "./comparing"
import { ComparisonFields } from "./ComparisonFields"
import { Choice } from "./controls"
import type { Where, Which } from "./rules"
import { useWords } from "./vocabulary"

interface Field {
  key: string
  label: string
  kind: ValueKind
}

const COLUMNS = [
  ["item", "text"],
  ["source", "text"],
  ["member", "member"],
  ["amount_fen", "money"],
] as const
const KINDS: Record<string, ValueKind> = { number: "number", text: "text", switch: "switch" }

/** What the events chosen tell, that a condition can be about. */
export function fieldsOf(which: Which, vocabulary: Vocabulary, t: Translate): Field[] {
  const fields: Field[] = COLUMNS.map(([key, kind]) => ({ key, kind, label: t.of("segColumn", key) }))
  const known = new Set(fields.map(({ key }) => key))
  const told = vocabulary.events.filter(({ key }) => which.events.includes(key)).flatMap(({ props }) => props)
  const asked = which.where.map(({ field }) => ({ name: field.replace(/^props\./, ""), type: "other", field }))
  for (const each of [...told.map((prop) => ({ ...prop, field: `props.${prop.name}` })), ...asked]) {
    if (!each.name || known.has(each.field)) continue
    known.add(each.field)
    fields.push({ key: each.field, label: readable(each.name), kind: KINDS[each.type] ?? "other" })
  }
  return fields
}

interface EventProps {
  label: string
  value: string[]
  onChange: (events: string[]) => void
}

/** Events by what they are called; those that have happened here come first. */
export function EventSelect({ label, value, onChange }: EventProps) {
  const { events } = useWords()
  const t = useT()
  const options = [true, false].map((seen) => ({
    label: t(seen ? "seg.eventsSeen" : "seg.eventsUnseen"),
    title: "",
    options: events
      .filter((each) => each.is_seen === seen)
      .map(({ key, label: name }) => ({ value: key, label: readable(name) })),
  }))
  return (
    <Select<string[]>
      mode="multiple"
      aria-label={label}
      variant="filled"
      placeholder={label}
      value={value}
      onChange={onChange}
      options={options.filter((each) => each.options.length > 0)}
      popupMatchSelectWidth={false}
      showSearch={{ optionFilterProp: "label" }}
      style={{ minWidth: 150, maxWidth: "100%" }}
    />
  )
}

/** Conditions on each of the events, one a line. */
export function WhereFields({ value, onChange }: { value: Which; onChange: (which: Which) => void }) {
  const t = useT()
  const fields = fieldsOf(value, useWords(), t)
  const change = (place: number, where: Where) => onChange({ ...value, where: value.where.with(place, where) })
  return (
    <>
      {value.where.map((where, place) => {
        const kind = fields.find(({ key }) => key === where.field)?.kind ?? "other"
        return (
          <span key={place} className="rule-where">
            <span className="muted">{t("seg.whereJoin")}</span>
            <Choice
              label={t("seg.property")}
              words={fields}
              value={where.field}
              onChange={(field) =>
                change(place, { field, is: compared(fields.find(({ key }) => key === field)?.kind ?? "other") })
              }
            />
            <ComparisonFields kind={kind} value={where.is} onChange={(is) => change(place, { ...where, is })} />
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={t("seg.removeWhere")}
              onClick={() => onChange({ ...value, where: value.where.toSpliced(place, 1) })}
            />
          </span>
        )
      })}
    </>
  )
}

export function AddWhere({ value, onChange }: { value: Which; onChange: (which: Which) => void }) {
  const t = useT()
  if (value.where.length >= 10 || value.events.length === 0) return null
  return (
    <Button
      type="link"
      size="small"
      icon={<PlusOutlined />}
      onClick={() => onChange({ ...value, where: [...value.where, { field: "", is: { op: "is", values: [] } }] })}
    >
      {t("seg.addWhere")}
    </Button>
  )
}
