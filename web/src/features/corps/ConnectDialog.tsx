import { Alert, Form, Input, InputNumber, Modal } from "antd"
import { useNavigate } from "react-router"

import type { CorpIn } from "../../api/schema"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useConnectCorp } from "./api"

/** Three values from WeCom's console; where each is found stands beside it. */
export function ConnectDialog({ onClose }: { onClose: () => void }) {
  const t = useT()
  const navigate = useNavigate()
  const [form] = Form.useForm<CorpIn>()
  const connect = useConnectCorp()
  const refused = useFormRefusal(form)
  const rules = [{ required: true, message: t("form.required") }]
  const submit = (fields: CorpIn) =>
    connect.mutate(
      { ...fields, base_url: fields.base_url || undefined },
      { onSuccess: ({ id }) => void navigate(`/corps/${id}?check=1`), onError: refused },
    )
  return (
    <Modal
      open
      title={t("corp.connect")}
      onCancel={onClose}
      onOk={form.submit}
      okText={t("corp.connectAndCheck")}
      confirmLoading={connect.isPending}
    >
      <Form form={form} layout="vertical" onFinish={submit} requiredMark={false}>
        <Alert type="info" showIcon title={t("corp.connectHelp")} style={{ marginBottom: 16 }} />
        <Form.Item name="name" label={t("corp.name")} rules={rules}>
          <Input maxLength={200} autoFocus />
        </Form.Item>
        <Form.Item name="corp_id" label={t("corp.corpId")} extra={t("corp.corpIdHelp")} rules={rules}>
          <Input maxLength={64} placeholder="ww…" autoComplete="off" />
        </Form.Item>
        <Form.Item name="agent_id" label={t("corp.agentId")} extra={t("corp.agentIdHelp")} rules={rules}>
          <InputNumber min={1} style={{ width: "100%" }} placeholder="1000002" />
        </Form.Item>
        <Form.Item name="secret" label={t("corp.secret")} extra={t("corp.secretHelp")} rules={rules}>
          <Input.Password autoComplete="off" />
        </Form.Item>
        <Form.Item name="base_url" label={t("corp.baseUrl")} extra={t("corp.baseUrlHelp")}>
          <Input placeholder="https://qyapi.weixin.qq.com" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
