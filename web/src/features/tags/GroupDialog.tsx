import { Form, Input, Modal, Radio, Select } from "antd"

import { useCorps } from "../../api/directory"
import type { GroupIn } from "../../api/schema"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useCreateGroup } from "./api"

interface Fields {
  name: string
  kind: "own" | "corp"
  corp_id?: number
  tags: string[]
}

export function GroupDialog({ onClose }: { onClose: () => void }) {
  const t = useT()
  const { may } = useViewer()
  const [form] = Form.useForm<Fields>()
  const kind = Form.useWatch("kind", form)
  const create = useCreateGroup()
  const refused = useFormRefusal(form)
  const submit = (fields: Fields) =>
    create.mutate({ ...fields, corp_id: fields.kind === "corp" ? fields.corp_id : null } satisfies GroupIn, {
      onSuccess: onClose,
      onError: refused,
    })
  return (
    <Modal open title={t("tags.newGroup")} onCancel={onClose} onOk={form.submit} confirmLoading={create.isPending}>
      <Form form={form} layout="vertical" initialValues={{ kind: "own", tags: [] }} onFinish={submit} requiredMark={false}>
        <Form.Item name="name" label={t("tags.groupName")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
          <Input maxLength={15} autoFocus />
        </Form.Item>
        {may("corps.connect") && (
          <Form.Item name="kind" label={t("tags.kind")} extra={t.of("tagKindHelp", kind ?? "own")}>
            <Radio.Group
              options={(["own", "corp"] as const).map((value) => ({ value, label: t.of("tagKind", value) }))}
            />
          </Form.Item>
        )}
        {kind === "corp" && <CorpField />}
        <Form.Item
          name="tags"
          label={t("tags.first")}
          rules={[{ required: kind === "corp", message: t("form.required") }]}
        >
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", "，", " "]} placeholder={t("tags.firstHelp")} />
        </Form.Item>
      </Form>
    </Modal>
  )
}

function CorpField() {
  const t = useT()
  const { data } = useCorps()
  return (
    <Form.Item name="corp_id" label={t("code.corp")} rules={[{ required: true, message: t("form.required") }]}>
      <Select options={(data?.items ?? []).map(({ id, name }) => ({ value: id, label: readable(name) }))} />
    </Form.Item>
  )
}
