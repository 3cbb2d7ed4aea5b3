import { Button, DatePicker, Form, Input, InputNumber, Select, Switch } from "antd"
import dayjs, { type Dayjs } from "dayjs"
import { useState } from "react"

import type { CustomerProfile, CustomFieldOut } from "../../api/schema"
import { Facts } from "../../components/Facts"
import { Panel } from "../../components/Panel"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useCustomFields, useEditCustomer } from "./api"

export function FieldsPanel({ customer }: { customer: CustomerProfile }) {
  const t = useT()
  const { may } = useViewer()
  const [editing, setEditing] = useState(false)
  const { data } = useCustomFields()
  const fields = data?.items ?? []
  if (fields.length === 0) return null
  return (
    <Panel
      title={t("customer.fields")}
      extra={
        may("customers.edit") &&
        !editing && (
          <Button size="small" type="text" onClick={() => setEditing(true)}>
            {t("action.edit")}
          </Button>
        )
      }
    >
      {editing ? (
        <FieldsForm customer={customer} fields={fields} onDone={() => setEditing(false)} />
      ) : (
        <Facts items={fields.map((field) => [field.label, <Value key={field.key} value={customer.fields[field.key]} />])} />
      )}
    </Panel>
  )
}

function Value({ value }: { value: unknown }) {
  const t = useT()
  if (value == null || value === "") return <span className="muted">—</span>
  if (typeof value === "boolean") return <>{t(value ? "common.yes" : "common.no")}</>
  return <bdi>{readable(String(value))}</bdi>
}

function inputFor(field: CustomFieldOut) {
  switch (field.kind) {
    case "number":
      return <InputNumber style={{ width: "100%" }} />
    case "date":
      return <DatePicker style={{ width: "100%" }} />
    case "choice":
      return <Select allowClear options={field.options.map((option) => ({ value: option, label: option }))} />
    case "switch":
      return <Switch />
    default:
      return <Input maxLength={500} />
  }
}

function FieldsForm(props: { customer: CustomerProfile; fields: CustomFieldOut[]; onDone: () => void }) {
  const { customer, fields, onDone } = props
  const t = useT()
  const [form] = Form.useForm<Record<string, unknown>>()
  const edit = useEditCustomer(customer.id)
  const refused = useFormRefusal(form)
  const initial = Object.fromEntries(
    fields.map(({ key, kind }) => {
      const value = customer.fields[key]
      return [key, kind === "date" && typeof value === "string" ? dayjs(value) : value]
    }),
  )
  const save = (values: Record<string, unknown>) => {
    const entered = fields.map(({ key, kind }) => {
      const value = values[key]
      return [key, kind === "date" && value ? (value as Dayjs).format("YYYY-MM-DD") : (value ?? null)]
    })
    edit.mutate({ fields: Object.fromEntries(entered) as Record<string, unknown> }, { onSuccess: onDone, onError: refused })
  }
  return (
    <Form form={form} layout="vertical" size="small" initialValues={initial} onFinish={save}>
      {fields.map((field) => (
        <Form.Item
          key={field.key}
          name={field.key}
          label={field.label}
          valuePropName={field.kind === "switch" ? "checked" : "value"}
          style={{ marginBottom: 8 }}
        >
          {inputFor(field)}
        </Form.Item>
      ))}
      <div className="row">
        <Button type="primary" htmlType="submit" loading={edit.isPending}>
          {t("action.save")}
        </Button>
        <Button onClick={onDone}>{t("action.cancel")}</Button>
      </div>
    </Form>
  )
}
