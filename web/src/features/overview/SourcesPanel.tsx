import { Link } from "react-router"

import type { SourceOut } from "../../api/schema"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { formatCount, formatShare } from "../../lib/money"
import { readable } from "../../lib/readable"

/** Where people came from, as bars that lead to them. */
export function SourcesPanel({ sources }: { sources: SourceOut[] }) {
  const t = useT()
  const total = sources.reduce((sum, { count }) => sum + count, 0)
  return (
    <Panel title={t("overview.sources")}>
      <ul className="sources">
        {sources.slice(0, 8).map(({ source, label, count }) => (
          <li key={source}>
            <Link to={`/customers?source=${encodeURIComponent(source)}`} className="clip">
              {readable(label) || t("overview.noSource")}
            </Link>
            <span className="source-bar" aria-hidden="true">
              <i style={{ width: formatShare(count, total) ?? 0 }} />
            </span>
            <span className="numeric small">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
