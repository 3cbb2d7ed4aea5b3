import { Form, Input, InputNumber, Modal } from "antd"

import type { CorpChange, CorpOut } from "../../api/schema"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useChangeCorp } from "./api"

/** A change of a connection; secrets left empty stay as they are. */
export function CorpDialog({ corp, onClose }: { corp: CorpOut; onClose: () => void }) {
  const t = useT()
  const [form] = Form.useForm<CorpChange>()
  const change = useChangeCorp(corp.id)
  const refused = useFormRefusal(form)
  const submit = (fields: CorpChange) => {
    const given = Object.entries(fields).filter(([, value]) => value !== "" && value != null)
    change.mutate(Object.fromEntries(given) as CorpChange, { onSuccess: onClose, onError: refused })
  }
  const secret = (name: keyof CorpChange, label: string) => (
    <Form.Item name={name} label={label}>
      <Input.Password autoComplete="off" placeholder={t("corp.unchanged")} />
    </Form.Item>
  )
  return (
    <Modal
      open
      title={t("corp.edit")}
      onCancel={onClose}
      onOk={form.submit}
      okText={t("action.save")}
      confirmLoading={change.isPending}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={submit}
        initialValues={{ name: corp.name, agent_id: corp.agent_id, base_url: corp.base_url }}
      >
        <Form.Item name="name" label={t("corp.name")}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="agent_id" label={t("corp.agentId")}>
          <InputNumber min={1} style={{ width: "100%" }} />
        </Form.Item>
        {secret("secret", t("corp.secret"))}
        <Form.Item name="base_url" label={t("corp.baseUrl")}>
          <Input />
        </Form.Item>
        {secret("callback_token", "Token")}
        {secret("callback_aes_key", "EncodingAESKey")}
      </Form>
    </Modal>
  )
}
