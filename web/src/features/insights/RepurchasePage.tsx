import { Segmented } from "antd"
import { useMemo, useState } from "react"

import type { ReportOut } from "../../api/schema"
import { Chart } from "../../components/Chart"
import type { Drawing } from "../../components/ChartCanvas"
import { PageHeader } from "../../components/PageHeader"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { AnswerTable } from "./AnswerTable"
import type { PeopleOf } from "./api"
import { AskBar } from "./AskBar"
import { FigureCard } from "./FigureCard"
import { PeopleDrawer, type Whose } from "./People"
import { ReportPanel } from "./ReportPanel"
import { numberOf, numberOrNull, rowsOf, shortDay, shortMoney, textOf } from "./table"
import { useAsked } from "./useAsked"
import "./insights.css"

type Open = (of: PeopleOf, title: string, more?: object) => void

/** Who buys again, after how long, and how much of each cohort is left later. */
export function RepurchasePage() {
  const t = useT()
  const asked = useAsked("year")
  const query = { ...asked.question, ...asked.comparison }
  const [whose, setWhose] = useState<Whose | null>(null)
  const open: Open = (of, title, more = {}) => setWhose({ of, title, query: { ...asked.question, ...more } })
  const grain = asked.question.grain ?? "month"
  return (
    <>
      <PageHeader title={t("nav.repurchase")} help={t("insight.repurchaseHelp")} />
      <AskBar asked={asked} usual="year" compares grains orders />
      <div className="stack">
        <ReportPanel title={t("insight.howOften")} report="repurchase" query={query} figure="repurchase_rate">
          {(report) => <HowOften report={report} onOpen={open} />}
        </ReportPanel>
        <Cohorts query={{ ...asked.question, grain }} onOpen={open} />
        <div className="insight-halves">
          <ReportPanel title={t("insight.intervals")} report="intervals" query={asked.question} figure="repurchase_interval">
            {(report) => <Intervals report={report} />}
          </ReportPanel>
          <ReportPanel title={t("insight.newAndReturning")} report="sales" query={{ ...asked.question, grain }} figure="returning_revenue">
            {(report) => <NewAndReturning report={report} />}
          </ReportPanel>
        </div>
        <ReportPanel title={t("insight.tenure")} report="tenure" query={asked.question} figure="tenure" flush>
          {(report) => (
            <AnswerTable
              answer={report.answer}
              currency={report.currency}
              label={t("insight.tenure")}
              cells={{ band: (row) => (row.band === -1 ? t("insight.firstPurchase") : t("insight.daysFrom", { days: textOf(row.band) })) }}
            />
          )}
        </ReportPanel>
      </div>
      <PeopleDrawer whose={whose} onClose={() => setWhose(null)} />
    </>
  )
}

function HowOften({ report, onOpen }: { report: ReportOut; onOpen: Open }) {
  const t = useT()
  const { notes } = report.answer
  const before = report.compared?.notes
  const drawing = useMemo<Drawing>(() => {
    const rows = rowsOf(report.answer)
    return {
      kind: "strokes",
      labels: rows.map((row) => (row.times === 10 ? t("insight.tenOrMore") : t("insight.times", { times: textOf(row.times) }))),
      format: (value) => formatCount(value),
      strokes: [{ name: t("insight.people"), kind: "bar", hue: "teal", values: rows.map((row) => numberOf(row.people)) }],
    }
  }, [report, t])
  const card = (figure: string, kind: string, key: string, people?: PeopleOf) => (
    <FigureCard
      figure={figure}
      kind={kind}
      label={t.of("figure", figure)}
      value={numberOrNull(notes[key])}
      before={before ? numberOrNull(before[key]) : undefined}
      compared={Boolean(before)}
      currency={report.currency}
      onOpen={people && (() => onOpen(people, t.of("figure", figure)))}
    />
  )
  return (
    <div className="insight-two">
      <div className="insight-cards">
        {card("buyers", "count", "buyers", "buyers")}
        {card("new_buyers", "count", "new_buyers", "new_buyers")}
        {card("repurchasing", "count", "repurchasing", "repurchasing")}
        {card("repurchase_rate", "share", "repurchase_rate", "repurchasing")}
        {card("repurchase_interval", "days", "gap_median")}
      </div>
      <Chart
        label={t("insight.howOften")}
        drawing={drawing}
        height={200}
        onPick={({ index }) => {
          const times = numberOf(rowsOf(report.answer)[index]?.times)
          onOpen("times", t("insight.boughtTimes", { times }), { reached: times })
        }}
      />
    </div>
  )
}

const measures = ["share", "people", "gmv_fen"] as const
type Measure = (typeof measures)[number]

