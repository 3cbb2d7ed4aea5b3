import { Button, Skeleton } from "antd"
import { useState } from "react"

import type { EventOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { LoadFailed } from "../../components/LoadFailed"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { formatDateTime, formatDay } from "../../lib/time"
import { useViewer } from "../../lib/viewer"
import { useTimeline } from "./api"

/** Events of one day, newest first. */
export function byDay(events: readonly EventOut[], zone: string): [day: string, events: EventOut[]][] {
  const days = new Map<string, EventOut[]>()
  for (const event of events) {
    const day = formatDay(event.at, zone)
    days.set(day, [...(days.get(day) ?? []), event])
  }
  return [...days]
}

export function TimelineTab({ customerId }: { customerId: number }) {
  const t = useT()
  const [pages, setPages] = useState<(string | undefined)[]>([undefined])
  return (
    <div>
      {pages.map((cursor, index) => (
        <TimelinePage
          key={cursor ?? "first"}
          customerId={customerId}
          cursor={cursor}
          empty={<EmptyState title={t("timeline.none")} help={t("timeline.noneHelp")} />}
          onMore={index === pages.length - 1 ? (next) => setPages([...pages, next]) : undefined}
        />
      ))}
    </div>
  )
}

interface PageProps {
  customerId: number
  cursor: string | undefined
  empty: React.ReactNode
  onMore?: (next: string) => void
}

function TimelinePage({ customerId, cursor, empty, onMore }: PageProps) {
  const t = useT()
  const { zone } = useViewer()
  const { data, error, refetch } = useTimeline(customerId, cursor)
  if (error) return <LoadFailed error={error} what={t("customer.timeline")} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active paragraph={{ rows: 6 }} />
  if (data.items.length === 0 && !cursor) return empty
  const next = data.next
  return (
    <>
      <ol className="timeline">
        {byDay(data.items, zone).map(([day, events]) => (
          <li key={day}>
            <h3 className="numeric">{day}</h3>
            {events.map((event) => (
              <div key={event.id} className="timeline-event">
                <time className="muted numeric small" dateTime={event.at} title={formatDateTime(event.at, zone, true)}>
                  {formatDateTime(event.at, zone).slice(11)}
                </time>
                <span className="timeline-dot" aria-hidden="true" />
                <div>
                  <strong>{event.label}</strong>
                  <div className="timeline-detail">
                    {readable(event.sentence)}
                  </div>
                </div>
              </div>
            ))}
          </li>
        ))}
      </ol>
      {next && onMore && (
        <Button block type="text" onClick={() => onMore(next)}>
          {t("timeline.more")}
        </Button>
      )}
    </>
  )
}
