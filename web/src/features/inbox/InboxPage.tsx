import { Button, Drawer, Skeleton } from "antd"
import { useState } from "react"

import type { InboxOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { Facts } from "../../components/Facts"
import { ChoiceFilter, FilterBar, SearchField } from "../../components/FilterBar"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { type Column, ServerTable } from "../../components/ServerTable"
import { StateTag, type Tone } from "../../components/StateTag"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { useUrlFilters } from "../../lib/useUrlFilters"
import { useViewer } from "../../lib/viewer"
import { inboxFilters, useInbox, useInboxMessage, useReplay } from "./api"

const states = ["waiting", "done", "failed", "unknown"]
const tones: Record<string, Tone> = { waiting: "busy", done: "good", failed: "bad", unknown: "warn" }

/** What WeCom delivered, word for word, before anything was done with it. */
export function InboxPage() {
  const t = useT()
  const pager = usePager()
  const { filters, change, clear, active } = useUrlFilters(inboxFilters)
  const query = useInbox(filters, pager.cursor)
  const [open, setOpen] = useState<InboxOut>()
  const columns: Column<InboxOut>[] = [
    { title: t("inbox.received"), dataIndex: "received_at", width: 160, render: (at: string) => <TimeText at={at} absolute seconds /> },
    { title: t("inbox.kind"), dataIndex: "kind", ellipsis: true, render: (kind: string) => <Kind kind={kind} /> },
    {
      title: t("accounts.state"),
      dataIndex: "state",
      width: 110,
      render: (state: string) => <StateTag tone={tones[state] ?? "quiet"}>{t.of("inboxState", state)}</StateTag>,
    },
    { title: t("code.corp"), dataIndex: "corp_name", width: 150, ellipsis: true, render: (name: string | null) => readable(name) || "—" },
    { title: t("inbox.deliveries"), dataIndex: "deliveries", width: 90, align: "right", className: "numeric" },
    { title: t("inbox.attempts"), dataIndex: "attempts", width: 90, align: "right", className: "numeric" },
    { title: t("inbox.error"), dataIndex: "error", ellipsis: true, render: (error: string | null) => readable(error) },
  ]
  return (
    <>
      <PageHeader title={t("nav.inbox")} help={t("inbox.help")} />
      <FilterBar active={active} onClear={clear}>
        <SearchField value={filters.kind} placeholder={t("inbox.search")} onChange={(kind) => change({ kind })} />
        <ChoiceFilter
          label={t("accounts.state")}
          value={filters.state}
          onChange={(state) => change({ state })}
          options={states.map((state) => ({ value: state, label: t.of("inboxState", state) }))}
        />
      </FilterBar>
      <ServerTable
        label={t("nav.inbox")}
        query={query}
        pager={pager}
        rowKey="id"
        columns={columns}
        minWidth={900}
        onOpen={setOpen}
        empty={
          active > 0 ? (
            <EmptyState title={t("inbox.noneFound")} action={<Button onClick={clear}>{t("filter.clear")}</Button>} />
          ) : (
            <EmptyState title={t("inbox.none")} help={t("inbox.noneHelp")} />
          )
        }
      />
      {open && <Message id={open.id} onClose={() => setOpen(undefined)} />}
    </>
  )
}

/** What WeCom calls an event, in words where it is a known one. */
function Kind({ kind }: { kind: string }) {
  const t = useT()
  const change = kind.split("/").at(-1) ?? kind
  const label = t.of("callbackKind", change)
  return (
    <span title={kind}>
      {label !== change && <strong>{label} </strong>}
      <code className="small muted">{readable(kind)}</code>
    </span>
  )
}

function Message({ id, onClose }: { id: number; onClose: () => void }) {
  const t = useT()
  const { may } = useViewer()
  const { data, error, refetch } = useInboxMessage(id)
  const replay = useReplay()
  const refused = useFormRefusal()
  return (
    <Drawer
      open
      size={620}
      onClose={onClose}
      title={t("inbox.message", { id })}
      extra={
        may("inbox.replay") && (
          <Button loading={replay.isPending} onClick={() => replay.mutate(id, { onError: refused })}>
            {t("inbox.replay")}
          </Button>
        )
      }
    >
      {error && <LoadFailed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data && (
        <div className="stack">
          <Facts
            items={[
              [t("inbox.kind"), <code key="kind">{readable(data.kind)}</code>],
              [
                t("accounts.state"),
                <StateTag key="state" tone={tones[data.state] ?? "quiet"}>{t.of("inboxState", data.state)}</StateTag>,
              ],
              [t("inbox.happened"), <TimeText key="happened" at={data.happened_at} absolute seconds />],
              [t("inbox.received"), <TimeText key="received" at={data.received_at} absolute seconds />],
              [t("inbox.processed"), <TimeText key="processed" at={data.processed_at} absolute seconds />],
              [t("inbox.deliveries"), data.deliveries],
              [t("inbox.attempts"), data.attempts],
              [t("inbox.error"), data.error && <span className="message-error">{readable(data.error)}</span>],
            ]}
          />
          <pre className="raw-body" tabIndex={0} aria-label={t("inbox.body")}>
            {data.body}
          </pre>
        </div>
      )}
    </Drawer>
  )
}
