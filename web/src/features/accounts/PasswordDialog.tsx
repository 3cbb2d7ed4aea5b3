import { App, Form, Input, Modal } from "antd"

import type { AccountOut } from "../../api/schema"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useResetPassword } from "./api"

export function PasswordDialog({ account, onClose }: { account: AccountOut; onClose: () => void }) {
  const t = useT()
  const { message } = App.useApp()
  const [form] = Form.useForm<{ password: string }>()
  const reset = useResetPassword()
  const refused = useFormRefusal(form)
  const submit = ({ password }: { password: string }) =>
    reset.mutate(
      { id: account.id, password },
      {
        onSuccess: () => {
          void message.success(t("accounts.passwordReset"))
          onClose()
        },
        onError: refused,
      },
    )
  return (
    <Modal
      open
      title={t("accounts.resetPasswordOf", { name: readable(account.name) })}
      onCancel={onClose}
      onOk={form.submit}
      confirmLoading={reset.isPending}
    >
      <Form form={form} layout="vertical" onFinish={submit}>
        <Form.Item
          name="password"
          label={t("security.newPassword")}
          extra={t("accounts.resetPasswordHelp")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <Input.Password autoComplete="new-password" autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  )
}
