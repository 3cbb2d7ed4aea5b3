import { Button, Result } from "antd"
import { isRouteErrorResponse, useRouteError } from "react-router"

import { LoadFailed } from "../components/LoadFailed"
import { ApiError } from "../api/errors"
import { useT } from "../i18n"

/** A chunk of the console that is gone: the product was upgraded under an open tab. */
function isStaleBuild(error: unknown): boolean {
  return error instanceof TypeError && /dynamically imported module|module script/i.test(error.message)
}

export function ErrorPage() {
  const error = useRouteError()
  const t = useT()
  if (error instanceof ApiError) {
    return (
      <>
        <h1 className="visually-hidden">{t("error.crashTitle")}</h1>
        <LoadFailed error={error} onRetry={() => window.location.reload()} />
      </>
    )
  }
  const stale = isStaleBuild(error)
  return (
    <Result
      status={stale ? "info" : "error"}
      title={<h1 style={{ font: "inherit" }}>{t(stale ? "error.staleTitle" : "error.crashTitle")}</h1>}
      subTitle={
        stale ? t("error.staleHelp") : (
          <>
            {t("error.crashHelp")}
            <pre className="muted small" style={{ whiteSpace: "pre-wrap" }}>
              {isRouteErrorResponse(error) ? error.statusText : error instanceof Error ? error.message : null}
            </pre>
          </>
        )
      }
      extra={
        <Button type="primary" onClick={() => window.location.reload()}>
          {t("action.reload")}
        </Button>
      }
    />
  )
}
