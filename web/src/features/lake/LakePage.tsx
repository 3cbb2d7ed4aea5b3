import { App, Button, Dropdown, Skeleton } from "antd"

import type { ByHand, LakeRunOut, LakeTableOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { Facts } from "../../components/Facts"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { Panel } from "../../components/Panel"
import { type Column, ServerTable } from "../../components/ServerTable"
import { StateTag } from "../../components/StateTag"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { usePager } from "../../lib/usePager"
import { useAskForWork, useLakeRuns, useLakeTables } from "./api"
import "./LakePage.css"
import { readableSize } from "./size"

const works: ByHand[] = ["flush", "compact", "verify"]

/** The tables of the lake, and what was done to them. */
export function LakePage() {
  const t = useT()
  const { data: tables, error, refetch } = useLakeTables()
  if (error) return <LoadFailed error={error} what={t("nav.lake")} onRetry={() => void refetch()} />
  return (
    <>
      <PageHeader title={t("nav.lake")} help={t("lake.help")} />
      {tables ? (
        <div className="lake-tables">
          {tables.map((table) => (
            <TableCard key={table.table} table={table} />
          ))}
        </div>
      ) : (
        <Skeleton active />
      )}
      <Panel title={t("lake.runs")} flush>
        <Runs />
      </Panel>
    </>
  )
}

function TableCard({ table }: { table: LakeTableOut }) {
  const t = useT()
  return (
    <Panel title={t.of("lakeTable", table.table)} extra={<Work table={table.table} />}>
      <Facts
        items={[
          [t("lake.rows"), <span className="numeric">{table.rows.toLocaleString()}</span>],
          [t("lake.waiting"), <span className="numeric">{table.waiting.toLocaleString()}</span>],
          [t("lake.files"), <span className="numeric">{`${table.files} · ${readableSize(table.bytes)}`}</span>],
          [t("lake.flushed"), table.flushed_at && <TimeText at={table.flushed_at} />],
          [t("lake.verified"), table.verified_at && <Verified table={table} at={table.verified_at} />],
        ]}
      />
    </Panel>
  )
}

function Verified({ table, at }: { table: LakeTableOut; at: string }) {
  const t = useT()
  return (
    <span className="row" style={{ gap: 8 }}>
      <StateTag tone={table.sound ? "good" : "bad"}>{t(table.sound ? "lake.sound" : "lake.unsound")}</StateTag>
      <TimeText at={at} />
    </span>
  )
}

function Work({ table }: { table: string }) {
  const t = useT()
  const { message } = App.useApp()
  const ask = useAskForWork()
  const refused = useFormRefusal()
  const start = (work: ByHand) =>
    ask.mutate({ table, work }, { onError: refused, onSuccess: () => void message.success(t("lake.asked")) })
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: works.map((work) => ({ key: work, label: t.of("lakeWork", work) })),
        onClick: ({ key }) => start(key as ByHand),
      }}
    >
      <Button size="small" loading={ask.isPending} aria-label={`${t("lake.do")} ${t.of("lakeTable", table)}`}>
        {t("lake.do")}
      </Button>
    </Dropdown>
  )
}

function Runs() {
  const t = useT()
  const pager = usePager()
  const query = useLakeRuns(pager.cursor)
  const columns: Column<LakeRunOut>[] = [
    { title: t("event.at"), dataIndex: "at", width: 160, render: (at: string) => <TimeText at={at} absolute seconds /> },
    { title: t("lake.work"), dataIndex: "work", width: 130, render: (work: string) => t.of("lakeWork", work) },
    { title: t("lake.table"), dataIndex: "table", width: 130, render: (table: string) => t.of("lakeTable", table) },
    { title: t("lake.rows"), dataIndex: "rows", width: 110, align: "right", render: (rows: number) => <span className="numeric">{rows.toLocaleString()}</span> },
    {
      title: t("accounts.state"),
      dataIndex: "ok",
      width: 110,
      render: (ok: boolean) => <StateTag tone={ok ? "good" : "bad"}>{t(ok ? "lake.done" : "lake.unsound")}</StateTag>,
    },
    { title: t("lake.took"), dataIndex: "seconds", width: 90, align: "right", render: (seconds: number) => <span className="numeric">{seconds.toFixed(1)} s</span> },
    { title: t("event.detail"), dataIndex: "detail", render: (detail: Record<string, unknown>) => <Detail detail={detail} /> },
  ]
  return (
    <ServerTable
      label={t("lake.runs")}
      query={query}
      pager={pager}
      rowKey="id"
      columns={columns}
      minWidth={860}
      empty={<EmptyState title={t("lake.none")} help={t("lake.noneHelp")} />}
    />
  )
}

function Detail({ detail }: { detail: Record<string, unknown> }) {
  const t = useT()
  const told = Object.entries(detail).filter(([, value]) => !Array.isArray(value) || value.length > 0)
  return (
    <span className="row small" style={{ gap: "0 14px" }}>
      {told.map(([name, value]) => (
        <span key={name}>
          <span className="muted">{t.of("lakeDetail", name)}</span>{" "}
          <span className="numeric">{name === "step" ? t.of("lakeStep", String(value)) : Array.isArray(value) ? value.join("; ") : String(value)}</span>
        </span>
      ))}
    </span>
  )
}
