import { DatePicker, InputNumber, Select } from "antd"
import dayjs from "dayjs"

import type { Word } from "../../api/schema"
import { type Key, useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { dayStart, formatDay } from "../../lib/time"
import { useViewer } from "../../lib/viewer"
import { AMOUNTS, days, EVER, measured, MOMENTS, SINCE } from "./leaves"
import type { Measure, MeasureKind, Order, Period, Unit, Window } from "./rules"
import { Sentence } from "./Sentence"
import { useWords } from "./vocabulary"

const optionsOf = (words: readonly Word[]) => words.map(({ key, label }) => ({ value: key, label: readable(label) }))

interface ChoiceProps<Chosen extends string> {
  label: string
  words: readonly Word[]
  value: Chosen
  onChange: (chosen: Chosen) => void
}

/** One of a few words, inside a sentence. */
export function Choice<Chosen extends string>({ label, words, value, onChange }: ChoiceProps<Chosen>) {
  return (
    <Select<Chosen>
      aria-label={label}
      variant="filled"
      value={value || undefined}
      placeholder={label}
      onChange={onChange}
      options={optionsOf(words) as { value: Chosen; label: string }[]}
      popupMatchSelectWidth={false}
      showSearch={words.length > 12 ? { optionFilterProp: "label" } : false}
    />
  )
}

interface ChoicesProps {
  label: string
  words: readonly Word[]
  value: string[]
  onChange: (keys: string[]) => void
  width?: number
  /** Shown while nothing is chosen. */
  placeholder?: string
}

/** Several of the words the server offers. */
export function Choices({ label, words, value, onChange, width = 200, placeholder = label }: ChoicesProps) {
  return (
    <Select<string[]>
      mode="multiple"
      aria-label={label}
      variant="filled"
      placeholder={placeholder}
      value={value}
      onChange={onChange}
      options={optionsOf(words)}
      popupMatchSelectWidth={false}
      showSearch={{ optionFilterProp: "label" }}
      style={{ minWidth: width, maxWidth: "100%" }}
    />
  )
}

interface NumberProps {
  label: string
  value: number
  onChange: (value: number) => void
  min?: number
  max?: number
  whole?: boolean
  prefix?: string
  suffix?: string
}

export function NumberField({ label, value, onChange, min, max, whole, prefix, suffix }: NumberProps) {
  return (
    <InputNumber<number>
      aria-label={label}
      variant="filled"
      value={Number.isFinite(value) ? value : null}
      status={Number.isFinite(value) ? undefined : "error"}
      onChange={(typed) => onChange(typed ?? NaN)}
      min={min}
      max={max}
      precision={whole ? 0 : undefined}
      prefix={prefix}
      suffix={suffix}
      style={{ width: prefix || suffix ? 116 : 84 }}
    />
  )
}

/** Yuan to people, fen to the rule. */
export function MoneyField({ label, value, onChange }: { label: string; value: number; onChange: (fen: number) => void }) {
  return (
    <NumberField label={label} prefix="¥" value={value / 100} onChange={(yuan) => onChange(Math.round(yuan * 100))} />
  )
}

export function DurationFields(props: {
  amount: number
  unit: Unit
  onChange: (amount: number, unit: Unit) => void
}) {
  const { amount, unit, onChange } = props
  const t = useT()
  const { units } = useWords()
  return (
    <>
      <NumberField whole label={t("seg.howLong")} min={1} max={100_000} value={amount} onChange={(next) => onChange(next, unit)} />
      <Choice label={t("seg.unit")} words={units} value={unit} onChange={(next) => onChange(amount, next)} />
    </>
  )
}

const MOVING = ["last", "ago", "between"] as const

function begunWindow(kind: string): Window {
  switch (kind) {
    case "ever":
      return EVER
    case "last":
      return days(30)
    case "ago":
      return { kind: "ago", from_days: 60, to_days: 30 }
    case "between":
      return { kind: "between", since: null, until: null }
    default:
      return { kind: "calendar", period: kind as Period }
  }
}

/** A window of time: a word for most, a little more where one counts days or names them. */
export function WindowField(props: { value: Window; onChange: (window: Window) => void; ever?: boolean }) {
  const { value, onChange, ever = true } = props
  const t = useT()
  const { periods } = useWords()
  const kinds = [...(ever ? ["ever"] : []), ...MOVING].map((key) => ({ key, label: t.of("segWindow", key) }))
  const choice = (
    <Choice
      label={t("seg.when")}
      words={[...kinds, ...periods]}
      value={value.kind === "calendar" ? value.period : value.kind}
      onChange={(kind) => onChange(begunWindow(kind))}
    />
  )
  switch (value.kind) {
    case "last":
      return (
        <Sentence
          text={t("seg.windowLast")}
          parts={{
            kind: choice,
            span: (
              <DurationFields
                amount={value.amount}
                unit={value.unit}
                onChange={(amount, unit) => onChange({ kind: "last", amount, unit })}
              />
            ),
          }}
        />
      )
    case "ago":
      return (
        <Sentence
          text={t("seg.windowAgo")}
          parts={{
            kind: choice,
            from: (
              <NumberField
                whole
                label={t("seg.fromDays")}
                min={1}
                max={36_500}
                value={value.from_days}
                onChange={(from_days) => onChange({ ...value, from_days })}
              />
            ),
            to: (
              <NumberField
                whole
                label={t("seg.toDays")}
                min={0}
                max={36_500}
                value={value.to_days}
                onChange={(to_days) => onChange({ ...value, to_days })}
              />
            ),
          }}
        />
      )
    case "between":
      return (
        <>
          {choice}
          <DaysField since={value.since} until={value.until} onChange={(since, until) => onChange({ ...value, since, until })} />
        </>
      )
    default:
      return choice
  }
}

/** From one day of the merchant's calendar to another, both whole; the rule ends where the next day begins. */
function DaysField(props: {
  since: string | null
  until: string | null
  onChange: (since: string | null, until: string | null) => void
}) {
  const { since, until, onChange } = props
  const t = useT()
  const { zone } = useViewer()
  const lastDay = until && formatDay(new Date(new Date(until).getTime() - 1).toISOString(), zone)
  return (
    <DatePicker.RangePicker
      aria-label={t("seg.when")}
      variant="filled"
      allowEmpty={[true, true]}
      placeholder={[t("seg.firstDay"), t("seg.lastDay")]}
      value={[since ? dayjs(formatDay(since, zone)) : null, lastDay ? dayjs(lastDay) : null]}
      onChange={(chosen) =>
        onChange(
          chosen?.[0] ? dayStart(chosen[0].format("YYYY-MM-DD"), zone) : null,
          chosen?.[1] ? dayStart(chosen[1].add(1, "day").format("YYYY-MM-DD"), zone) : null,
        )
      }
      style={{ width: 250 }}
    />
  )
}

const MEASURES: readonly MeasureKind[] = [
  "count", "sum", "since_last", "average", "most", "least", "days", "last", "first", "since_first",
]

interface MeasureProps {
  /** What is measured: the words differ ("orders", "times"). */
  of: "orders" | "events"
  /** Amounts are money, and told in yuan; otherwise a number of the event's own. */
  money: boolean
  value: Measure
  onChange: (measure: Measure) => void
}

function unitOf(of: MeasureProps["of"], measure: MeasureKind): Key | undefined {
  if (measure === "count") return of === "orders" ? "seg.unitOrders" : "seg.unitTimes"
  return measure === "days" || SINCE.includes(measure) ? "seg.unitDays" : undefined
}

/** What is measured, how it compares, and with what. */
export function MeasureFields({ of, money, value, onChange }: MeasureProps) {
  const t = useT()
  const { zone } = useViewer()
  const vocabulary = useWords()
  const words = MEASURES.map((key) => ({
    key,
    label: of === "orders" ? t.of("segOrderMeasure", key) : t.of("segEventMeasure", key),
  }))
  const isMoment = MOMENTS.includes(value.measure)
  const isSince = SINCE.includes(value.measure)
  const unit = unitOf(of, value.measure)
  const orders = isMoment ? vocabulary.orders_in_time : vocabulary.orders
  const change = (changes: Partial<Measure>) => onChange({ ...value, ...changes })
  const field = () => {
    if (typeof value.value === "string") {
      return (
        <DatePicker
          aria-label={t("seg.day.field")}
          variant="filled"
          allowClear={false}
          value={dayjs(formatDay(value.value, zone))}
          onChange={(day) => day && change({ value: dayStart(day.format("YYYY-MM-DD"), zone) })}
        />
      )
    }
    if (AMOUNTS.includes(value.measure) && money) {
      return <MoneyField label={t("seg.amount")} value={value.value} onChange={(fen) => change({ value: fen })} />
    }
    return (
      <NumberField
        label={t("seg.number")}
        whole={!AMOUNTS.includes(value.measure)}
        min={AMOUNTS.includes(value.measure) ? undefined : 0}
        value={value.value}
        onChange={(number) => change({ value: number })}
        suffix={unit && t(unit)}
      />
    )
  }
  return (
    <>
      <Choice
        label={t("seg.measure")}
        words={words}
        value={value.measure}
        onChange={(measure) => onChange(measured(measure, new Date()))}
      />
      <Choice<Order>
        label={t("seg.compared")}
        words={isSince ? orders.filter(({ key }) => key !== "eq" && key !== "ne") : orders}
        value={value.op}
        onChange={(op) => change({ op })}
      />
      {field()}
    </>
  )
}
