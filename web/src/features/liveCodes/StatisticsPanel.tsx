import { DownloadOutlined } from "@ant-design/icons"
import { Button, DatePicker, Table } from "antd"
import dayjs, { type Dayjs } from "dayjs"
import { useState } from "react"

import type { CodeStatistics } from "../../api/schema"
import { DayChart } from "../../components/DayChart"
import { Figure, Figures } from "../../components/Figure"
import { LoadFailed } from "../../components/LoadFailed"
import { Panel } from "../../components/Panel"
import { PersonName } from "../../components/PersonName"
import { useT } from "../../i18n"
import { formatCount, formatShare } from "../../lib/money"
import { useStatistics } from "./api"

const iso = (day: Dayjs) => day.format("YYYY-MM-DD")

type Counts = CodeStatistics["totals"]

const lostOf = (counts: Counts) => counts.lost_by_customer + counts.lost_by_member

export function StatisticsPanel({ codeId }: { codeId: number }) {
  const t = useT()
  const [days, setDays] = useState<[Dayjs, Dayjs]>(() => [dayjs().subtract(29, "day"), dayjs()])
  const [from, to] = [iso(days[0]), iso(days[1])]
  const { data, error, refetch } = useStatistics(codeId, from, to)
  return (
    <Panel
      title={t("code.statistics")}
      extra={
        <>
          <DatePicker.RangePicker
            size="small"
            allowClear={false}
            value={days}
            maxDate={dayjs()}
            presets={[7, 30, 90].map((count) => ({
              label: t("code.lastDays", { count }),
              value: [dayjs().subtract(count - 1, "day"), dayjs()],
            }))}
            onChange={(chosen) => chosen?.[0] && chosen[1] && setDays([chosen[0], chosen[1]])}
          />
          <Button
            size="small"
            icon={<DownloadOutlined />}
            href={`/api/live-codes/${codeId}/statistics.csv?from=${from}&to=${to}`}
            download
          >
            CSV
          </Button>
        </>
      }
    >
      {error ? (
        <LoadFailed error={error} what={t("code.statistics")} onRetry={() => void refetch()} />
      ) : (
        <Content data={data} />
      )}
    </Panel>
  )
}

function Content({ data }: { data: CodeStatistics | undefined }) {
  const t = useT()
  const loading = !data
  const totals = data?.totals
  const days = data?.days ?? []
  const adds = (totals?.adds ?? 0) + (totals?.half_adds ?? 0)
  return (
    <div className="stack">
      <Figures>
        <Figure label={t("code.scans")} loading={loading} value={formatCount(totals?.scans ?? 0)} />
        <Figure
          label={t("code.adds")}
          loading={loading}
          tone="good"
          value={formatCount(adds)}
          note={t("code.ofScans", { share: formatShare(adds, totals?.scans ?? 0) ?? "—" })}
        />
        <Figure
          label={t("code.replies")}
          loading={loading}
          value={formatCount(totals?.replies ?? 0)}
          note={t("code.ofAdds", { share: formatShare(totals?.replies ?? 0, adds) ?? "—" })}
        />
        <Figure
          label={t("code.losses")}
          loading={loading}
          tone={totals && lostOf(totals) > 0 ? "bad" : undefined}
          value={formatCount(totals ? lostOf(totals) : 0)}
          note={totals && t("code.lostBy", { customer: totals.lost_by_customer, member: totals.lost_by_member })}
        />
      </Figures>
      <DayChart
        label={t("code.statistics")}
        days={days.map(({ day }) => day)}
        series={[
          { name: t("code.scans"), kind: "line", color: "blue", values: days.map(({ scans }) => scans) },
          { name: t("code.adds"), kind: "bar", color: "teal", values: days.map((day) => day.adds + day.half_adds) },
          { name: t("code.losses"), kind: "bar", color: "coral", values: days.map(lostOf), negative: true },
        ]}
      />
      <Table<CodeStatistics["members"][number]>
        size="small"
        rowKey={(row) => row.member?.id ?? 0}
        pagination={false}
        scroll={{ x: 520 }}
        dataSource={data?.members ?? []}
        columns={[
          {
            title: t("organization.member"),
            key: "member",
            render: (_, { member }) =>
              member ? <PersonName {...member} size={22} /> : <span className="muted">{t("code.severalMembers")}</span>,
          },
          { title: t("code.scans"), dataIndex: "scans", align: "right", className: "numeric" },
          { title: t("code.adds"), key: "adds", align: "right", className: "numeric", render: (_, row) => row.adds + row.half_adds },
          { title: t("code.replies"), dataIndex: "replies", align: "right", className: "numeric" },
          { title: t("code.losses"), key: "lost", align: "right", className: "numeric", render: (_, row) => lostOf(row) },
        ]}
      />
    </div>
  )
}
