/** Whole fen (or cents) as people read them: 123456 → ¥1,234.56, or 1,234.56 where the currency is not said. */
export function formatMoney(fen: number, currency: string | undefined, language: string): string {
  const amount = fen / 100
  if (!currency) return amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB", {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  }).format(amount)
}

/** A count with separators; a count that was cut short carries a plus sign. */
export function formatCount(count: number, exact = true): string {
  return count.toLocaleString("en-US") + (exact ? "" : "+")
}

/** A share of one as a percentage; null when there is nothing to divide by. */
export function formatShare(part: number, whole: number): string | null {
  if (whole === 0) return null
  return `${((part / whole) * 100).toFixed(1)}%`
}
