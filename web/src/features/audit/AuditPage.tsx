import { DownloadOutlined } from "@ant-design/icons"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Button } from "antd"

import { answer, api } from "../../api/client"
import type { AuditOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { FilterBar, SearchField } from "../../components/FilterBar"
import { Name } from "../../components/Name"
import { PageHeader } from "../../components/PageHeader"
import { type Column, ServerTable } from "../../components/ServerTable"
import { TimeText } from "../../components/TimeText"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { type Filters, useUrlFilters } from "../../lib/useUrlFilters"

const auditFilters = ["actor", "action", "subject_kind", "subject_id"] as const

function useAudit(filters: Filters<(typeof auditFilters)[number]>, cursor: string | undefined) {
  return useQuery({
    queryKey: ["audit", filters, cursor],
    queryFn: ({ signal }) => answer(api.GET("/api/audit", { params: { query: { ...filters, cursor, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
  })
}

export function AuditPage() {
  const t = useT()
  const pager = usePager()
  const { filters, change, clear, active } = useUrlFilters(auditFilters)
  const query = useAudit(filters, pager.cursor)
  const columns: Column<AuditOut>[] = [
    { title: t("event.at"), dataIndex: "at", width: 160, render: (at: string) => <TimeText at={at} absolute seconds /> },
    {
      title: t("audit.actor"),
      key: "actor",
      width: 150,
      render: (_, entry) => (
        <Name text={t.of("actorName", entry.actor_name)} fallback={t.of("actorKind", entry.actor_kind)} width={140} />
      ),
    },
    {
      title: t("audit.action"),
      key: "action",
      width: 220,
      render: (_, { action, action_label }) => (
        <span title={action}>
          {action_label}
        </span>
      ),
    },
    {
      title: t("audit.subject"),
      key: "subject",
      width: 170,
      render: (_, { subject_label, subject_id }) => (
        <span>
          {subject_label} <code className="small">{readable(subject_id)}</code>
        </span>
      ),
    },
    {
      title: t("event.detail"),
      dataIndex: "detail",
      render: (detail: Record<string, unknown>) => <Detail detail={detail} />,
    },
    { title: t("security.address"), dataIndex: "ip", width: 130, render: (ip: string) => <span className="numeric small">{ip}</span> },
  ]
  return (
    <>
      <PageHeader
        title={t("nav.audit")}
        help={t("audit.help")}
        actions={
          <Button
            icon={<DownloadOutlined />}
            href={`/api/audit/export?${new URLSearchParams(filters as Record<string, string>)}`}
            download
          >
            {t("customers.export")}
          </Button>
        }
      />
      <FilterBar active={active} onClear={clear}>
        <SearchField value={filters.action} placeholder={t("audit.searchAction")} onChange={(action) => change({ action })} />
        <SearchField value={filters.actor} placeholder={t("audit.searchActor")} onChange={(actor) => change({ actor })} />
      </FilterBar>
      <ServerTable
        label={t("nav.audit")}
        query={query}
        pager={pager}
        rowKey="id"
        columns={columns}
        minWidth={960}
        empty={<EmptyState title={t("audit.none")} action={active > 0 && <Button onClick={clear}>{t("filter.clear")}</Button>} />}
      />
    </>
  )
}

function Detail({ detail }: { detail: Record<string, unknown> }) {
  const text = Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" · ")
  return (
    <span className="small muted">
      <Name text={text} fallback="" width={380} />
    </span>
  )
}
