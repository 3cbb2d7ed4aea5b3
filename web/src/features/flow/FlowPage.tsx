import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Skeleton, Table } from "antd"
import { Link } from "react-router"

import { answer, api } from "../../api/client"
import type { CodeRow, DayOut } from "../../api/schema"
import { DayChart } from "../../components/DayChart"
import { EmptyState } from "../../components/EmptyState"
import { Figure, Figures } from "../../components/Figure"
import { LoadFailed } from "../../components/LoadFailed"
import { Name } from "../../components/Name"
import { PageHeader } from "../../components/PageHeader"
import { PageWaiting } from "../../components/PageWaiting"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { formatCount, formatShare } from "../../lib/money"

function useDays() {
  return useQuery({ queryKey: ["overview"], queryFn: ({ signal }) => answer(api.GET("/api/overview", { signal })) })
}

function useCodes() {
  return useQuery({
    queryKey: ["live-codes", "flow"],
    queryFn: ({ signal }) => answer(api.GET("/api/live-codes", { params: { query: { limit: 200 } }, signal })),
    placeholderData: keepPreviousData,
  })
}

/** Who came and who left: by day, and by the code that brought them. */
export function FlowPage() {
  const t = useT()
  const { data, error, refetch } = useDays()
  if (error) return <PageWaiting title={t("nav.flow")} error={error} onRetry={() => void refetch()} />
  const days = data?.days ?? []
  const added = days.reduce((sum, day) => sum + day.added, 0)
  const lost = days.reduce((sum, day) => sum + day.lost, 0)
  return (
    <>
      <PageHeader title={t("nav.flow")} help={t("flow.help")} />
      <div className="stack">
        <Figures>
          <Figure label={t("flow.added")} loading={!data} tone="good" value={`+${formatCount(added)}`} note={t("flow.month")} />
          <Figure label={t("flow.lost")} loading={!data} tone={lost ? "bad" : undefined} value={formatCount(lost)} note={t("flow.month")} />
          <Figure label={t("flow.net")} loading={!data} value={formatCount(added - lost)} note={t("flow.month")} />
          <Figure label={t("flow.lossRate")} loading={!data} value={formatShare(lost, added) ?? "—"} note={t("flow.lossRateHelp")} />
        </Figures>
        <Panel title={t("overview.month")}>
          <DayChart
            label={t("overview.month")}
            days={days.map(({ day }) => day)}
            height={300}
            series={[
              { name: t("flow.added"), kind: "bar", color: "teal", values: days.map((day) => day.added) },
              { name: t("flow.lost"), kind: "bar", color: "coral", values: days.map((day) => day.lost), negative: true },
            ]}
          />
        </Panel>
        <Codes />
        <Panel title={t("flow.byDay")} flush>
          <Table<DayOut>
            size="small"
            rowKey="day"
            loading={!data}
            pagination={{ pageSize: 10, size: "small", showSizeChanger: false, hideOnSinglePage: true }}
            dataSource={[...days].reverse()}
            columns={[
              { title: t("flow.day"), dataIndex: "day", className: "numeric" },
              { title: t("flow.added"), dataIndex: "added", align: "right", className: "numeric" },
              { title: t("flow.lost"), dataIndex: "lost", align: "right", className: "numeric" },
              { title: t("flow.net"), key: "net", align: "right", className: "numeric", render: (_, day) => day.added - day.lost },
            ]}
          />
        </Panel>
      </div>
    </>
  )
}

function Codes() {
  const t = useT()
  const { data, error, refetch } = useCodes()
  if (error) return <LoadFailed error={error} what={t("nav.liveCodes")} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active />
  return (
    <Panel title={t("flow.byCode")} flush>
      <Table<CodeRow>
        size="small"
        rowKey="id"
        scroll={{ x: 560 }}
        pagination={{ pageSize: 10, size: "small", showSizeChanger: false, hideOnSinglePage: true }}
        locale={{ emptyText: <EmptyState compact title={t("code.none")} /> }}
        dataSource={[...data.items].sort((a, b) => b.adds - a.adds)}
        columns={[
          {
            title: t("code.one"),
            key: "name",
            render: (_, code) => (
              <Link to={`/live-codes/${code.id}`}>
                <Name text={code.name} width={260} />
              </Link>
            ),
          },
          { title: t("code.scans"), dataIndex: "scans", align: "right", className: "numeric", sorter: (a, b) => a.scans - b.scans },
          { title: t("code.adds"), dataIndex: "adds", align: "right", className: "numeric", sorter: (a, b) => a.adds - b.adds },
          { title: t("code.losses"), dataIndex: "losses", align: "right", className: "numeric", sorter: (a, b) => a.losses - b.losses },
          {
            title: t("flow.lossRate"),
            key: "rate",
            align: "right",
            className: "numeric",
            render: (_, code) => formatShare(code.losses, code.adds) ?? "—",
          },
        ]}
      />
    </Panel>
  )
}
