import type { ReactNode } from "react"

interface Props {
  title?: ReactNode
  extra?: ReactNode
  children: ReactNode
  flush?: boolean
}

/** A card: a titled piece of a page. `flush` lets its content reach the edges. */
export function Panel({ title, extra, children, flush }: Props) {
  return (
    <section className="panel">
      {(title || extra) && (
        <header>
          {title && <h2>{title}</h2>}
          {extra && <div className="row end">{extra}</div>}
        </header>
      )}
      <div className={flush ? "panel-flush" : "panel-body"}>{children}</div>
    </section>
  )
}
