import { useMemo } from "react"

import type { ReportOut } from "../../api/schema"
import { Chart } from "../../components/Chart"
import type { Drawing, Hue } from "../../components/ChartCanvas"
import { useT } from "../../i18n"
import { AnswerTable } from "./AnswerTable"
import { formatValue, labelOf, numberOf, numberOrNull, type Row, rowsOf, shortDay, shortMoney, textOf } from "./table"

interface Look {
  /** Columns drawn, in their order. */
  columns: string[]
  hues: Hue[]
  kind: "bar" | "line"
  stacked?: boolean
  /** What stands at the axis, where it is not a step in time. */
  names?: string
}

/** How a report is drawn where it stands alone; what is not here is a table. */
const looks: Partial<Record<string, Look>> = {
  sales: { columns: ["gmv_fen"], hues: ["teal"], kind: "bar" },
  fields: { columns: ["private_fen", "public_fen", "store_fen"], hues: ["teal", "blue", "gold"], kind: "bar", stacked: true },
  people: { columns: ["new", "active", "buyers"], hues: ["teal", "blue", "coral"], kind: "line" },
  repurchase: { columns: ["people"], hues: ["teal"], kind: "bar", names: "times" },
  intervals: { columns: ["times"], hues: ["teal"], kind: "bar", names: "band" },
  funnel: { columns: ["people"], hues: ["teal"], kind: "bar", names: "event" },
}

export const canDraw = (report: string) => report in looks

/** Any report by itself: drawn where a drawing says more, else as its table. */
export function ReportView({ report, title, asTable }: { report: ReportOut; title: string; asTable: boolean }) {
  const look = asTable ? undefined : looks[report.report]
  if (look) return <Drawn report={report} look={look} title={title} />
  return <AnswerTable answer={report.answer} currency={report.currency} label={title} pageSize={8} />
}

function Drawn({ report, look, title }: { report: ReportOut; look: Look; title: string }) {
  const t = useT()
  const drawing = useMemo<Drawing>(() => {
    const rows = rowsOf(report.answer)
    const before = rowsOf(report.compared)
    const columnOf = (key: string) => report.answer.columns.find((column) => column.key === key)
    const isMoney = columnOf(look.columns[0] ?? "")?.kind === "fen"
    const nameOf = (row: Row) =>
      look.names ? labelOf(report.answer, look.names, row[look.names]) : shortDay(textOf(row.bucket), report.grain)
    const whole = (row: Row) => look.columns.reduce((sum, key) => sum + numberOf(row[key]), 0)
    return {
      kind: "strokes",
      labels: rows.map(nameOf),
      format: (value) => (isMoney ? shortMoney(value, t.language) : (formatValue("count", value, report.currency, t.language) ?? "")),
      strokes: [
        ...look.columns.map((key, place) => ({
          name: columnOf(key)?.name ?? key,
          kind: look.kind,
          hue: look.hues[place] ?? ("grey" as const),
          stack: look.stacked ? "all" : undefined,
          values: rows.map((row) => numberOrNull(row[key])),
        })),
        ...(before.length > 0 && (look.stacked || look.columns.length === 1)
          ? [{ name: t("insight.before"), kind: "line" as const, hue: "grey" as const, dashed: true, values: rows.map((_, place) => (before[place] ? whole(before[place]) : null)) }]
          : []),
      ],
    }
  }, [report, look, t])
  return <Chart label={title} drawing={drawing} height={240} />
}
