import { Button, InputNumber, Select, Switch } from "antd"
import { useState } from "react"

import type { BoundsShape, ReportOut } from "../../api/schema"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { useT } from "../../i18n"
import { formatCount, formatShare } from "../../lib/money"
import { useUrlFilters } from "../../lib/useUrlFilters"
import { useViewer } from "../../lib/viewer"
import { useSetBounds } from "./api"
import { AskBar } from "./AskBar"
import { PeopleDrawer, type Whose } from "./People"
import { ReportPanel } from "./ReportPanel"
import { numberOf, type Row, rowsOf, shortMoney } from "./table"
import { useAsked } from "./useAsked"
import "./insights.css"

const names = ["quintiles", "m"] as const

interface KindOut {
  key: string
  name: string
  advice: string
}

/** Every buyer scored by recency, frequency and money; a click leads to the people of a cell. */
export function RfmPage() {
  const t = useT()
  const asked = useAsked("year")
  const { filters, change } = useUrlFilters(names)
  const [whose, setWhose] = useState<Whose | null>(null)
  const query = { ...asked.question, quintiles: filters.quintiles === "true" || undefined }
  const open = (title: string, pick: object) => setWhose({ of: "rfm", title, query: { ...query, ...pick } })
  return (
    <>
      <PageHeader title={t("nav.rfm")} help={t("insight.rfmHelp")} />
      <AskBar asked={asked} usual="year" orders />
      <div className="stack">
        <ReportPanel
          title={t("insight.rfmGrid")}
          report="rfm"
          query={query}
          figure="rfm"
          extra={
            <>
              <label className="row small">
                <Switch size="small" checked={Boolean(query.quintiles)} onChange={(on) => change({ quintiles: on ? "true" : undefined })} />
                {t("insight.quintiles")}
              </label>
              <Select
                size="small"
                aria-label={t("insight.money")}
                value={filters.m ?? ""}
                onChange={(m: string) => change({ m: m || undefined })}
                options={["", "5", "4", "3", "2", "1"].map((m) => ({ value: m, label: m ? `M = ${m}` : t("insight.anyMoney") }))}
                style={{ width: 110 }}
              />
            </>
          }
        >
          {(report) => (
            <div className="insight-halves">
              <Grid report={report} money={filters.m ? Number(filters.m) : undefined} onOpen={open} />
              <Kinds report={report} onOpen={open} />
            </div>
          )}
        </ReportPanel>
        <ReportPanel title={t("insight.bounds")} report="rfm" query={query} figure="rfm">
          {(report) => (
            <BoundsForm
              key={JSON.stringify(report.answer.notes.bounds)}
              bounds={report.answer.notes.bounds as BoundsShape}
              fixed={Boolean(query.quintiles)}
            />
          )}
        </ReportPanel>
      </div>
      <PeopleDrawer whose={whose} onClose={() => setWhose(null)} />
    </>
  )
}

type Open = (title: string, pick: object) => void
const scores = [5, 4, 3, 2, 1]

function sumOf(rows: Row[], key: string): number {
  return rows.reduce((sum, row) => sum + numberOf(row[key]), 0)
}

function Grid({ report, money, onOpen }: { report: ReportOut; money?: number; onOpen: Open }) {
  const t = useT()
  const rows = rowsOf(report.answer).filter((row) => money === undefined || row.m === money)
  const cellOf = (r: number, f: number) => rows.filter((row) => row.r === r && row.f === f)
  const most = Math.max(...scores.flatMap((r) => scores.map((f) => sumOf(cellOf(r, f), "people"))), 1)
  return (
    <div className="insight-grid" role="grid" aria-label={t("insight.rfmGrid")}>
      <span>R╲F</span>
      {[...scores].reverse().map((f) => (
        <span key={f}>{`F${f}`}</span>
      ))}
      {scores.map((r) => [
        <span key={r}>{`R${r}`}</span>,
        ...[...scores].reverse().map((f) => {
          const cell = cellOf(r, f)
          const people = sumOf(cell, "people")
          return (
            <button
              type="button"
              key={`${r}${f}`}
              disabled={!people}
              style={{ "--heat": Math.sqrt(people / most) } as React.CSSProperties}
              aria-label={t("insight.cell", { r, f, people: formatCount(people) })}
              onClick={() => onOpen(`R${r} F${f}${money ? ` M${money}` : ""}`, { r, f, m: money })}
            >
              <b>{people ? formatCount(people) : "·"}</b>
              {people > 0 && shortMoney(sumOf(cell, "spent_fen"), t.language)}
            </button>
          )
        }),
      ])}
    </div>
  )
}

function Kinds({ report, onOpen }: { report: ReportOut; onOpen: Open }) {
  const t = useT()
  const rows = rowsOf(report.answer)
  const all = sumOf(rows, "people")
  const kinds = report.answer.notes.kinds as KindOut[]
  return (
    <div className="insight-kinds">
      {kinds.map(({ key, name, advice }) => {
        const mine = rows.filter((row) => row.kind === key)
        const people = sumOf(mine, "people")
        return (
          <button type="button" key={key} disabled={!people} onClick={() => onOpen(name, { kind: key })}>
            <b>{name}</b>{" "}
            <span className="numeric">
              {formatCount(people)} · {formatShare(people, all) ?? "—"} · {shortMoney(sumOf(mine, "spent_fen"), t.language)}
            </span>
            <div className="muted small">{advice}</div>
          </button>
        )
      })}
    </div>
  )
}

const parts = [
  { key: "recency_days", scale: 1 },
  { key: "purchases", scale: 1 },
  { key: "spent_fen", scale: 100 },
] as const

function BoundsForm({ bounds, fixed }: { bounds: BoundsShape; fixed: boolean }) {
  const t = useT()
  const { may } = useViewer()
  const [draft, setDraft] = useState(bounds)
  const set = useSetBounds()
  const editable = may("insights.edit") && !fixed
  return (
    <div className="stack">
      <p className="muted small">{fixed ? t("insight.boundsByQuintiles") : t("insight.boundsHelp")}</p>
      <div className="insight-bounds">
        {parts.map(({ key, scale }) => [
          <label key={key}>{t.of("insightBound", key)}</label>,
          ...[0, 1, 2, 3].map((place) => (
            <InputNumber
              key={`${key}${place}`}
              size="small"
              min={0}
              precision={0}
              disabled={!editable}
              aria-label={`${t.of("insightBound", key)} ${place + 1}`}
              value={Math.round((draft[key][place] ?? 0) / scale)}
              onChange={(value) =>
                setDraft((before) => ({ ...before, [key]: before[key].map((old, at) => (at === place ? (value ?? 0) * scale : old)) }))
              }
              style={{ width: "100%" }}
            />
          )),
        ])}
      </div>
      {set.error && <LoadFailed error={set.error} />}
      {editable && (
        <div className="row">
          <Button type="primary" size="small" loading={set.isPending} disabled={draft === bounds} onClick={() => set.mutate(draft)}>
            {t("action.save")}
          </Button>
          <Button size="small" disabled={draft === bounds} onClick={() => setDraft(bounds)}>
            {t("action.cancel")}
          </Button>
        </div>
      )}
    </div>
  )
}
