import type { ImportDetailOut } from "../../api/schema"
import { MoneyText } from "../../components/MoneyText"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"

const shown = [
  "rows", "lines", "bad_rows", "orders", "sale_orders", "cancellation_orders", "adjustment_orders", "void_orders",
  "cancellation_rows", "rows_without_customer", "rows_without_title", "repeated_rows", "zero_price_rows",
] as const

/** What the check found in the file. */
export function SummaryPanel({ run }: { run: ImportDetailOut }) {
  const t = useT()
  const { summary } = run
  const currency = typeof run.options.currency === "string" ? run.options.currency : undefined
  return (
    <Panel title={t("import.found")}>
      <dl className="import-counts">
        {shown.map((name) => {
          const count = summary[name]
          return typeof count === "number" ? <Count key={name} label={t.of("importCount", name)} value={formatCount(count)} /> : null
        })}
        {typeof summary.quantity === "string" && <Count label={t("order.quantity")} value={summary.quantity} />}
        {typeof summary.amount_fen === "number" && (
          <Count label={t("order.amount")} value={<MoneyText fen={summary.amount_fen} currency={currency} />} />
        )}
        {typeof summary.returned_fen === "number" && summary.returned_fen !== 0 && (
          <Count label={t("import.returned")} value={<MoneyText fen={summary.returned_fen} currency={currency} />} />
        )}
        {typeof summary.first === "string" && <Count label={t("import.first")} value={summary.first.slice(0, 16)} />}
        {typeof summary.last === "string" && <Count label={t("import.last")} value={summary.last.slice(0, 16)} />}
      </dl>
    </Panel>
  )
}

/** What was written so far. */
export function CountsPanel({ run }: { run: ImportDetailOut }) {
  const t = useT()
  return (
    <Panel title={t("import.result")}>
      <dl className="import-counts">
        {Object.entries(run.counts).map(([name, count]) => (
          <Count key={name} label={t.of("importCount", name)} value={formatCount(count)} />
        ))}
      </dl>
    </Panel>
  )
}

function Count({ label, value }: { label: string; value: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="numeric">{value}</dd>
    </div>
  )
}
