import { useQueryClient } from "@tanstack/react-query"
import { Alert, App, Button, Card, Form, Input, Tag } from "antd"
import { useState } from "react"

import { CopyText } from "../../components/CopyText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useViewer } from "../../lib/viewer"
import { useConfirmTotp, useStartTotp, useTurnOffTotp } from "./api"

function Setup({ secret, qr, onDone }: { secret: string; qr: string; onDone: (recoveryCodes: string[]) => void }) {
  const t = useT()
  const { message } = App.useApp()
  const [form] = Form.useForm<{ code: string }>()
  const confirm = useConfirmTotp()
  const refused = useFormRefusal(form)

  const submit = ({ code }: { code: string }) =>
    confirm.mutate(code, {
      onSuccess: ({ recovery_codes }) => {
        void message.success(t("security.totpIsOn"))
        onDone(recovery_codes)
      },
      onError: refused,
    })

  return (
    <div className="row" style={{ gap: 24, alignItems: "flex-start" }}>
      <img src={qr} alt={t("security.totpQr")} width={176} height={176} style={{ background: "#fff", borderRadius: 12 }} />
      <Form form={form} layout="vertical" onFinish={submit} requiredMark={false} className="grow">
        <p>{t("security.totpScan")}</p>
        <p className="small">
          {t("security.totpSecret")} <CopyText text={secret} />
        </p>
        <Form.Item
          name="code"
          label={t("signIn.code")}
          rules={[{ required: true, pattern: /^\d{6}$/, message: t("signIn.codeForm") }]}
          style={{ maxWidth: 220, marginTop: 12 }}
        >
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={confirm.isPending}>
          {t("security.totpConfirm")}
        </Button>
      </Form>
    </div>
  )
}

function RecoveryCodes({ codes, onRead }: { codes: string[]; onRead: () => void }) {
  const t = useT()
  return (
    <Alert
      type="warning"
      showIcon
      title={t("security.recoveryTitle")}
      description={
        <>
          <p>{t("security.recoveryHelp")}</p>
          <pre style={{ columns: 2, fontSize: 14, margin: "8px 0" }}>{codes.join("\n")}</pre>
          <div className="row">
            <CopyText text={codes.join("\n")} shown={t("security.recoveryCopy")} />
            <Button type="primary" size="small" onClick={onRead}>
              {t("security.recoveryKept")}
            </Button>
          </div>
        </>
      }
    />
  )
}

function TurnOff() {
  const t = useT()
  const [form] = Form.useForm<{ password: string }>()
  const turnOff = useTurnOffTotp()
  const refused = useFormRefusal(form)
  return (
    <Form form={form} layout="inline" onFinish={({ password }) => turnOff.mutate(password, { onError: refused })}>
      <Form.Item name="password" label={t("signIn.password")} rules={[{ required: true, message: t("form.required") }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Button danger htmlType="submit" loading={turnOff.isPending}>
        {t("security.totpOff")}
      </Button>
    </Form>
  )
}

export function TotpCard() {
  const t = useT()
  const { me } = useViewer()
  const start = useStartTotp()
  const refused = useFormRefusal()
  const [open, setOpen] = useState(false)
  const [codes, setCodes] = useState<string[]>()
  const client = useQueryClient()
  const isOn = me.account.totp_enabled

  const content = () => {
    if (codes) {
      const read = () => {
        setCodes(undefined)
        void client.invalidateQueries({ queryKey: ["me"] })
      }
      return <RecoveryCodes codes={codes} onRead={read} />
    }
    if (isOn) return <TurnOff />
    if (open && start.data) return <Setup secret={start.data.secret} qr={start.data.qr_svg} onDone={setCodes} />
    return (
      <Button
        loading={start.isPending}
        onClick={() => start.mutate(undefined, { onSuccess: () => setOpen(true), onError: refused })}
      >
        {t("security.totpStart")}
      </Button>
    )
  }
  return (
    <Card
      title={t("security.totp")}
      extra={<Tag color={isOn ? "success" : "default"}>{t(isOn ? "security.on" : "security.off")}</Tag>}
    >
      <p className="muted" style={{ marginBottom: 12 }}>
        {t("security.totpHelp")}
      </p>
      {content()}
    </Card>
  )
}
