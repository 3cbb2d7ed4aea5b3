import type { ReactNode } from "react"

import "./Figure.css"

interface Props {
  label: string
  value: ReactNode
  note?: ReactNode
  tone?: "good" | "bad"
  loading?: boolean
}

/** One number worth a glance. */
export function Figure({ label, value, note, tone, loading }: Props) {
  return (
    <div className="figure" data-tone={tone}>
      <div className="figure-label">{label}</div>
      <div className="figure-value numeric">
        {loading ? <span className="bar-skeleton" /> : value}
      </div>
      <div className="figure-note">{loading ? "\u00a0" : note}</div>
    </div>
  )
}

export function Figures({ children }: { children: ReactNode }) {
  return <div className="figures">{children}</div>
}
