import { Fragment, type ReactNode } from "react"

/** Labelled values, one under another. */
export function Facts({ items }: { items: [label: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {items.map(([label, value]) => (
        <Fragment key={label}>
          <dt>{label}</dt>
          <dd>{value ?? <span className="muted">—</span>}</dd>
        </Fragment>
      ))}
    </dl>
  )
}
