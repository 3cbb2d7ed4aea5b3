import { PlusOutlined } from "@ant-design/icons"
import { Button, Skeleton } from "antd"
import { useState } from "react"
import { Link } from "react-router"

import { useCorps } from "../../api/directory"
import type { CorpOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { StateTag, type Tone } from "../../components/StateTag"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { readable } from "../../lib/readable"
import { ConnectDialog } from "./ConnectDialog"
import "./corps.css"

export function CorpListPage() {
  const t = useT()
  const { data, error, refetch } = useCorps()
  const [connecting, setConnecting] = useState(false)
  const connect = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setConnecting(true)}>
      {t("corp.connect")}
    </Button>
  )
  return (
    <>
      <PageHeader title={t("nav.corps")} help={t("corp.help")} actions={connect} />
      {error && <LoadFailed error={error} what={t("nav.corps")} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data?.items.length === 0 && (
        <div className="server-table-empty">
          <EmptyState title={t("corp.none")} help={t("corp.noneHelp")} action={connect} />
        </div>
      )}
      <div className="corp-cards">{data?.items.map((corp) => <CorpCard key={corp.id} corp={corp} />)}</div>
      {connecting && <ConnectDialog onClose={() => setConnecting(false)} />}
    </>
  )
}

export function stateOf(corp: CorpOut): { tone: Tone; word: string } {
  if (!corp.is_connected) return { tone: "quiet", word: "disconnected" }
  if (corp.fault) return { tone: "bad", word: "fault" }
  if (!corp.callback_verified_at) return { tone: "warn", word: "no_callback" }
  return { tone: "good", word: "connected" }
}

function CorpCard({ corp }: { corp: CorpOut }) {
  const t = useT()
  const state = stateOf(corp)
  return (
    <Link to={`/corps/${corp.id}`} className="panel corp-card">
      <div className="row" style={{ justifyContent: "space-between" }}>
        <strong>
          <bdi>{readable(corp.name)}</bdi>
        </strong>
        <StateTag tone={state.tone}>{t.of("corpState", state.word)}</StateTag>
      </div>
      <code className="small muted">{corp.wecom_corpid}</code>
      {corp.fault && <p className="small message-error">{corp.fault.message}</p>}
      <dl>
        <div>
          <dt>{t("corp.members")}</dt>
          <dd className="numeric">{formatCount(corp.member_count)}</dd>
        </div>
        <div>
          <dt>{t("corp.serving")}</dt>
          <dd className="numeric">{formatCount(corp.serving_count)}</dd>
        </div>
        <div>
          <dt>{t("corp.relations")}</dt>
          <dd className="numeric">{formatCount(corp.relation_count)}</dd>
        </div>
      </dl>
    </Link>
  )
}
