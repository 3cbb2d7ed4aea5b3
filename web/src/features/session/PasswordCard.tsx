import { App, Button, Card, Form, Input } from "antd"

import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useViewer } from "../../lib/viewer"
import { useChangePassword } from "./api"

interface Fields {
  current: string
  new: string
  again: string
}

export function PasswordCard() {
  const t = useT()
  const { me } = useViewer()
  const { message } = App.useApp()
  const [form] = Form.useForm<Fields>()
  const change = useChangePassword()
  const refused = useFormRefusal(form)
  const required = { required: true, message: t("form.required") }

  const submit = (fields: Fields) =>
    change.mutate(
      { current: fields.current, new: fields.new },
      {
        onSuccess: () => {
          form.resetFields()
          void message.success(t("security.passwordChanged"))
        },
        onError: refused,
      },
    )

  return (
    <Card title={t("security.password")}>
      <Form<Fields> form={form} layout="vertical" onFinish={submit} requiredMark={false} style={{ maxWidth: 360 }}>
        <input type="text" autoComplete="username" value={me.account.username} readOnly hidden />
        <Form.Item name="current" label={t("security.currentPassword")} rules={[required]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="new"
          label={t("security.newPassword")}
          extra={t("security.passwordRule")}
          rules={[required, { min: 10, message: t("security.passwordRule") }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t("security.again")}
          dependencies={["new"]}
          rules={[
            required,
            ({ getFieldValue }) => ({
              validator: (_, value: string) =>
                !value || value === getFieldValue("new") ? Promise.resolve() : Promise.reject(new Error(t("security.differs"))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t("security.changePassword")}
        </Button>
      </Form>
    </Card>
  )
}
