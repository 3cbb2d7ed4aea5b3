import { PlusOutlined } from "@ant-design/icons"
import { Button, Skeleton, Table } from "antd"
import { useState } from "react"
import { Link, useNavigate } from "react-router"

import type { EventSourceOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { StateTag } from "../../components/StateTag"
import { TimeText } from "../../components/TimeText"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useSources } from "./api"
import { SourceDialog } from "./SourceDialog"

/** The sites, apps and servers of the merchant that send events. */
export function EventSourceListPage() {
  const t = useT()
  const { may } = useViewer()
  const navigate = useNavigate()
  const { data, error, refetch } = useSources()
  const [isNew, setNew] = useState(false)
  const create = may("event_sources.edit") && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setNew(true)}>
      {t("source.new")}
    </Button>
  )
  return (
    <>
      <PageHeader title={t("nav.eventSources")} help={t("source.help")} actions={create} />
      {error && <LoadFailed error={error} what={t("nav.eventSources")} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data?.items.length === 0 && (
        <div className="server-table-empty">
          <EmptyState title={t("source.none")} help={t("source.noneHelp")} action={create} />
        </div>
      )}
      {data && data.items.length > 0 && (
        <div className="server-table">
          <Table<EventSourceOut>
            size="small"
            rowKey="id"
            aria-label={t("nav.eventSources")}
            pagination={false}
            scroll={{ x: 860 }}
            dataSource={data.items}
            rowClassName="server-table-row server-table-open"
            onRow={(source) => ({ onClick: () => void navigate(`/event-sources/${source.id}`) })}
            columns={[
              {
                title: t("source.name"),
                dataIndex: "name",
                render: (name: string, source) => <Link to={`/event-sources/${source.id}`}>{readable(name)}</Link>,
              },
              { title: t("source.kind"), dataIndex: "kind", width: 110, render: (kind: string) => t.of("sourceKind", kind) },
              { title: t("source.issuer"), dataIndex: "issuer", width: 130, render: (issuer: string) => <code className="small">{issuer}</code> },
              { title: t("source.events"), dataIndex: "events", width: 110, align: "right", className: "numeric", render: (n: number) => formatCount(n, true) },
              { title: t("source.last"), dataIndex: "last_event_at", width: 140, render: (at: string | null) => <TimeText at={at} /> },
              {
                title: t("nav.failedEvents"),
                dataIndex: "failed_waiting",
                width: 130,
                align: "right",
                render: (n: number, source) =>
                  n > 0 && may("events.replay") ? (
                    <Link to={`/failed-events?source=${source.id}`}>{formatCount(n, true)}</Link>
                  ) : (
                    <span className="numeric">{n}</span>
                  ),
              },
              {
                title: t("accounts.state"),
                dataIndex: "is_enabled",
                width: 100,
                render: (on: boolean) => <StateTag tone={on ? "good" : "quiet"}>{t(on ? "source.on" : "source.off")}</StateTag>,
              },
            ]}
          />
        </div>
      )}
      {isNew && (
        <SourceDialog source={null} onClose={() => setNew(false)} onCreated={(id) => void navigate(`/event-sources/${id}`)} />
      )}
    </>
  )
}
