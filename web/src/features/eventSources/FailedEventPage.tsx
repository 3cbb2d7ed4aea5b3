import { App, Button, Drawer, Input, Popconfirm } from "antd"
import { useState } from "react"

import type { FailedEventOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { Facts } from "../../components/Facts"
import { ChoiceFilter, FilterBar } from "../../components/FilterBar"
import { PageHeader } from "../../components/PageHeader"
import { type Column, ServerTable } from "../../components/ServerTable"
import { StateTag, type Tone } from "../../components/StateTag"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { useUrlFilters } from "../../lib/useUrlFilters"
import { failedFilters, useDiscard, useFailed, useMend, useReasons, useReplayMany, useSources } from "./api"

const tones: Record<string, Tone> = { waiting: "warn", replayed: "good", discarded: "quiet" }

/** What was sent and could not be accepted: why, and how to mend it. */
export function FailedEventPage() {
  const t = useT()
  const { message } = App.useApp()
  const pager = usePager()
  const { filters, change, clear, active } = useUrlFilters(failedFilters)
  const query = useFailed(filters, pager.cursor)
  const sources = useSources()
  const reasons = useReasons()
  const replay = useReplayMany()
  const discard = useDiscard()
  const refused = useFormRefusal()
  const [open, setOpen] = useState<FailedEventOut>()
  const [chosen, setChosen] = useState<number[]>([])
  const which = chosen.length > 0 ? { ids: chosen } : { source_id: filters.source ? Number(filters.source) : undefined, reason: filters.reason ?? "" }
  const waiting = (filters.state ?? "waiting") === "waiting" && (query.data?.items.length ?? 0) > 0
  const columns: Column<FailedEventOut>[] = [
    { title: t("inbox.received"), dataIndex: "last_at", width: 160, render: (at: string) => <TimeText at={at} absolute seconds /> },
    { title: t("failed.source"), dataIndex: "source_name", width: 130, ellipsis: true, render: readable },
    { title: t("failed.event"), dataIndex: "event_name", width: 170, ellipsis: true, render: (name: string, row) => readable(name) || row.call || "—" },
    { title: t("failed.reason"), dataIndex: "message", ellipsis: true, render: readable },
    { title: t("failed.times"), dataIndex: "times", width: 70, align: "right", className: "numeric" },
    {
      title: t("accounts.state"),
      dataIndex: "state",
      width: 110,
      render: (state: string) => <StateTag tone={tones[state] ?? "quiet"}>{t.of("failedState", state)}</StateTag>,
    },
  ]
  return (
    <>
      <PageHeader
        title={t("nav.failedEvents")}
        help={t("failed.help")}
        actions={
          waiting && (
            <>
              <Popconfirm title={t("failed.discardHelp")} onConfirm={() => discard.mutateAsync(which).then(() => setChosen([]), refused)}>
                <Button>{t(chosen.length > 0 ? "failed.discardChosen" : "failed.discardAll")}</Button>
              </Popconfirm>
              <Button
                type="primary"
                loading={replay.isPending}
                onClick={() =>
                  replay.mutate(which, {
                    onError: refused,
                    onSuccess: ({ sent, refused: still }) => {
                      setChosen([])
                      void message.info(t("failed.outcome", { sent, still }))
                    },
                  })
                }
              >
                {t(chosen.length > 0 ? "failed.replayChosen" : "failed.replayAll")}
              </Button>
            </>
          )
        }
      />
      <FilterBar active={active} onClear={clear}>
        <ChoiceFilter
          label={t("failed.source")}
          value={filters.source}
          onChange={(source) => change({ source })}
          options={(sources.data?.items ?? []).map((each) => ({ value: String(each.id), label: readable(each.name) }))}
        />
        <ChoiceFilter
          label={t("failed.reason")}
          value={filters.reason}
          onChange={(reason) => change({ reason })}
          width={180}
          options={(reasons.data?.items ?? []).map((each) => ({ value: each.reason, label: `${t.of("failedReason", each.reason)} (${each.count})` }))}
        />
        <ChoiceFilter
          label={t("accounts.state")}
          value={filters.state}
          onChange={(state) => change({ state })}
          options={Object.keys(tones).map((state) => ({ value: state, label: t.of("failedState", state) }))}
        />
      </FilterBar>
      <ServerTable
        label={t("nav.failedEvents")}
        query={query}
        pager={pager}
        rowKey="id"
        columns={columns}
        minWidth={860}
        onOpen={setOpen}
        rowSelection={waiting ? { selectedRowKeys: chosen, onChange: (keys) => setChosen(keys as number[]) } : undefined}
        empty={
          active > 0 ? (
            <EmptyState title={t("inbox.noneFound")} action={<Button onClick={clear}>{t("filter.clear")}</Button>} />
          ) : (
            <EmptyState title={t("failed.none")} help={t("failed.noneHelp")} />
          )
        }
      />
      {open && <Failed failed={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Failed({ failed, onClose }: { failed: FailedEventOut; onClose: () => void }) {
  const t = useT()
  const { message } = App.useApp()
  const [body, setBody] = useState(failed.body)
  const mend = useMend(failed.id)
  const refused = useFormRefusal()
  const canSend = failed.state === "waiting" && failed.is_whole
  const send = () =>
    mend.mutate(body === failed.body ? undefined : body, {
      onError: refused,
      onSuccess: () => {
        void message.success(t("failed.sent"))
        onClose()
      },
    })
  return (
    <Drawer
      open
      size={620}
      onClose={onClose}
      title={readable(failed.event_name) || failed.call || t("nav.failedEvents")}
      extra={
        canSend && (
          <Button type="primary" loading={mend.isPending} onClick={send}>
            {t(body === failed.body ? "failed.replay" : "failed.mendAndReplay")}
          </Button>
        )
      }
    >
      <div className="stack">
        <Facts
          items={[
            [t("failed.reason"), <span key="reason" className="message-error">{readable(failed.message)}</span>],
            [t("failed.source"), readable(failed.source_name)],
            [t("inbox.received"), <TimeText key="received" at={failed.received_at} absolute seconds />],
            [t("failed.times"), failed.times],
            ["messageId", <code key="id">{readable(failed.message_id) || "—"}</code>],
            [t("failed.settled"), failed.settled_by ? readable(failed.settled_by) : "—"],
          ]}
        />
        {!failed.is_whole && <p className="muted">{t("failed.notWhole")}</p>}
        <Input.TextArea
          aria-label={t("inbox.body")}
          className="raw-body"
          value={body}
          readOnly={!canSend}
          onChange={(event) => setBody(event.target.value)}
          autoSize={{ minRows: 10, maxRows: 28 }}
          spellCheck={false}
        />
      </div>
    </Drawer>
  )
}