function Cohorts({ query, onOpen }: { query: { since: string; until: string; grain: "day" | "week" | "month" }; onOpen: Open }) {
  const t = useT()
  const [measure, setMeasure] = useState<Measure>("share")
  return (
    <ReportPanel
      title={t("insight.cohorts")}
      report="cohorts"
      query={query}
      figure="cohort"
      extra={
        <Segmented<Measure>
          size="small"
          value={measure}
          onChange={setMeasure}
          options={measures.map((value) => ({ value, label: t.of("insightMeasure", value) }))}
        />
      }
    >
      {(report) => <CohortMap report={report} measure={measure} onOpen={onOpen} />}
    </ReportPanel>
  )
}

const WIDEST = 60

function CohortMap({ report, measure, onOpen }: { report: ReportOut; measure: Measure; onOpen: Open }) {
  const t = useT()
  const rows = rowsOf(report.answer)
  const cohorts = useMemo(() => [...new Set(rowsOf(report.answer).map((row) => textOf(row.cohort)))], [report])
  const drawing = useMemo<Drawing>(() => {
    const told = rowsOf(report.answer).filter((row) => numberOf(row.age) < WIDEST)
    const ages = Math.max(...told.map((row) => numberOf(row.age))) + 1
    const sizes = new Map(told.map((row) => [textOf(row.cohort), numberOf(row.size)]))
    const show = (value: number) =>
      measure === "share" ? `${Math.round(value * 100)}%` : measure === "people" ? formatCount(value) : shortMoney(value, t.language)
    return {
      kind: "heat",
      columns: Array.from({ length: ages }, (_, age) => String(age)),
      rows: cohorts.map((cohort) => `${report.grain === "month" ? cohort.slice(0, 7) : cohort}  (${formatCount(sizes.get(cohort) ?? 0)})`),
      // everybody of a cohort buys in its first month: colours are for what comes after it
      cells: told
        .filter((row) => measure !== "share" || row.age !== 0)
        .map((row) => [numberOf(row.age), cohorts.indexOf(textOf(row.cohort)), numberOf(row[measure])]),
      format: show,
      tell: (age, place) => {
        const row = told.find((each) => each.cohort === cohorts[place] && each.age === age)
        return row
          ? `${textOf(row.cohort)} +${age}<br>${t("insight.people")} ${formatCount(numberOf(row.people))} / ${formatCount(numberOf(row.size))} (${(numberOf(row.share) * 100).toFixed(1)}%)<br>${t.of("figure", "gmv")} ${shortMoney(numberOf(row.gmv_fen), t.language)}`
          : ""
      },
    }
  }, [report, measure, cohorts, t])
  return (
    <div className="insight-heat">
      <div>
        <Chart
          label={t("insight.cohorts")}
          drawing={drawing}
          height={Math.max(120, 46 + cohorts.length * 26)}
          onPick={({ index }) => {
            const cell = drawing.kind === "heat" ? drawing.cells[index] : undefined
            const cohort = cell && cohorts[cell[1]]
            if (cell && cohort && rows.length) {
              onOpen("cohort", t("insight.cohortPeople", { cohort, age: cell[0] }), { cohort, age: cell[0], grain: report.grain })
            }
          }}
        />
      </div>
    </div>
  )
}

function Intervals({ report }: { report: ReportOut }) {
  const t = useT()
  const drawing = useMemo<Drawing>(() => {
    const rows = rowsOf(report.answer)
    return {
      kind: "strokes",
      labels: rows.map((row, place) => {
        const next = rows[place + 1]
        const from = numberOf(row.band)
        if (!next) return `${from}+`
        const to = numberOf(next.band) - 1
        return from === to ? String(from) : `${from}–${to}`
      }),
      format: (value) => formatCount(value),
      strokes: [{ name: t("insight.timesLabel"), kind: "bar", hue: "blue", values: rows.map((row) => numberOf(row.times)) }],
    }
  }, [report, t])
  return <Chart label={t("insight.intervals")} drawing={drawing} height={240} />
}

function NewAndReturning({ report }: { report: ReportOut }) {
  const t = useT()
  const drawing = useMemo<Drawing>(() => {
    const rows = rowsOf(report.answer)
    const of = (key: string) => rows.map((row) => numberOf(row[key]))
    return {
      kind: "strokes",
      labels: rows.map((row) => shortDay(row.bucket, report.grain)),
      format: (value) => shortMoney(value, t.language),
      strokes: [
        { name: t.of("figure", "new_revenue"), kind: "bar", hue: "gold", stack: "gmv", values: of("new_fen") },
        { name: t.of("figure", "returning_revenue"), kind: "bar", hue: "teal", stack: "gmv", values: of("returning_fen") },
        { name: t("insight.guests"), kind: "bar", hue: "grey", stack: "gmv", values: of("guest_fen") },
      ],
    }
  }, [report, t])
  return <Chart label={t("insight.newAndReturning")} drawing={drawing} height={240} />
}
