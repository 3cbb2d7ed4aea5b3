import { useMemo, useState } from "react"

import type { ReportOut } from "../../api/schema"
import { Chart } from "../../components/Chart"
import type { Drawing } from "../../components/ChartCanvas"
import { PageHeader } from "../../components/PageHeader"
import { useT } from "../../i18n"
import { AnswerTable } from "./AnswerTable"
import type { PeopleOf } from "./api"
import { AskBar } from "./AskBar"
import { PeopleDrawer, type Whose } from "./People"
import { ReportPanel } from "./ReportPanel"
import { numberOf, rowsOf, shortMoney, textOf } from "./table"
import { useAsked } from "./useAsked"
import "./insights.css"

/** What sells, what goes together, who buys most and where. */
export function ProductPage() {
  const t = useT()
  const asked = useAsked("90d")
  const query = asked.question
  const [whose, setWhose] = useState<Whose | null>(null)
  const open = (of: PeopleOf, title: string, more: object) => setWhose({ of, title, query: { ...query, ...more } })
  return (
    <>
      <PageHeader title={t("nav.products")} help={t("insight.productHelp")} />
      <AskBar asked={asked} usual="90d" orders />
      <div className="stack">
        <div className="insight-two">
          <ReportPanel title={t("insight.products")} report="products" query={query} flush>
            {(report) => (
              <AnswerTable
                answer={report.answer}
                currency={report.currency}
                label={t("insight.products")}
                pageSize={10}
                onOpen={(row) => open("product", textOf(row.title) || textOf(row.sku), { sku: textOf(row.sku) })}
              />
            )}
          </ReportPanel>
          <ReportPanel title={t("insight.best")} report="products" query={query} figure="gmv">
            {(report) => <Best report={report} />}
          </ReportPanel>
        </div>
        <ReportPanel title={t("insight.pairs")} report="pairs" query={query} figure="lift" flush>
          {(report) => <AnswerTable answer={report.answer} currency={report.currency} label={t("insight.pairs")} hidden={["a", "b"]} pageSize={10} />}
        </ReportPanel>
        <div className="insight-halves">
          <ReportPanel title={t("insight.topBuyers")} report="buyers" query={query} flush>
            {(report) => <AnswerTable answer={report.answer} currency={report.currency} label={t("insight.topBuyers")} pageSize={10} />}
          </ReportPanel>
          <ReportPanel title={t("insight.places")} report="places" query={query} flush>
            {(report) => (
              <AnswerTable
                answer={report.answer}
                currency={report.currency}
                label={t("insight.places")}
                pageSize={10}
                onOpen={(row) => open("buyers", t("insight.places"), { at_order_source: row.source_id, at_store: row.store_id ?? undefined })}
              />
            )}
          </ReportPanel>
        </div>
        <ReportPanel title={t("insight.hours")} report="hours" query={query}>
          {(report) => <Hours report={report} />}
        </ReportPanel>
      </div>
      <PeopleDrawer whose={whose} onClose={() => setWhose(null)} />
    </>
  )
}

function Best({ report }: { report: ReportOut }) {
  const t = useT()
  const drawing = useMemo<Drawing>(() => {
    const rows = rowsOf(report.answer).slice(0, 10)
    return {
      kind: "strokes",
      lying: true,
      labels: rows.map((row) => (textOf(row.title) || textOf(row.sku)).slice(0, 14)),
      format: (value) => shortMoney(value, t.language),
      strokes: [{ name: t.of("figure", "gmv"), kind: "bar", hue: "teal", values: rows.map((row) => numberOf(row.gmv_fen)) }],
    }
  }, [report, t])
  return <Chart label={t("insight.best")} drawing={drawing} height={340} />
}

function Hours({ report }: { report: ReportOut }) {
  const t = useT()
  const drawing = useMemo<Drawing>(() => {
    const rows = rowsOf(report.answer)
    const week = ["1", "2", "3", "4", "5", "6", "7"].map((day) => t.of("weekday", day))
    return {
      kind: "heat",
      columns: Array.from({ length: 24 }, (_, hour) => String(hour)),
      rows: week,
      cells: rows.map((row) => [numberOf(row.hour), numberOf(row.weekday), numberOf(row.orders)]),
      format: (value) => String(value),
      tell: (hour, day) => {
        const row = rows.find((each) => each.hour === hour && each.weekday === day)
        return row ? `${week[day] ?? ""} ${hour}:00<br>${numberOf(row.orders)} · ${shortMoney(numberOf(row.gmv_fen), t.language)}` : ""
      },
    }
  }, [report, t])
  return (
    <div className="insight-heat">
      <div>
        <Chart label={t("insight.hours")} drawing={drawing} height={230} />
      </div>
    </div>
  )
}
