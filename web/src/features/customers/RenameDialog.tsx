import { Form, Input, Modal } from "antd"

import type { CustomerProfile } from "../../api/schema"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useEditCustomer } from "./api"

export function RenameDialog({ customer, onClose }: { customer: CustomerProfile; onClose: () => void }) {
  const t = useT()
  const [form] = Form.useForm<{ name: string }>()
  const edit = useEditCustomer(customer.id)
  const refused = useFormRefusal(form)
  return (
    <Modal open title={t("customer.rename")} onCancel={onClose} onOk={form.submit} confirmLoading={edit.isPending}>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ name: customer.name }}
        onFinish={({ name }) => edit.mutate({ name: name.trim() }, { onSuccess: onClose, onError: refused })}
      >
        <Form.Item name="name" label={t("customer.name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
          <Input maxLength={200} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  )
}
