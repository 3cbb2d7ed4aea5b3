import { Alert, App, Form, Input, Modal, Select, Table } from "antd"
import { useState } from "react"

import { useCorps } from "../../api/directory"
import type { BatchOut, BatchRowOut } from "../../api/schema"
import { Name } from "../../components/Name"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useCreateBatch } from "./api"
import { FolderSelect } from "./FolderSelect"
import { rotations } from "./draft"

interface Fields {
  name: string
  corp_id: number
  folder_id: number | null
  rotation: (typeof rotations)[number]
  text: string
}

/** Many codes alike, a line each. The lines are read and shown first; only then are codes made. */
export function BatchDialog({ onClose }: { onClose: () => void }) {
  const t = useT()
  const { message } = App.useApp()
  const { data: corps } = useCorps()
  const [form] = Form.useForm<Fields>()
  const [tried, setTried] = useState<BatchOut>()
  const create = useCreateBatch()
  const refused = useFormRefusal(form)
  const rules = [{ required: true, message: t("form.required") }]
  const isSound = tried !== undefined && tried.rows.every(({ problem }) => !problem)

  const submit = ({ name, text, ...shape }: Fields) =>
    create.mutate(
      { name, text, shape, dry_run: !isSound },
      {
        onSuccess: (batch) => {
          if (!isSound) return setTried(batch)
          void message.success(t("batch.started", { count: batch.total }))
          onClose()
        },
        onError: refused,
      },
    )
  if (!corps) return null
  return (
    <Modal
      open
      width={640}
      title={t("batch.title")}
      onCancel={onClose}
      onOk={form.submit}
      okText={isSound ? t("batch.create", { count: tried.total }) : t("batch.try")}
      confirmLoading={create.isPending}
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ corp_id: corps.items[0]?.id, folder_id: null, rotation: "turn" }}
        onValuesChange={() => setTried(undefined)}
        onFinish={submit}
      >
        <Form.Item name="name" label={t("batch.name")} rules={rules}>
          <Input maxLength={100} autoFocus />
        </Form.Item>
        <div className="row" style={{ gap: 16, alignItems: "flex-start" }}>
          <Form.Item name="corp_id" label={t("code.corp")} rules={rules} className="grow">
            <Select options={corps.items.map(({ id, name }) => ({ value: id, label: readable(name) }))} />
          </Form.Item>
          <Form.Item name="folder_id" label={t("code.folder")} className="grow">
            <FolderField />
          </Form.Item>
          <Form.Item name="rotation" label={t("code.rotation")} className="grow">
            <Select options={rotations.map((value) => ({ value, label: t.of("rotation", value) }))} />
          </Form.Item>
        </div>
        <Form.Item name="text" label={t("batch.lines")} extra={t("batch.linesHelp")} rules={rules}>
          <Input.TextArea autoSize={{ minRows: 5, maxRows: 12 }} placeholder={t("batch.example")} />
        </Form.Item>
      </Form>
      {tried && <Tried batch={tried} />}
    </Modal>
  )
}

function Tried({ batch }: { batch: BatchOut }) {
  const t = useT()
  const wrong = batch.rows.filter(({ problem }) => problem).length
  return (
    <div className="stack">
      <Alert
        type={wrong > 0 ? "warning" : "success"}
        showIcon
        title={wrong > 0 ? t("batch.wrong", { count: wrong }) : t("batch.sound", { count: batch.total })}
      />
      <Table<BatchRowOut>
        size="small"
        rowKey="row"
        pagination={{ pageSize: 8, size: "small", hideOnSinglePage: true, showSizeChanger: false }}
        dataSource={batch.rows}
        columns={[
          { title: "#", dataIndex: "row", width: 50, className: "numeric" },
          { title: t("code.name"), dataIndex: "name", render: (name: string) => <Name text={name} width={200} /> },
          { title: t("code.people"), dataIndex: "assignees", width: 90, align: "right", className: "numeric" },
          {
            title: t("batch.problem"),
            dataIndex: "problem",
            render: (problem: string | null) => <span className="message-error">{problem}</span>,
          },
        ]}
      />
    </div>
  )
}

function FolderField({ value = null, onChange }: { value?: number | null; onChange?: (id: number | null) => void }) {
  return <FolderSelect value={value} onChange={(id) => onChange?.(id)} />
}
