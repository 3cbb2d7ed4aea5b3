import { useT } from "../i18n"
import { formatMoney } from "../lib/money"

/** An amount in whole hundredths of its currency; a bare number where the currency is not said. */
export function MoneyText({ fen, currency }: { fen: number | null | undefined; currency?: string }) {
  const t = useT()
  if (fen == null) return <span className="muted">—</span>
  return <span className="numeric">{formatMoney(fen, currency, t.language)}</span>
}
