import { Alert, App, Button, Skeleton } from "antd"
import { useState } from "react"
import { Link, useNavigate, useParams } from "react-router"

import type { CorpOut } from "../../api/schema"
import { Facts } from "../../components/Facts"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { Panel } from "../../components/Panel"
import { StateTag } from "../../components/StateTag"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useCorp, useDisconnectCorp } from "./api"
import { CallbackPanel } from "./CallbackPanel"
import { CheckPanel } from "./CheckPanel"
import { CorpDialog } from "./CorpDialog"
import { stateOf } from "./CorpListPage"
import { WelcomePanel } from "./WelcomePanel"
import "./corps.css"

export function CorpPage() {
  const t = useT()
  const id = Number(useParams().id)
  const { data: corp, error, refetch } = useCorp(id)
  const [editing, setEditing] = useState(false)
  const back = { to: "/corps", label: t("nav.corps") }
  if (error || !corp) {
    return (
      <>
        <PageHeader title={t("nav.corps")} back={back} />
        {error ? <LoadFailed error={error} onRetry={() => void refetch()} /> : <Skeleton active paragraph={{ rows: 8 }} />}
      </>
    )
  }
  return (
    <>
      <PageHeader
        back={back}
        documentTitle={readable(corp.name)}
        title={<bdi>{readable(corp.name)}</bdi>}
        actions={
          <>
            {corp.is_connected && <Disconnect corp={corp} />}
            <Button onClick={() => setEditing(true)}>{t("action.edit")}</Button>
          </>
        }
      />
      {corp.fault && (
        <Alert
          type="error"
          showIcon
          style={{ marginBottom: 12 }}
          title={corp.fault.message}
          description={[corp.fault.advice, corp.fault.page].filter(Boolean).join(" ")}
        />
      )}
      <div className="corp-page">
        <div className="stack">
          <CheckPanel corp={corp} />
          <CallbackPanel corp={corp} />
        </div>
        <div className="stack">
          <Summary corp={corp} />
          <WelcomePanel corpId={corp.id} />
        </div>
      </div>
      {editing && <CorpDialog corp={corp} onClose={() => setEditing(false)} />}
    </>
  )
}

function Summary({ corp }: { corp: CorpOut }) {
  const t = useT()
  const state = stateOf(corp)
  return (
    <Panel title={t("corp.summary")} extra={<Link to={`/sync?corp=${corp.id}`}>{t("nav.sync")}</Link>}>
      <Facts
        items={[
          [t("accounts.state"), <StateTag key="state" tone={state.tone}>{t.of("corpState", state.word)}</StateTag>],
          [t("corp.corpId"), <code key="id">{corp.wecom_corpid}</code>],
          [t("corp.agentId"), corp.agent_id],
          [t("corp.baseUrl"), corp.base_url],
          [t("corp.connectedAt"), <TimeText key="at" at={corp.connected_at} absolute />],
          [t("corp.members"), corp.member_count],
          [t("corp.serving"), corp.serving_count],
          [t("corp.relations"), corp.relation_count],
        ]}
      />
    </Panel>
  )
}

function Disconnect({ corp }: { corp: CorpOut }) {
  const t = useT()
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const disconnect = useDisconnectCorp(corp.id)
  const refused = useFormRefusal()
  const confirm = () =>
    modal.confirm({
      title: t("corp.disconnectTitle", { name: readable(corp.name) }),
      content: t("corp.disconnectHelp"),
      okText: t("corp.disconnect"),
      okButtonProps: { danger: true },
      onOk: () =>
        disconnect
          .mutateAsync(undefined)
          .then(() => navigate("/corps"))
          .catch(refused),
    })
  return (
    <Button danger onClick={confirm}>
      {t("corp.disconnect")}
    </Button>
  )
}
