import { CameraOutlined, DownloadOutlined, EditOutlined } from "@ant-design/icons"
import { Alert, App, Button, Skeleton, Tabs } from "antd"
import { useState } from "react"
import { Link, useNavigate, useParams, useSearchParams } from "react-router"

import type { SegmentOut } from "../../api/schema"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useArchiveSegment, useEditSegment, useSegment } from "./api"
import { ChangesTab } from "./ChangesTab"
import { FreezeDialog } from "./FreezeDialog"
import { MembersTab } from "./MembersTab"
import { SegmentStateTag } from "./SegmentStateTag"
import { SegmentSummary } from "./SegmentSummary"
import { TagPanel } from "./TagPanel"
import { VersionsTab } from "./VersionsTab"
import { WhyTab } from "./WhyTab"
import "./segments.css"

export function SegmentPage() {
  const t = useT()
  const id = Number(useParams().id)
  const { data: segment, error, refetch } = useSegment(id)
  const back = { to: "/segments", label: t("nav.segments") }
  if (error || !segment) {
    return (
      <>
        <PageHeader title={t("seg.one")} back={back} />
        {error ? (
          <LoadFailed error={error} what={t("seg.one")} onRetry={() => void refetch()} />
        ) : (
          <Skeleton active paragraph={{ rows: 8 }} />
        )}
      </>
    )
  }
  return (
    <>
      <PageHeader
        back={back}
        documentTitle={readable(segment.name)}
        title={
          <span className="row">
            <bdi>{readable(segment.name)}</bdi>
            <span style={{ fontSize: 13, fontWeight: 400 }}>
              <SegmentStateTag segment={segment} />
            </span>
          </span>
        }
        help={readable(segment.description) || undefined}
        actions={<Actions segment={segment} />}
      />
      {segment.state === "draft" && <Asleep segment={segment} />}
      <div className="stack">
        <SegmentSummary segment={segment} />
        <TagPanel segment={segment} />
        <Details segment={segment} />
      </div>
    </>
  )
}

function Asleep({ segment }: { segment: SegmentOut }) {
  const t = useT()
  const { may } = useViewer()
  const edit = useEditSegment(segment.id)
  const refused = useFormRefusal()
  return (
    <Alert
      type="info"
      showIcon
      style={{ marginBottom: 12 }}
      title={t("seg.isDraft")}
      action={
        may("segments.edit") && (
          <Button
            size="small"
            type="primary"
            loading={edit.isPending}
            onClick={() => edit.mutate({ version: segment.version, live: true }, { onError: refused })}
          >
            {t("seg.putToWork")}
          </Button>
        )
      }
    />
  )
}

function Actions({ segment }: { segment: SegmentOut }) {
  const t = useT()
  const { may } = useViewer()
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const archive = useArchiveSegment(segment.id)
  const refused = useFormRefusal()
  const [freezing, setFreezing] = useState(false)
  const mayEdit = may("segments.edit")
  const confirm = () =>
    modal.confirm({
      title: t("seg.archiveTitle"),
      content: t("seg.archiveHelp"),
      okText: t("seg.archive"),
      okButtonProps: { danger: true },
      onOk: () =>
        archive
          .mutateAsync(undefined)
          .then(() => navigate("/segments"))
          .catch(refused),
    })
  return (
    <>
      {segment.count !== null && may("customers.export") && (
        <Button icon={<DownloadOutlined />} href={`/api/segments/${segment.id}/export.csv`} download>
          {t("customers.export")}
        </Button>
      )}
      {mayEdit && segment.state === "live" && (
        <Button icon={<CameraOutlined />} disabled={!segment.is_ready} onClick={() => setFreezing(true)}>
          {t("seg.freeze")}
        </Button>
      )}
      {mayEdit && segment.state !== "archived" && <Button onClick={confirm}>{t("seg.archive")}</Button>}
      {mayEdit && (segment.state === "live" || segment.state === "draft") && (
        <Link to={`/segments/${segment.id}/edit`}>
          <Button type="primary" icon={<EditOutlined />}>
            {t("action.edit")}
          </Button>
        </Link>
      )}
      {freezing && <FreezeDialog segment={segment} onClose={() => setFreezing(false)} />}
    </>
  )
}

function Details({ segment }: { segment: SegmentOut }) {
  const t = useT()
  const { may } = useViewer()
  const [search, setSearch] = useSearchParams()
  const maySee = may("customers.see")
  const isCounted = segment.count !== null
  const tabs = [
    ...(maySee && isCounted ? [{ key: "members", label: t("seg.members"), children: <MembersTab id={segment.id} /> }] : []),
    ...(maySee ? [{ key: "changes", label: t("seg.changes"), children: <ChangesTab id={segment.id} /> }] : []),
    ...(maySee ? [{ key: "why", label: t("seg.why"), children: <WhyTab id={segment.id} /> }] : []),
    { key: "versions", label: t("seg.versions"), children: <VersionsTab segment={segment} /> },
  ]
  const wanted = search.get("tab")
  return (
    <Tabs
      destroyOnHidden
      activeKey={tabs.some(({ key }) => key === wanted) ? (wanted ?? undefined) : tabs[0]?.key}
      onChange={(tab) => setSearch({ tab }, { replace: true })}
      items={tabs}
    />
  )
}
