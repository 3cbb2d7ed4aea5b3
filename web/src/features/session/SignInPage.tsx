import { LockOutlined, NumberOutlined, UserOutlined } from "@ant-design/icons"
import { useQueryClient } from "@tanstack/react-query"
import { Alert, Button, Form, Input } from "antd"
import { useEffect, useState } from "react"
import { useLocation, useNavigate, useSearchParams } from "react-router"

import { Logo } from "../../app/Logo"
import { AppearanceSwitch, LanguageSwitch } from "../../app/Switches"
import { ApiError, asApiError } from "../../api/errors"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useSignIn } from "./api"
import { CorpSignIn } from "./CorpSignIn"
import "./SignInPage.css"

interface Fields {
  username: string
  password: string
  totp?: string
}

/** Counts down the seconds of a throttling refusal; zero when one may try again. */
function useWaiting(error: ApiError | null): number {
  const [until, setUntil] = useState(0)
  const [now, setNow] = useState(0)
  const seconds = error?.retryAfterSeconds

  useEffect(() => {
    if (!seconds) return
    const end = Date.now() + seconds * 1000
    const tick = () => {
      setUntil(end)
      setNow(Date.now())
    }
    tick()
    const timer = setInterval(tick, 500)
    return () => clearInterval(timer)
  }, [seconds, error])

  return error && seconds ? Math.max(0, Math.ceil((until - now) / 1000)) : 0
}

function Refused({ error, waiting }: { error: ApiError; waiting: number }) {
  const t = useT()
  if (error.code === "totp_required") return null
  const title = error.code === "unreachable" ? t("error.unreachable") : error.message
  const description = waiting > 0 ? t("signIn.wait", { seconds: waiting }) : error.advice
  return <Alert type="error" showIcon role="alert" title={title} description={description} />
}

export function SignInPage() {
  const t = useT()
  const navigate = useNavigate()
  const from = (useLocation().state as { from?: string } | null)?.from ?? "/"
  const [search] = useSearchParams()
  const declined = readable(search.get("message")) // a WeCom sign-in that did not end well leads back here
  const client = useQueryClient()
  const signIn = useSignIn()
  const error = asApiError(signIn.error)
  const [needsCode, setNeedsCode] = useState(false)
  const waiting = useWaiting(error)

  const submit = (fields: Fields) =>
    signIn.mutate(fields, {
      onSuccess: () => {
        client.clear()
        void navigate(from, { replace: true })
      },
      onError: (refused) => {
        if (asApiError(refused)?.code === "totp_required") setNeedsCode(true)
      },
    })

  return (
    <div className="sign-in">
      <section className="sign-in-pond" aria-hidden="true">
        <Logo size={52} />
        <h2>{t("signIn.motto")}</h2>
        <p>{t("signIn.pitch")}</p>
        <svg viewBox="0 0 600 220" preserveAspectRatio="none">
          <path d="M0 80c80-34 160-34 240 0s160 34 240 0 90-30 120-22v162H0z" fill="#1fb5a6" opacity=".16" />
          <path d="M0 120c80-28 160-28 240 0s160 28 240 0 90-26 120-18v118H0z" fill="#1fb5a6" opacity=".18" />
          <path d="M0 164c80-22 160-22 240 0s160 22 240 0 90-20 120-14v70H0z" fill="#0b3f63" opacity=".5" />
        </svg>
      </section>
      <main className="sign-in-door">
        <div className="sign-in-switches">
          <LanguageSwitch />
          <AppearanceSwitch />
        </div>
        <div className="sign-in-form">
          <div className="sign-in-brand">
            <Logo size={36} />
            <h1>{t("signIn.title")}</h1>
          </div>
          {declined && !error && <Alert type="error" showIcon role="alert" title={declined} />}
          {error && <Refused error={error} waiting={waiting} />}
          <Form<Fields> layout="vertical" size="large" requiredMark={false} onFinish={submit} disabled={signIn.isPending}>
            <Form.Item name="username" label={t("signIn.username")} rules={[{ required: true, message: t("form.required") }]}>
              <Input prefix={<UserOutlined />} autoComplete="username" autoFocus maxLength={150} />
            </Form.Item>
            <Form.Item name="password" label={t("signIn.password")} rules={[{ required: true, message: t("form.required") }]}>
              <Input.Password prefix={<LockOutlined />} autoComplete="current-password" maxLength={500} />
            </Form.Item>
            {needsCode && (
              <Form.Item
                name="totp"
                label={t("signIn.code")}
                extra={t("signIn.codeHelp")}
                rules={[{ required: true, pattern: /^(\d{6}|[\w-]{8,40})$/, message: t("signIn.codeForm") }]}
                normalize={(value: string) => value.replace(/\s/g, "")}
              >
                <Input prefix={<NumberOutlined />} autoComplete="one-time-code" autoFocus maxLength={40} />
              </Form.Item>
            )}
            <Button type="primary" htmlType="submit" block loading={signIn.isPending} disabled={waiting > 0}>
              {waiting > 0 ? t("signIn.waitButton", { seconds: waiting }) : t("signIn.submit")}
            </Button>
          </Form>
          <CorpSignIn then={from} />
          <p className="muted small">{t("signIn.forgotten")}</p>
        </div>
      </main>
    </div>
  )
}
