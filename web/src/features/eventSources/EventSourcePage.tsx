import { CheckOutlined, CopyOutlined, PauseOutlined, PlayCircleOutlined } from "@ant-design/icons"
import { Button, Popconfirm, Skeleton, Tabs } from "antd"
import { useState } from "react"
import { Link, useParams } from "react-router"

import type { EventSourceOut } from "../../api/schema"
import { CopyText } from "../../components/CopyText"
import { EmptyState } from "../../components/EmptyState"
import { Facts } from "../../components/Facts"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { PageWaiting } from "../../components/PageWaiting"
import { Panel } from "../../components/Panel"
import { StateTag } from "../../components/StateTag"
import { TimeText } from "../../components/TimeText"
import { useCopying } from "../../components/copying"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useArrivals, useChangeSource, useRevealKey, useRotateKey, useSource } from "./api"
import "./eventSources.css"
import { snippets } from "./snippets"
import { SourceDialog } from "./SourceDialog"

const MASK = "yt_••••••••"

/** One source: how to send from it, and what is arriving. */
export function EventSourcePage() {
  const t = useT()
  const { may } = useViewer()
  const id = Number(useParams().id)
  const { data: source, error, refetch } = useSource(id)
  const change = useChangeSource(id)
  const refused = useFormRefusal()
  const [isEditing, setEditing] = useState(false)
  if (!source || error) return <PageWaiting title={t("nav.eventSources")} error={error} onRetry={() => void refetch()} />
  const actions = may("event_sources.edit") && (
    <>
      <Button onClick={() => change.mutate({ is_enabled: !source.is_enabled }, { onError: refused })}>
        {t(source.is_enabled ? "source.disable" : "source.enable")}
      </Button>
      <Button onClick={() => setEditing(true)}>{t("action.edit")}</Button>
    </>
  )
  return (
    <>
      <PageHeader
        title={readable(source.name)}
        help={`${t.of("sourceKind", source.kind)} · ${source.issuer}`}
        back={{ to: "/event-sources", label: t("nav.eventSources") }}
        actions={actions}
      />
      <div className="stack">
        <Settings source={source} />
        <Arrivals id={id} />
      </div>
      {isEditing && <SourceDialog source={source} onClose={() => setEditing(false)} />}
    </>
  )
}

function Settings({ source }: { source: EventSourceOut }) {
  const t = useT()
  const { may } = useViewer()
  const reveal = useRevealKey(source.id)
  const rotate = useRotateKey(source.id)
  const refused = useFormRefusal()
  const [key, setKey] = useState<string>()
  const show = () => reveal.mutate(undefined, { onSuccess: (told) => setKey(told.write_key), onError: refused })
  const renew = (atOnce: boolean) => rotate.mutate(atOnce, { onSuccess: (told) => setKey(told.write_key), onError: refused })
  return (
    <Panel title={t("source.sending")}>
      <div className="stack">
        <Facts
          items={[
            [t("accounts.state"), <StateTag key="state" tone={source.is_enabled ? "good" : "quiet"}>{t(source.is_enabled ? "source.on" : "source.off")}</StateTag>],
            [t("source.userIdKind"), t.of("identityKind", source.user_id_kind)],
            [t("source.rate"), source.rate_per_second],
            [t("source.origins"), source.allowed_origins.length > 0 ? source.allowed_origins.join("  ") : t("source.anyOrigin")],
            [t("source.trusts"), t(source.trusts_traits ? "common.yes" : "common.no")],
            [t("source.address"), <CopyText key="address" text={`${window.location.origin}/v1`} />],
            [
              t("source.key"),
              <span key="key" className="row">
                {key ? <CopyText text={key} /> : <code>{MASK}</code>}
                {may("event_sources.edit") && !key && (
                  <Button size="small" loading={reveal.isPending} onClick={show}>
                    {t("source.showKey")}
                  </Button>
                )}
                {may("event_sources.edit") && (
                  <Popconfirm
                    title={t("source.rotate")}
                    description={t("source.rotateHelp")}
                    okText={t("source.rotateLater")}
                    cancelText={t("source.rotateAtOnce")}
                    onConfirm={() => renew(false)}
                    onCancel={(event) => event && event.type === "click" && renew(true)}
                  >
                    <Button size="small">{t("source.rotate")}</Button>
                  </Popconfirm>
                )}
                {source.old_key_until && (
                  <span className="muted small">
                    {t("source.oldKeyUntil")} <TimeText at={source.old_key_until} absolute />
                  </span>
                )}
              </span>,
            ],
          ]}
        />
        <Tabs
          size="small"
          items={snippets(window.location.origin, key ?? MASK).map(({ name, text }) => ({
            key: name,
            label: t.of("snippet", name),
            children: <Snippet text={text} />,
          }))}
        />
      </div>
    </Panel>
  )
}

function Snippet({ text }: { text: string }) {
  const t = useT()
  const [copied, copy] = useCopying(text)
  return (
    <div className="snippet">
      <pre className="raw-body" tabIndex={0}>
        {text}
      </pre>
      <Button
        size="small"
        icon={copied ? <CheckOutlined /> : <CopyOutlined />}
        aria-label={t(copied ? "action.copied" : "action.copy")}
        onClick={copy}
      />
    </div>
  )
}

interface Line {
  key: string
  at: string
  title: string
  detail: string
  person?: { id: number; name: string }
  refused?: string
  json: string
}

/** What is arriving now: accepted and refused in one list, the newest first. */
function Arrivals({ id }: { id: number }) {
  const t = useT()
  const [running, setRunning] = useState(true)
  const { data, error, refetch } = useArrivals(id, running)
  const [open, setOpen] = useState<string>()
  const lines: Line[] = data
    ? [
        ...data.events.map((event) => ({
          key: `event-${event.id}`,
          at: event.received_at,
          title: event.call === "track" ? event.name : t.of("call", event.call),
          detail: event.visitor ?? "",
          person: event.customer_id ? { id: event.customer_id, name: event.customer_name ?? "" } : undefined,
          json: JSON.stringify(event.props, null, 2),
        })),
        ...data.refused.map((failed) => ({
          key: `failed-${failed.id}`,
          at: failed.last_at,
          title: failed.event_name || failed.call || "—",
          detail: failed.message_id,
          refused: failed.message,
          json: failed.body,
        })),
      ].sort((left, right) => right.at.localeCompare(left.at))
    : []
  return (
    <Panel
      title={t("source.arriving")}
      extra={
        <Button size="small" icon={running ? <PauseOutlined /> : <PlayCircleOutlined />} onClick={() => setRunning(!running)}>
          {t(running ? "source.pause" : "source.resume")}
        </Button>
      }
    >
      {error && <LoadFailed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data && lines.length === 0 && <EmptyState compact title={t("source.nothingYet")} help={t("source.nothingYetHelp")} />}
      <ul className="arrivals stack" aria-live="polite">
        {lines.slice(0, 60).map((line) => (
          <li key={line.key}>
            <div className="arrival">
              <TimeText at={line.at} absolute seconds />
              <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setOpen(open === line.key ? undefined : line.key)} aria-expanded={open === line.key}>
                {readable(line.title)}
              </Button>
              {line.person && <Link to={`/customers/${line.person.id}`}>{readable(line.person.name) || `#${line.person.id}`}</Link>}
              <code className="small muted clip">{readable(line.detail)}</code>
              {line.refused && <StateTag tone="bad">{line.refused}</StateTag>}
            </div>
            {open === line.key && <pre className="raw-body arrival-json">{line.json}</pre>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
