import type { ReactNode } from "react"

import "./EmptyState.css"

interface Props {
  title: string
  /** Why there is nothing here, and what brings something. */
  help?: ReactNode
  action?: ReactNode
  compact?: boolean
}

export function EmptyState({ title, help, action, compact }: Props) {
  return (
    <div className={compact ? "empty-state empty-state-compact" : "empty-state"}>
      {!compact && (
        <svg width="132" height="84" viewBox="0 0 132 84" aria-hidden="true">
          <ellipse cx="66" cy="62" rx="60" ry="18" className="empty-water" />
          <ellipse cx="66" cy="62" rx="38" ry="10" className="empty-ring" />
          <ellipse cx="66" cy="62" rx="18" ry="4.5" className="empty-ring" />
          <path d="M46 36c7-11 16-14 24-13 6 .7 10 4 13 8l7-5c1-.8 2.3.2 1.9 1.5L89 36l2.9 8.5c.4 1.3-.9 2.3-1.9 1.5l-7-5c-3 4-7 7.3-13 8-8 1-17-2-24-13z" className="empty-fish" />
          <circle cx="59" cy="33" r="2" className="empty-eye" />
        </svg>
      )}
      <h3>{title}</h3>
      {help && <p>{help}</p>}
      {action && <div className="row">{action}</div>}
    </div>
  )
}
