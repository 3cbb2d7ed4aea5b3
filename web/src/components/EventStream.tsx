import { Skeleton } from "antd"
import type { ReactNode } from "react"
import { Link } from "react-router"

import { useRecentEvents } from "../api/recentEvents"
import { useT } from "../i18n"
import { readable } from "../lib/readable"
import { Avatar } from "./Avatar"
import { LoadFailed } from "./LoadFailed"
import { TimeText } from "./TimeText"
import "./EventStream.css"

/** The newest events, each as who and what; it follows the live updates. */
export function EventStream({ limit, empty }: { limit: number; empty: ReactNode }) {
  const t = useT()
  const { data, error, refetch } = useRecentEvents(limit)
  if (error) return <LoadFailed error={error} what={t("nav.events")} onRetry={() => void refetch()} />
  if (!data) {
    return (
      <div style={{ padding: 16 }}>
        <Skeleton active title={false} paragraph={{ rows: limit }} />
      </div>
    )
  }
  if (data.items.length === 0) return empty
  return (
    <ol className="event-stream" aria-live="polite">
      {data.items.map((event) => (
        <li key={event.id}>
          <Avatar seed={event.customer?.id ?? event.name} name={event.customer?.name} src={event.customer?.avatar} size={26} />
          <span className="grow">
            {event.customer ? (
              <Link to={`/customers/${event.customer.id}`}>
                <bdi className="clip">{readable(event.customer.name) || `#${event.customer.id}`}</bdi>
              </Link>
            ) : (
              <span className="muted">{t("event.nobody")}</span>
            )}
            <span>{event.label}</span>
          </span>
          <span className="small muted">
            <TimeText at={event.at} />
          </span>
        </li>
      ))}
    </ol>
  )
}
