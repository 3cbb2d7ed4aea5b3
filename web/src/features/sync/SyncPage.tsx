import { SyncOutlined } from "@ant-design/icons"
import { Button, Dropdown, Progress, Select, Tabs } from "antd"
import { Link, useSearchParams } from "react-router"

import { useCorps } from "../../api/directory"
import type { GapOut, SyncKind, SyncOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { PageHeader } from "../../components/PageHeader"
import { PageWaiting } from "../../components/PageWaiting"
import { type Column, ServerTable } from "../../components/ServerTable"
import { StateTag, type Tone } from "../../components/StateTag"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { useCancelSync, useGaps, useStartSync, useSyncRuns } from "./api"

const tones: Record<string, Tone> = { waiting: "busy", running: "busy", done: "good", failed: "bad", cancelled: "quiet" }
const kinds: SyncKind[] = ["address_book", "tags", "customers", "recount"]

export function SyncPage() {
  const t = useT()
  const { data: corps, error, refetch } = useCorps()
  const [search, setSearch] = useSearchParams()
  if (!corps) return <PageWaiting title={t("nav.sync")} error={error} onRetry={() => void refetch()} />
  const corp = corps.items.find(({ id }) => String(id) === search.get("corp")) ?? corps.items[0]
  if (!corp) {
    return (
      <>
        <PageHeader title={t("nav.sync")} />
        <EmptyState title={t("corp.none")} help={t("corp.noneHelp")} action={<Link to="/corps">{t("nav.corps")}</Link>} />
      </>
    )
  }
  return (
    <>
      <PageHeader
        title={t("nav.sync")}
        help={t("sync.help")}
        actions={
          <>
            {corps.items.length > 1 && (
              <Select
                aria-label={t("code.corp")}
                value={corp.id}
                onChange={(id) => setSearch({ corp: String(id) }, { replace: true })}
                options={corps.items.map(({ id, name }) => ({ value: id, label: readable(name) }))}
                style={{ minWidth: 180 }}
              />
            )}
            <StartButton corpId={corp.id} />
          </>
        }
      />
      <Tabs
        key={corp.id}
        destroyOnHidden
        items={[
          { key: "runs", label: t("sync.runs"), children: <Runs corpId={corp.id} /> },
          { key: "gaps", label: t("sync.gaps"), children: <Gaps corpId={corp.id} /> },
        ]}
      />
    </>
  )
}

function StartButton({ corpId }: { corpId: number }) {
  const t = useT()
  const start = useStartSync(corpId)
  const refused = useFormRefusal()
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [{ key: "all", label: t("sync.everything") }, { type: "divider" }, ...kinds.map((kind) => ({ key: kind, label: t.of("syncKind", kind) }))],
        onClick: ({ key }) => start.mutate(key === "all" ? kinds : [key as SyncKind], { onError: refused }),
      }}
    >
      <Button type="primary" icon={<SyncOutlined spin={start.isPending} />}>
        {t("sync.start")}
      </Button>
    </Dropdown>
  )
}

function Runs({ corpId }: { corpId: number }) {
  const t = useT()
  const pager = usePager()
  const query = useSyncRuns(corpId, pager.cursor)
  const columns: Column<SyncOut>[] = [
    { title: t("sync.kind"), dataIndex: "label", width: 150, render: (label: string) => <strong>{label}</strong> },
    {
      title: t("accounts.state"),
      key: "state",
      width: 110,
      render: (_, run) => (
        <StateTag tone={tones[run.state] ?? "quiet"}>{t.of("runState", run.is_cancelling ? "cancelling" : run.state)}</StateTag>
      ),
    },
    { title: t("sync.progress"), key: "progress", width: 220, render: (_, run) => <Bar run={run} /> },
    { title: t("sync.counts"), key: "counts", render: (_, run) => <Counts counts={run.counts} error={run.error} /> },
    { title: t("sync.started"), key: "started", width: 120, render: (_, run) => <TimeText at={run.started_at ?? run.created_at} /> },
    { title: t("sync.by"), dataIndex: "by", width: 110, ellipsis: true, render: (by: string) => t.of("actorName", readable(by)) },
    { key: "cancel", width: 80, align: "right", render: (_, run) => <Cancel run={run} /> },
  ]
  return (
    <ServerTable
      label={t("nav.sync")}
      query={query}
      pager={pager}
      rowKey="id"
      columns={columns}
      minWidth={920}
      empty={<EmptyState title={t("sync.none")} help={t("sync.noneHelp")} />}
    />
  )
}

function Bar({ run }: { run: SyncOut }) {
  const t = useT()
  if (run.state !== "running") return <span className="numeric">{t("sync.done", { count: run.done })}</span>
  if (run.total === null) return <span className="numeric">{t("sync.soFar", { count: run.done })}</span>
  return <Progress size="small" percent={Math.floor((run.done / Math.max(1, run.total)) * 100)} />
}

function Counts({ counts, error }: { counts: Record<string, unknown>; error: string | null }) {
  const t = useT()
  if (error) return <span className="message-error small">{readable(error)}</span>
  return (
    <span className="row small" style={{ gap: "0 14px" }}>
      {Object.entries(counts).map(([name, count]) => (
        <span key={name}>
          <span className="muted">{t.of("syncCount", name)}</span> <span className="numeric">{String(count)}</span>
        </span>
      ))}
    </span>
  )
}

function Cancel({ run }: { run: SyncOut }) {
  const t = useT()
  const cancel = useCancelSync()
  const refused = useFormRefusal()
  if (run.is_cancelling || (run.state !== "running" && run.state !== "waiting")) return null
  return (
    <Button size="small" loading={cancel.isPending} onClick={() => cancel.mutate(run.id, { onError: refused })}>
      {t("action.cancel")}
    </Button>
  )
}

function Gaps({ corpId }: { corpId: number }) {
  const t = useT()
  const pager = usePager()
  const query = useGaps(corpId, pager.cursor)
  const columns: Column<GapOut>[] = [
    { title: t("sync.gap"), dataIndex: "label" },
    { title: t("organization.member"), dataIndex: "member_name", width: 150, render: readable },
    { title: t("identityKind.external_userid"), dataIndex: "external_userid", width: 240, render: (id: string) => <code className="small">{id}</code> },
    { title: t("sync.found"), dataIndex: "found_at", width: 120, render: (at: string) => <TimeText at={at} /> },
    {
      title: t("accounts.state"),
      key: "healed",
      width: 110,
      render: (_, gap) => (
        <StateTag tone={gap.healed_at ? "good" : "warn"}>{t(gap.healed_at ? "sync.healed" : "sync.open")}</StateTag>
      ),
    },
  ]
  return (
    <ServerTable
      label={t("sync.gaps")}
      query={query}
      pager={pager}
      rowKey="id"
      columns={columns}
      minWidth={820}
      empty={<EmptyState title={t("sync.noGaps")} help={t("sync.noGapsHelp")} />}
    />
  )
}
