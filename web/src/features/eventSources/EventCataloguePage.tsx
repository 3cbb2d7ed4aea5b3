import { Button, Form, Modal, Radio, Select, Skeleton, Switch, Table, Tabs } from "antd"
import { useState } from "react"

import type { DeclaredProperty, EventKind, LearntEventOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useCatalogue, useDeclare, useLearnt } from "./api"

/** Every kind of event: those learnt from what sources send, and our own. */
export function EventCataloguePage() {
  const t = useT()
  return (
    <>
      <PageHeader title={t("nav.eventCatalogue")} help={t("catalogue.help")} />
      <Tabs
        items={[
          { key: "learnt", label: t("catalogue.learnt"), children: <Learnt /> },
          { key: "ours", label: t("catalogue.ours"), children: <Ours /> },
        ]}
      />
    </>
  )
}

function Learnt() {
  const t = useT()
  const { may } = useViewer()
  const { data, error, refetch } = useLearnt(undefined)
  const [open, setOpen] = useState<LearntEventOut>()
  if (error) return <LoadFailed error={error} what={t("catalogue.learnt")} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active />
  if (data.items.length === 0)
    return (
      <div className="server-table-empty">
        <EmptyState title={t("catalogue.none")} help={t("catalogue.noneHelp")} />
      </div>
    )
  return (
    <div className="server-table">
      <Table<LearntEventOut>
        size="small"
        rowKey="id"
        aria-label={t("catalogue.learnt")}
        pagination={data.items.length > 100 ? { pageSize: 100 } : false}
        scroll={{ x: 820 }}
        dataSource={data.items}
        expandable={{ expandedRowRender: (event) => <Properties event={event} /> }}
        columns={[
          { title: t("failed.event"), dataIndex: "label", render: (label: string, event) => <strong title={event.name}>{event.label === event.name ? t.of("call", label) : readable(label)}</strong> },
          { title: t("failed.source"), dataIndex: "source_name", width: 130, ellipsis: true, render: readable },
          { title: t("source.events"), dataIndex: "count", width: 100, align: "right", className: "numeric", render: (n: number) => formatCount(n, true) },
          { title: t("catalogue.first"), dataIndex: "first_at", width: 130, render: (at: string) => <TimeText at={at} /> },
          { title: t("source.last"), dataIndex: "last_at", width: 130, render: (at: string) => <TimeText at={at} /> },
          { title: t("catalogue.version"), dataIndex: "version", width: 80, align: "right", className: "numeric" },
          {
            title: t("catalogue.declared"),
            dataIndex: "enforcement",
            width: 130,
            render: (enforcement: string, event) =>
              may("event_sources.edit") ? (
                <Button size="small" onClick={() => setOpen(event)}>
                  {event.declared ? t.of("enforcement", enforcement) : t("catalogue.declare")}
                </Button>
              ) : event.declared ? (
                t.of("enforcement", enforcement)
              ) : (
                "—"
              ),
          },
        ]}
      />
      {open && <DeclareDialog event={open} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

function Properties({ event }: { event: LearntEventOut }) {
  const t = useT()
  if (event.properties.length === 0) return <span className="muted">{t("catalogue.noProperties")}</span>
  return (
    <Table
      size="small"
      rowKey="name"
      pagination={false}
      scroll={{ x: 560 }}
      dataSource={event.properties}
      columns={[
        { title: t("catalogue.property"), dataIndex: "name", render: (name: string) => <code>{readable(name)}</code> },
        { title: t("catalogue.type"), dataIndex: "types", render: (types: string[]) => types.map((type) => t.of("propertyType", type)).join(" / ") },
        { title: t("catalogue.share"), dataIndex: "share", align: "right", className: "numeric", render: (share: number) => `${Math.round(share * 100)}%` },
        { title: t("catalogue.examples"), dataIndex: "examples", ellipsis: true, render: (examples: string[]) => examples.map(readable).join("、") },
      ]}
    />
  )
}

type Types = NonNullable<DeclaredProperty["type"]>

interface Draft {
  enforcement: LearntEventOut["enforcement"]
  properties: Record<string, { type?: Types; required?: boolean }>
}

const types: Types[] = ["text", "number", "flag", "list", "object"]

/** Saying what an event must look like, from what it looked like so far. */
function DeclareDialog({ event, onClose }: { event: LearntEventOut; onClose: () => void }) {
  const t = useT()
  const [form] = Form.useForm<Draft>()
  const declare = useDeclare(event.id)
  const refused = useFormRefusal()
  const names = [...new Set([...Object.keys(event.declared ?? {}), ...event.properties.map((each) => each.name)])]
  const save = ({ enforcement, properties }: Draft) => {
    const declared = Object.fromEntries(
      names
        .map((name) => [name, properties?.[name] ?? {}] as const)
        .filter(([, wanted]) => wanted.type || wanted.required)
        .map(([name, wanted]) => [name, { type: wanted.type ?? null, required: wanted.required ?? false }]),
    )
    declare.mutate({ declared, enforcement }, { onSuccess: onClose, onError: refused })
  }
  const known: Draft["properties"] = Object.fromEntries(
    Object.entries(event.declared ?? {}).map(([name, wanted]) => [name, { type: wanted.type ?? undefined, required: wanted.required }]),
  )
  return (
    <Modal
      open
      width={560}
      title={t("catalogue.declareTitle", { event: event.label })}
      onCancel={onClose}
      onOk={form.submit}
      okText={t("action.save")}
      confirmLoading={declare.isPending}
    >
      <Form form={form} layout="vertical" initialValues={{ enforcement: event.declared ? event.enforcement : "flag", properties: known }} onFinish={save}>
        <Form.Item name="enforcement" label={t("catalogue.enforcement")}>
          <Radio.Group options={["off", "flag", "refuse"].map((each) => ({ value: each, label: t.of("enforcement", each) }))} />
        </Form.Item>
        {names.map((name) => (
          <div key={name} className="row" style={{ marginBottom: 8 }}>
            <code className="grow clip">{readable(name)}</code>
            <Form.Item name={["properties", name, "type"]} noStyle>
              <Select
                allowClear
                aria-label={`${name} ${t("catalogue.type")}`}
                placeholder={t("catalogue.anyType")}
                style={{ width: 120 }}
                options={types.map((type) => ({ value: type, label: t.of("propertyType", type) }))}
              />
            </Form.Item>
            <Form.Item name={["properties", name, "required"]} valuePropName="checked" noStyle>
              <Switch size="small" checkedChildren={t("catalogue.required")} unCheckedChildren={t("catalogue.optional")} />
            </Form.Item>
          </div>
        ))}
      </Form>
    </Modal>
  )
}

function Ours() {
  const t = useT()
  const { data, error, refetch } = useCatalogue()
  if (error) return <LoadFailed error={error} what={t("catalogue.ours")} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active />
  return (
    <div className="server-table">
      <Table<EventKind>
        size="small"
        rowKey="name"
        aria-label={t("catalogue.ours")}
        pagination={false}
        scroll={{ x: 760 }}
        dataSource={data.items}
        columns={[
          { title: t("failed.event"), dataIndex: "label", width: 160, render: (label: string) => <strong>{label}</strong> },
          { title: t("catalogue.name"), dataIndex: "name", width: 200, render: (name: string) => <code className="small">{name}</code> },
          {
            title: t("catalogue.property"),
            dataIndex: "fields",
            render: (fields: EventKind["fields"]) => <code className="small">{fields.map((field) => field.name).join(", ")}</code>,
          },
        ]}
      />
    </div>
  )
}
