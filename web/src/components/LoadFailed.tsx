import { Alert, Button } from "antd"

import { asApiError } from "../api/errors"
import { useT } from "../i18n"

interface Props {
  error: unknown
  /** What could not be loaded, in the reader's language. */
  what?: string
  onRetry?: () => void
}

/** A failure told as what happened and what to do; the server's own advice comes first. */
export function LoadFailed({ error, what, onRetry }: Props) {
  const t = useT()
  const refusal = asApiError(error)
  const title = what ? t("error.loading", { what }) : t("error.loadingPage")
  const explanation = () => {
    if (!refusal) return t("error.crashHelp")
    if (refusal.code === "unreachable") return t("error.unreachable")
    if (refusal.status === 403) return refusal.advice ?? t("error.forbidden")
    if (refusal.status === 404) return refusal.advice ?? t("error.gone")
    if (refusal.status >= 500) return refusal.advice ?? t("error.server")
    return refusal.advice
  }
  return (
    <Alert
      type={refusal?.status === 403 || refusal?.status === 404 ? "warning" : "error"}
      showIcon
      role="alert"
      title={title}
      description={
        <>
          {refusal?.message && refusal.code !== "unreachable" && <div>{refusal.message}</div>}
          <div>{explanation()}</div>
        </>
      }
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t("action.retry")}
          </Button>
        )
      }
    />
  )
}
