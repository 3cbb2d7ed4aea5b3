import { App, Form, Input, Modal } from "antd"

import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useIssueCards } from "./api"
import { CodeSelect } from "./CodeSelect"

interface Fields {
  code_id: number
  order_source: string
  order_numbers: string
}

/** Order numbers out of pasted text: one a line, or by comma or tab. */
export function numbersIn(text: string): string[] {
  return [...new Set(text.split(/[\s,，;；]+/).filter(Boolean))]
}

export function IssueDialog({ onClose }: { onClose: () => void }) {
  const t = useT()
  const { message } = App.useApp()
  const [form] = Form.useForm<Fields>()
  const issue = useIssueCards()
  const refused = useFormRefusal(form)
  const rules = [{ required: true, message: t("form.required") }]
  const submit = (fields: Fields) =>
    issue.mutate(
      { ...fields, order_numbers: numbersIn(fields.order_numbers) },
      {
        onSuccess: ({ issued }) => {
          void message.success(t("card.issued", { count: issued }))
          onClose()
        },
        onError: refused,
      },
    )
  return (
    <Modal open title={t("card.issue")} onCancel={onClose} onOk={form.submit} confirmLoading={issue.isPending} okText={t("card.issue")}>
      <Form form={form} layout="vertical" onFinish={submit} requiredMark={false} initialValues={{ order_source: "" }}>
        <Form.Item name="code_id" label={t("code.one")} extra={t("card.codeHelp")} rules={rules}>
          <CodeSelect />
        </Form.Item>
        <Form.Item name="order_source" label={t("order.source")} extra={t("card.sourceHelp")}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="order_numbers" label={t("card.numbers")} extra={t("card.numbersHelp")} rules={rules}>
          <Input.TextArea autoSize={{ minRows: 5, maxRows: 12 }} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
