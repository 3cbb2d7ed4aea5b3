import { InputNumber, Segmented, Select } from "antd"
import { useMemo } from "react"

import type { ReportOut } from "../../api/schema"
import { Chart } from "../../components/Chart"
import type { Drawing } from "../../components/ChartCanvas"
import { PageHeader } from "../../components/PageHeader"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { useUrlFilters } from "../../lib/useUrlFilters"
import { AnswerTable } from "./AnswerTable"
import { AskBar } from "./AskBar"
import { useEventChoices } from "./eventChoices"
import { ReportPanel } from "./ReportPanel"
import { labelOf, numberOf, rowsOf, textOf } from "./table"
import { useAsked } from "./useAsked"
import "./insights.css"

const names = ["start", "depth", "way"] as const
const MOST_LINKS = 12 // of a step: beyond that nobody can read them

/** What people do after (or before) something, step by step. */
export function PathPage() {
  const t = useT()
  const asked = useAsked("90d")
  const { filters, change } = useUrlFilters(names)
  const choices = useEventChoices(asked.question)
  const start = filters.start ?? "contact.added"
  const query = { ...asked.question, start, depth: Number(filters.depth ?? 4), backwards: filters.way === "before" || undefined }
  return (
    <>
      <PageHeader title={t("nav.paths")} help={t("insight.pathHelp")} />
      <AskBar asked={asked} usual="90d" />
      <div className="stack">
        <ReportPanel
          title={t("nav.paths")}
          report="paths"
          query={query}
          figure="path"
          extra={
            <>
              <Segmented
                size="small"
                value={filters.way ?? "after"}
                onChange={(way) => change({ way: way === "after" ? undefined : way })}
                options={["after", "before"].map((value) => ({ value, label: t.of("insightWay", value) }))}
              />
              <Select showSearch size="small" aria-label={t("insight.start")} value={start} options={choices} optionFilterProp="label" onChange={(name: string) => change({ start: name })} style={{ width: 190 }} popupMatchSelectWidth={false} />
              <InputNumber size="small" min={1} max={8} value={query.depth} aria-label={t("insight.depth")} onChange={(depth) => change({ depth: depth ? String(depth) : undefined })} style={{ width: 60 }} />
            </>
          }
        >
          {(report) => <Flow report={report} />}
        </ReportPanel>
        <ReportPanel title={t("insight.pathTable")} report="paths" query={query} flush>
          {(report) => (
            <AnswerTable answer={report.answer} currency={report.currency} label={t("insight.pathTable")} cells={{ place: (row) => numberOf(row.place) + 1 }} />
          )}
        </ReportPanel>
      </div>
    </>
  )
}

function Flow({ report }: { report: ReportOut }) {
  const t = useT()
  const drawing = useMemo<Drawing>(() => {
    const rows = rowsOf(report.answer)
    const kept = rows.filter((row) => rows.filter((other) => other.place === row.place && numberOf(other.actors) > numberOf(row.actors)).length < MOST_LINKS)
    const links = kept.map((row) => ({
      from: `${numberOf(row.place)}|${textOf(row.from_name)}`,
      to: `${numberOf(row.place) + 1}|${textOf(row.to_name)}`,
      value: numberOf(row.actors),
    }))
    const named = links.flatMap(({ from, to }) => [from, to]).map((id) => [id, labelOf(report.answer, "to_name", id.split("|")[1])])
    const first = rows[0]
    if (first) named.push([`0|${textOf(first.from_name)}`, labelOf(report.answer, "from_name", first.from_name)])
    return { kind: "flow", links, names: Object.fromEntries(named) as Record<string, string>, format: (value) => formatCount(value) }
  }, [report])
  return (
    <div className="insight-heat">
      <div>
        <Chart label={t("nav.paths")} drawing={drawing} height={420} />
      </div>
    </div>
  )
}
