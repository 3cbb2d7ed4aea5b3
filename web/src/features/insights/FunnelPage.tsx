import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons"
import { Button, Checkbox, InputNumber, Select } from "antd"
import { useMemo, useState } from "react"

import type { ReportOut } from "../../api/schema"
import { Chart } from "../../components/Chart"
import type { Drawing } from "../../components/ChartCanvas"
import { PageHeader } from "../../components/PageHeader"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { useUrlFilters } from "../../lib/useUrlFilters"
import { AnswerTable } from "./AnswerTable"
import { AskBar } from "./AskBar"
import { type EventChoice, useEventChoices } from "./eventChoices"
import { PeopleDrawer, type Whose } from "./People"
import { ReportPanel } from "./ReportPanel"
import { formatDuration, labelOf, numberOf, numberOrNull, rowsOf, textOf } from "./table"
import { useAsked } from "./useAsked"
import "./insights.css"

const names = ["step", "exclude", "window", "by_source", "first", "returning"] as const
const DAY = 86_400

/** Steps in their order within a window, where people stop, and who comes back. */
export function FunnelPage() {
  const t = useT()
  const asked = useAsked("90d")
  const { filters, change } = useUrlFilters(names)
  const choices = useEventChoices(asked.question)
  const [whose, setWhose] = useState<Whose | null>(null)
  const steps = filters.step?.split(",") ?? ["contact.added", "order.placed"]
  const days = Number(filters.window ?? 30)
  const query = {
    ...asked.question,
    step: steps,
    exclude: filters.exclude?.split(","),
    window: Math.round(days * DAY),
    by_source: filters.by_source === "true" || undefined,
  }
  const open = (title: string, pick: object) => setWhose({ of: "funnel", title, query: { ...query, ...pick } })
  return (
    <>
      <PageHeader title={t("nav.funnels")} help={t("insight.funnelHelp")} />
      <AskBar asked={asked} usual="90d" compares grains />
      <div className="stack">
        <Panel title={t("insight.build")}>
          <Builder steps={steps} choices={choices} onChange={(next) => change({ step: next.join(",") })} />
          <div className="row" style={{ flexWrap: "wrap", marginTop: 12, gap: 12 }}>
            <label className="row">
              {t("insight.window")}
              <InputNumber size="small" min={1} max={366} value={days} onChange={(value) => change({ window: value ? String(value) : undefined })} style={{ width: 76 }} />
              {t("insight.daysUnit")}
            </label>
            <Select
              mode="multiple"
              size="small"
              allowClear
              maxTagCount="responsive"
              aria-label={t("insight.exclude")}
              placeholder={t("insight.exclude")}
              value={filters.exclude?.split(",") ?? []}
              options={choices.filter(({ value }) => !steps.includes(value))}
              onChange={(chosen: string[]) => change({ exclude: chosen.length ? chosen.join(",") : undefined })}
              style={{ minWidth: 200 }}
              popupMatchSelectWidth={false}
            />
            <Checkbox checked={Boolean(query.by_source)} onChange={({ target }) => change({ by_source: target.checked ? "true" : undefined })}>
              {t("insight.bySource")}
            </Checkbox>
          </div>
        </Panel>
        <ReportPanel title={t("insight.funnel")} report="funnel" query={{ ...query, ...asked.comparison }} figure="funnel" flush={query.by_source}>
          {(report) =>
            query.by_source ? (
              <AnswerTable answer={report.answer} currency={report.currency} label={t("insight.funnel")} pageSize={24} />
            ) : (
              <Steps report={report} onOpen={open} />
            )
          }
        </ReportPanel>
        <Retention asked={asked} choices={choices} first={filters.first} returning={filters.returning} onChange={change} />
      </div>
      <PeopleDrawer whose={whose} onClose={() => setWhose(null)} />
    </>
  )
}

function Builder({ steps, choices, onChange }: { steps: string[]; choices: EventChoice[]; onChange: (steps: string[]) => void }) {
  const t = useT()
  const moved = (from: number, to: number) => {
    const next = [...steps]
    const [taken] = next.splice(from, 1)
    if (taken) next.splice(to, 0, taken)
    onChange(next)
  }
  return (
    <div className="stack">
      {steps.map((step, place) => (
        <div className="row" key={`${place}${step}`}>
          <span className="muted numeric">{place + 1}</span>
          <Select
            showSearch
            size="small"
            aria-label={t("insight.step", { place: place + 1 })}
            value={step}
            options={choices}
            optionFilterProp="label"
            onChange={(name: string) => onChange(steps.map((old, at) => (at === place ? name : old)))}
            style={{ flex: "1 1 160px", maxWidth: 340 }}
          />
          <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={place === 0} aria-label={t("insight.earlierStep")} onClick={() => moved(place, place - 1)} />
          <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={place === steps.length - 1} aria-label={t("insight.laterStep")} onClick={() => moved(place, place + 1)} />
          <Button size="small" type="text" icon={<DeleteOutlined />} disabled={steps.length <= 2} aria-label={t("insight.removeStep")} onClick={() => onChange(steps.filter((_, at) => at !== place))} />
        </div>
      ))}
      {steps.length < 8 && (
        <div>
          <Button size="small" icon={<PlusOutlined />} onClick={() => onChange([...steps, choices.find(({ value }) => !steps.includes(value))?.value ?? "order.placed"])}>
            {t("insight.addStep")}
          </Button>
        </div>
      )}
    </div>
  )
}

