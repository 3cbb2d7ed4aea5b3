import type { ReactNode } from "react"

import { useT } from "../i18n"
import { readable } from "../lib/readable"
import { MoneyText } from "./MoneyText"

interface Props {
  event: {
    name: string
    source: string
    member: { name: string } | null
    props: Record<string, unknown>
  }
}

const QUIET = new Set(["order_id", "ticket_id", "merge_id", "other_id", "currency", "code_id", "tag_id", "corp_id", "member_id"])

function shown(name: string, value: unknown, props: Record<string, unknown>): ReactNode {
  if (name === "amount_fen" && typeof value === "number") {
    return <MoneyText fen={value} currency={typeof props.currency === "string" ? props.currency : undefined} />
  }
  if (typeof value === "object") return readable(JSON.stringify(value))
  return <bdi>{readable(String(value))}</bdi>
}

/** What an event says, in one line: the member, then its properties by name. */
export function EventDetail({ event }: Props) {
  const t = useT()
  const facts = Object.entries(event.props).filter(
    ([name, value]) => !QUIET.has(name) && value !== null && value !== "" && value !== false,
  )
  return (
    <span className="row" style={{ gap: "2px 14px" }}>
      {event.member?.name && (
        <span>
          {t("event.member")} <bdi>{readable(event.member.name)}</bdi>
        </span>
      )}
      {facts.map(([name, value]) => (
        <span key={name}>
          {t.of("prop", name)} {shown(name, value, event.props)}
        </span>
      ))}
      {event.source && <span className="muted">{readable(event.source)}</span>}
    </span>
  )
}
