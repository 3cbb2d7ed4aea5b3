import { useT } from "../../i18n"
import { Hint } from "./Hint"
import { changeOf, formatValue } from "./table"

interface Props {
  figure: string
  label: string
  kind: string
  value: number | null | undefined
  before?: number | null
  compared?: boolean
  currency: string
  /** Less is better, as with refunds. */
  falling?: boolean
  loading?: boolean
  onOpen?: () => void
}

/** One figure with its definition, what it was before, and the way to its people. */
export function FigureCard({ figure, label, kind, value, before, compared, currency, falling, loading, onOpen }: Props) {
  const t = useT()
  const text = loading ? <span className="bar-skeleton" /> : (formatValue(kind, value, currency, t.language) ?? "—")
  return (
    <div className="insight-card">
      <header>
        {label}
        <Hint figure={figure} />
      </header>
      {onOpen && !loading && value ? (
        <button type="button" className="insight-open" onClick={onOpen} aria-label={t("insight.openPeople", { figure: label })}>
          <strong className="numeric">{text}</strong>
        </button>
      ) : (
        <strong className="numeric">{text}</strong>
      )}
      <div className="insight-change numeric" {...(compared && !loading ? wayOf(kind, value, before, falling) : {})}>
        {compared && !loading ? <Change kind={kind} value={value} before={before} currency={currency} /> : "\u00a0"}
      </div>
    </div>
  )
}

function wayOf(kind: string, value?: number | null, before?: number | null, falling?: boolean) {
  const moved = kind === "share" ? (value ?? 0) - (before ?? 0) : (changeOf(value ?? null, before ?? null) ?? 0)
  if (before == null || value == null || moved === 0) return {}
  return { "data-way": moved > 0 !== Boolean(falling) ? "up" : "down" }
}

function Change({ kind, value, before, currency }: { kind: string; value?: number | null; before?: number | null; currency: string }) {
  const t = useT()
  const earlier = formatValue(kind, before, currency, t.language) ?? "—"
  if (kind === "share" && value != null && before != null) {
    const points = (value - before) * 100
    return <>{`${points > 0 ? "↑" : points < 0 ? "↓" : ""}${t("insight.points", { points: Math.abs(points).toFixed(1) })} · ${earlier}`}</>
  }
  const change = changeOf(value ?? null, before ?? null)
  if (change == null) return <>{t("insight.earlier", { value: earlier })}</>
  return <>{`${change > 0 ? "↑" : change < 0 ? "↓" : ""}${Math.abs(change * 100).toFixed(1)}% · ${earlier}`}</>
}