function Steps({ report, onOpen }: { report: ReportOut; onOpen: (title: string, pick: object) => void }) {
  const t = useT()
  const rows = rowsOf(report.answer)
  const before = rowsOf(report.compared)
  return (
    <ol className="insight-steps">
      {rows.map((row, place) => {
        const people = numberOf(row.people)
        const lost = people - numberOf(rows[place + 1]?.people)
        const name = labelOf(report.answer, "event", row.event)
        const seconds = numberOrNull(row.median_seconds)
        const earlier = before[place]
        return (
          <li key={place} className="insight-step">
            <div>
              <b>{`${place + 1}. ${name}`}</b>
              <div className="muted small">{place > 0 && seconds != null && t("insight.median", { time: formatDuration(seconds, t.language) })}</div>
            </div>
            <div className="insight-step-bar">
              <button
                type="button"
                style={{ width: `${numberOf(row.of_first) * 100}%` }}
                aria-label={t("insight.openPeople", { figure: name })}
                onClick={() => onOpen(name, { reached: place + 1 })}
              />
            </div>
            <div className="numeric">
              <b>{formatCount(people)}</b> {`${(numberOf(row.of_first) * 100).toFixed(1)}%`}
              {earlier && <span className="muted small">{` (${(numberOf(earlier.of_first) * 100).toFixed(1)}%)`}</span>}
              {place < rows.length - 1 && lost > 0 && (
                <div>
                  <button type="button" className="insight-step-lost" onClick={() => onOpen(t("insight.stoppedAt", { step: name }), { reached: place + 1, stopped: true })}>
                    {t("insight.stopped", { people: formatCount(lost) })}
                  </button>
                </div>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}

interface RetentionProps {
  asked: ReturnType<typeof useAsked>
  choices: EventChoice[]
  first?: string
  returning?: string
  onChange: (changes: { first?: string; returning?: string }) => void
}

function Retention({ asked, choices, first, returning, onChange }: RetentionProps) {
  const t = useT()
  const query = { ...asked.question, grain: asked.question.grain ?? ("week" as const), first: first ? [first] : undefined, returning: returning ? [returning] : undefined }
  const choose = (label: string, value: string | undefined, change: (name?: string) => void) => (
    <Select
      allowClear
      showSearch
      size="small"
      aria-label={label}
      placeholder={label}
      value={value}
      options={choices}
      optionFilterProp="label"
      onChange={(name?: string) => change(name)}
      style={{ width: 150 }}
      popupMatchSelectWidth={false}
    />
  )
  return (
    <ReportPanel
      title={t("insight.retention")}
      report="retention"
      query={query}
      figure="retention"
      extra={
        <>
          {choose(t("insight.firstEvent"), first, (name) => onChange({ first: name }))}
          {choose(t("insight.returningEvent"), returning, (name) => onChange({ returning: name }))}
        </>
      }
    >
      {(report) => <RetentionMap report={report} />}
    </ReportPanel>
  )
}

function RetentionMap({ report }: { report: ReportOut }) {
  const t = useT()
  const drawing = useMemo<Drawing>(() => {
    const rows = rowsOf(report.answer)
    const cohorts = [...new Set(rows.map((row) => textOf(row.cohort)))]
    const ages = Math.min(60, Math.max(...rows.map((row) => numberOf(row.age)), 0) + 1)
    const sizes = new Map(rows.map((row) => [textOf(row.cohort), numberOf(row.size)]))
    return {
      kind: "heat",
      columns: Array.from({ length: ages }, (_, age) => String(age)),
      rows: cohorts.map((cohort) => `${cohort}  (${formatCount(sizes.get(cohort) ?? 0)})`),
      cells: rows
        .filter((row) => row.age !== 0 && numberOf(row.age) < ages)
        .map((row) => [numberOf(row.age), cohorts.indexOf(textOf(row.cohort)), numberOf(row.share)]),
      format: (value) => `${Math.round(value * 100)}%`,
      tell: (age, place) => {
        const row = rows.find((each) => each.cohort === cohorts[place] && each.age === age)
        return row ? `${textOf(row.cohort)} +${age}<br>${formatCount(numberOf(row.people))} / ${formatCount(numberOf(row.size))}` : ""
      },
    }
  }, [report])
  const lines = drawing.kind === "heat" ? drawing.rows.length : 0
  return (
    <div className="insight-heat">
      <div>
        <Chart label={t("insight.retention")} drawing={drawing} height={Math.max(120, 46 + lines * 26)} />
      </div>
    </div>
  )
}
