import { EditOutlined } from "@ant-design/icons"
import { Alert, App, Button } from "antd"
import { Link, useNavigate, useParams } from "react-router"

import type { CodeOut, SyncFault } from "../../api/schema"
import { Facts } from "../../components/Facts"
import { HoursText } from "../../components/HoursText"
import { PhonePreview } from "../../components/message/PhonePreview"
import { welcomeDraft } from "../../components/message/welcome"
import { PageHeader } from "../../components/PageHeader"
import { PageWaiting } from "../../components/PageWaiting"
import { Panel } from "../../components/Panel"
import { QrCard } from "../../components/QrCard"
import { TagChips } from "../../components/TagChips"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useApplyCode, useArchiveCode, useLiveCode, useRestoreCode } from "./api"
import { CodeState } from "./CodeState"
import { Roster } from "./Roster"
import { StatisticsPanel } from "./StatisticsPanel"
import "./LiveCodePage.css"

export function LiveCodePage() {
  const t = useT()
  const id = Number(useParams().id)
  const { data: code, error, refetch } = useLiveCode(id)
  const back = { to: "/live-codes", label: t("nav.liveCodes") }
  if (error || !code) return <PageWaiting title={t("code.one")} back={back} error={error} onRetry={() => void refetch()} />
  return (
    <>
      <PageHeader
        back={back}
        documentTitle={readable(code.name)}
        title={
          <span className="row">
            <bdi>{readable(code.name)}</bdi>
            <span style={{ fontSize: 13, fontWeight: 400 }}>
              <CodeState code={code} />
            </span>
          </span>
        }
        actions={<Actions code={code} />}
      />
      {code.sync_error && !code.archived_at && <Fault code={code} fault={code.sync_error} />}
      <div className="live-code-page">
        <div className="stack">
          <StatisticsPanel codeId={code.id} />
          <Settings code={code} />
        </div>
        <div className="stack">
          <Panel title={t("qr.title")}>
            <QrCard codeId={code.id} name={readable(code.name)} link={code.landing_url} />
          </Panel>
          <Welcomes code={code} />
        </div>
      </div>
    </>
  )
}

/** Why WeCom has not taken the code as it stands, and a way to try at once what is tried again later anyway. */
function Fault({ code, fault }: { code: CodeOut; fault: SyncFault }) {
  const t = useT()
  const apply = useApplyCode(code.id)
  const refused = useFormRefusal()
  return (
    <Alert
      type="error"
      showIcon
      style={{ marginBottom: 12 }}
      title={fault.message}
      description={fault.advice}
      action={
        code.may_edit && (
          <Button size="small" loading={apply.isPending} onClick={() => apply.mutate(undefined, { onError: refused })}>
            {t("action.retry")}
          </Button>
        )
      }
    />
  )
}

function Actions({ code }: { code: CodeOut }) {
  const t = useT()
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const archive = useArchiveCode(code.id)
  const refused = useFormRefusal()
  const restore = useRestoreCode(code.id)
  if (!code.may_edit) return null
  if (code.archived_at) {
    return (
      <Button loading={restore.isPending} onClick={() => restore.mutate(undefined, { onError: refused })}>
        {t("code.restore")}
      </Button>
    )
  }
  const confirm = () =>
    modal.confirm({
      title: t("code.archiveTitle"),
      content: t("code.archiveHelp"),
      okText: t("code.archive"),
      okButtonProps: { danger: true },
      onOk: () =>
        archive
          .mutateAsync(undefined)
          .then(() => navigate("/live-codes"))
          .catch(refused),
    })
  return (
    <>
      <Button onClick={confirm}>{t("code.archive")}</Button>
      <Link to={`/live-codes/${code.id}/edit`}>
        <Button type="primary" icon={<EditOutlined />}>
          {t("action.edit")}
        </Button>
      </Link>
    </>
  )
}

function Settings({ code }: { code: CodeOut }) {
  const t = useT()
  return (
    <Panel title={t("code.settings")}>
      <Facts
        items={[
          [t("code.rotation"), t.of("rotation", code.rotation)],
          [t("code.people"), <Roster key="roster" code={code} />],
          [
            t("code.shifts"),
            code.shifts.length
              ? code.shifts.map(({ hours, members }, index) => (
                  <div key={index}>
                    <HoursText hours={hours} />{" "}
                    <span className="muted">
                      {members.map(({ name }) => readable(name)).join("、") || t("code.everybody")}
                    </span>
                  </div>
                ))
              : t("code.always"),
          ],
          [
            t("code.accept"),
            <span key="accept" className="row">
              {t.of("accept", code.accept)}
              {code.accept === "hours" && code.accept_hours.map((hours, index) => <HoursText key={index} hours={hours} />)}
            </span>,
          ],
          [t("code.oneMember"), t(code.one_member_only ? "common.yes" : "common.no")],
          [t("customer.tags"), code.tags.length ? <TagChips key="tags" tags={code.tags} limit={20} /> : null],
          [t("code.remark"), code.remark_template || null],
          [t("code.description"), readable(code.description) || null],
          [t("code.touchpoint"), readable(code.touchpoint) || null],
          [t("code.expires"), code.expires_at ? <TimeText key="expires" at={code.expires_at} absolute /> : t("code.never")],
        ]}
      />
    </Panel>
  )
}

function Welcomes({ code }: { code: CodeOut }) {
  const t = useT()
  const slots = code.welcome ? welcomeDraft(code.welcome).slots : []
  return (
    <Panel title={t("nav.welcomes")}>
      {slots.length === 0 && <p className="muted">{t("code.defaultWelcome")}</p>}
      <div className="stack">
        {slots.map((slot, index) => (
          <div key={index} className="stack" style={{ gap: 6 }}>
            <strong className="small">{slot.hours ? <HoursText hours={slot.hours} /> : t("slot.otherTimes")}</strong>
            <PhonePreview parts={slot.parts} />
          </div>
        ))}
      </div>
    </Panel>
  )
}
