import { Link } from "react-router"

import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"

const places: Record<string, string> = {
  reviews: "/reviews",
  failed_imports: "/imports",
  inbox_failed: "/inbox?state=failed",
  inbox_unknown: "/inbox?state=unknown",
  gaps: "/sync",
  failed_syncs: "/sync",
  corps: "/corps",
}

/** What waits for somebody, each with the page where it is done. */
export function AttentionPanel({ items }: { items: { kind: string; count: number }[] }) {
  const t = useT()
  return (
    <Panel title={t("overview.attention")} flush>
      <ul className="attention">
        {items.map(({ kind, count }) => (
          <li key={kind}>
            <Link to={places[kind] ?? "/"}>
              {t.of("attention", kind)}
              <b className="numeric">{formatCount(count)}</b>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
