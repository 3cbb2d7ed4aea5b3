import { useT } from "../i18n"
import { formatDateTime, formatRelative } from "../lib/time"
import { useNow } from "../lib/useNow"
import { useZone } from "../lib/viewer"

interface Props {
  at: string | null | undefined
  /** Say the day and hour rather than how long ago. */
  absolute?: boolean
  /** With seconds, for logs. */
  seconds?: boolean
}

/** A moment in the merchant's zone; the other reading is its title. */
export function TimeText({ at, absolute, seconds }: Props) {
  const t = useT()
  const zone = useZone()
  const now = useNow()
  if (!at) return <span className="muted">—</span>
  const exact = formatDateTime(at, zone, seconds)
  const relative = formatRelative(at, now, zone, t.language)
  return (
    <time dateTime={at} className="numeric" title={absolute ? `${relative} · ${zone}` : `${exact} · ${zone}`}>
      {absolute ? exact : relative}
    </time>
  )
}
