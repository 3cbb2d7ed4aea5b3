import {
  CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled, LoadingOutlined, MinusCircleOutlined,
} from "@ant-design/icons"
import { Button } from "antd"
import { useEffect, useRef } from "react"
import { useSearchParams } from "react-router"

import type { CheckOut, CorpOut, Outcome } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { LoadFailed } from "../../components/LoadFailed"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { useCheckCorp } from "./api"

const icons: Record<Outcome, React.ReactNode> = {
  ok: <CheckCircleFilled style={{ color: "var(--good)" }} />,
  warning: <ExclamationCircleFilled style={{ color: "var(--warn)" }} />,
  failed: <CloseCircleFilled style={{ color: "var(--danger)" }} />,
  skipped: <MinusCircleOutlined className="muted" />,
}

/** Tries everything a connection needs and says, for each failure, what is wrong and which page mends it. */
export function CheckPanel({ corp }: { corp: CorpOut }) {
  const t = useT()
  const [search] = useSearchParams()
  const check = useCheckCorp(corp.id)
  const { mutate } = check
  const started = useRef(false)
  const atOnce = search.has("check")

  useEffect(() => {
    if (!atOnce || started.current) return
    started.current = true
    mutate()
  }, [atOnce, mutate])

  return (
    <Panel
      flush
      title={t("check.title")}
      extra={
        <Button type="primary" loading={check.isPending} onClick={() => mutate()}>
          {t(check.data ? "check.again" : "check.run")}
        </Button>
      }
    >
      {check.isError && <LoadFailed error={check.error} what={t("check.title")} onRetry={() => mutate()} />}
      {check.isPending && (
        <EmptyState
          compact
          title={t("check.running")}
          action={<LoadingOutlined style={{ fontSize: 20, color: "var(--accent)" }} />}
        />
      )}
      {check.isIdle && <EmptyState compact title={t("check.help")} />}
      {check.data && (
        <ul className="check-list" aria-live="polite">
          {check.data.items.map((item) => (
            <Check key={item.name} item={item} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Check({ item }: { item: CheckOut }) {
  const t = useT()
  return (
    <li>
      <span role="img" aria-label={t.of("outcome", item.outcome)}>
        {icons[item.outcome]}
      </span>
      <div>
        <strong>{item.label}</strong>
        <div className="small">{item.message}</div>
        {item.advice && (
          <div className="check-advice small">
            {item.advice}
            {item.page && (
              <div>
                {t("check.where")} <strong>{item.page}</strong>
              </div>
            )}
          </div>
        )}
        {item.errcode !== null && <code className="small muted">errcode {item.errcode}</code>}
      </div>
    </li>
  )
}
