import { DatePicker, Input, Select } from "antd"
import dayjs from "dayjs"

import { MemberSelect } from "../../components/pickers/MemberSelect"
import { useT } from "../../i18n"
import { numberOf, operatorsOf, takesNoValue, takesSeveral, texts, type ValueKind, withOperator } from "./comparing"
import { Choice, MoneyField, NumberField } from "./controls"
import type { Comparison, Operator, Value } from "./rules"
import { useWords } from "./vocabulary"

interface Props {
  kind: ValueKind
  options?: readonly string[]
  value: Comparison
  onChange: (is: Comparison) => void
}

/** How a value compares, and with what: the control follows what kind of value it is. */
export function ComparisonFields({ kind, options = [], value, onChange }: Props) {
  const t = useT()
  const offered = useWords().operators.filter(
    ({ key }) => key === value.op || operatorsOf(kind).includes(key as Operator),
  )
  // the server's words carry the place of the value, which here is a control of its own
  const words = offered.map(({ key, label }) => ({ key, label: label.replace(/\s*\{value\}\s*/, " … ").trim() }))
  return (
    <>
      <Choice<Operator>
        label={t("seg.compared")}
        words={words}
        value={value.op}
        onChange={(op) => onChange(withOperator(value, op, kind))}
      />
      {!takesNoValue(value.op) && (
        <ValueField
          kind={kind}
          several={takesSeveral(value.op, kind)}
          options={options}
          values={value.values}
          onChange={(values) => onChange({ ...value, values })}
        />
      )}
    </>
  )
}

interface ValueProps {
  kind: ValueKind
  several: boolean
  options: readonly string[]
  values: Value[]
  onChange: (values: Value[]) => void
}

function ValueField({ kind, several, options, values, onChange }: ValueProps) {
  const t = useT()
  const label = t("seg.value")
  const number = (next: number) => onChange(Number.isFinite(next) ? [next] : [])
  switch (kind) {
    case "number":
      return <NumberField label={label} value={numberOf(values)} onChange={number} />
    case "money":
      return <MoneyField label={label} value={numberOf(values)} onChange={number} />
    case "switch":
      return (
        <Choice
          label={label}
          words={[
            { key: "true", label: t("common.yes") },
            { key: "false", label: t("common.no") },
          ]}
          value={String(values[0])}
          onChange={(next) => onChange([next === "true"])}
        />
      )
    case "date":
      return (
        <DatePicker
          aria-label={label}
          variant="filled"
          value={typeof values[0] === "string" ? dayjs(values[0]) : null}
          onChange={(day) => onChange(day ? [day.format("YYYY-MM-DD")] : [])}
        />
      )
    case "member":
      return <MemberSelect label={label} width={200} value={values.map(Number)} onChange={onChange} />
    default:
      if (!several && options.length === 0) {
        return (
          <Input
            aria-label={label}
            placeholder={label}
            variant="filled"
            maxLength={500}
            value={texts(values)[0] ?? ""}
            onChange={(event) => onChange(event.target.value ? [event.target.value] : [])}
            style={{ width: 160 }}
          />
        )
      }
      return (
        <Select<string[]>
          mode={options.length > 0 ? "multiple" : "tags"}
          aria-label={label}
          placeholder={t(options.length > 0 ? "seg.value" : "seg.typeValues")}
          variant="filled"
          value={texts(values)}
          onChange={onChange}
          options={options.map((option) => ({ value: option, label: option }))}
          popupMatchSelectWidth={false}
          tokenSeparators={["，", ","]}
          style={{ minWidth: 160, maxWidth: "100%" }}
        />
      )
  }
}

