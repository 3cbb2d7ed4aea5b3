import { Alert, App, Form, Input, Modal } from "antd"
import { useNavigate } from "react-router"

import type { CustomerProfile, Receipt } from "../../api/schema"
import { CopyText } from "../../components/CopyText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useErase } from "./api"

interface Fields {
  reason: string
  word: string
}

/** Erasure cannot be undone: it asks for the reason that the receipt will keep, and for a word typed by hand. */
export function EraseDialog({ customer, onClose }: { customer: CustomerProfile; onClose: () => void }) {
  const t = useT()
  const [form] = Form.useForm<Fields>()
  const erase = useErase(customer.id)
  const refused = useFormRefusal(form)
  const word = t("erase.word")
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const told = (receipt: Receipt) => {
    onClose()
    void navigate("/customers", { replace: true })
    modal.success({
      title: t("erase.done"),
      content: (
        <>
          <p>{t("erase.receipt", { number: receipt.id })}</p>
          <CopyText text={receipt.proof} />
        </>
      ),
    })
  }
  return (
    <Modal
      open
      title={t("customer.erase")}
      onCancel={onClose}
      okText={t("customer.erase")}
      okButtonProps={{ danger: true }}
      confirmLoading={erase.isPending}
      onOk={form.submit}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={({ reason }) => erase.mutate(reason, { onSuccess: told, onError: refused })}
      >
        <Alert type="error" showIcon title={t("erase.title")} description={t("erase.help")} style={{ marginBottom: 16 }} />
        <Form.Item name="reason" label={t("erase.reason")} rules={[{ required: true, message: t("form.required") }]}>
          <Input maxLength={200} placeholder={t("erase.reasonExample")} />
        </Form.Item>
        <Form.Item
          name="word"
          label={t("erase.type", { word })}
          rules={[{ required: true, pattern: new RegExp(`^${word}$`, "i"), message: t("erase.type", { word }) }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
