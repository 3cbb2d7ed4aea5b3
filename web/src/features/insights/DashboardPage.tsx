import { Select } from "antd"
import { useMemo, useState } from "react"

import type { BandOut, DashboardOut, Field } from "../../api/schema"
import { Chart } from "../../components/Chart"
import type { Drawing } from "../../components/ChartCanvas"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { useViewer } from "../../lib/viewer"
import { AnswerTable } from "./AnswerTable"
import { type PeopleOf, useDashboard, useOrderSources, useSetSourceField } from "./api"
import { AskBar } from "./AskBar"
import { FigureCard } from "./FigureCard"
import { Hint } from "./Hint"
import { NothingYet } from "./NothingYet"
import { PeopleDrawer, type Whose } from "./People"
import { numberOf, numberOrNull, rowsOf, shortDay, shortMoney, textOf } from "./table"
import { SaveCard } from "./SaveCard"
import { useAsked } from "./useAsked"
import "./insights.css"

interface Card {
  figure: string
  kind: string
  people?: PeopleOf
  falling?: boolean
}

const cards: Card[] = [
  { figure: "gmv", kind: "fen", people: "buyers" },
  { figure: "orders", kind: "count", people: "buyers" },
  { figure: "aov", kind: "fen" },
  { figure: "buyers", kind: "count", people: "buyers" },
  { figure: "new_buyers", kind: "count", people: "new_buyers" },
  { figure: "repurchasing", kind: "count", people: "repurchasing" },
  { figure: "repurchase_rate", kind: "share", people: "repurchasing" },
  { figure: "new_customers", kind: "count", people: "new_customers" },
  { figure: "active", kind: "count", people: "active" },
  { figure: "private_share", kind: "share", people: "buyers" },
  { figure: "effective_ratio", kind: "share", people: "effective" },
  { figure: "refunds", kind: "fen", falling: true },
]

const highs: Card[] = [
  { figure: "acquire", kind: "share", people: "added" },
  { figure: "convert", kind: "share", people: "converted" },
  { figure: "reputation", kind: "share", people: "lost" },
  { figure: "spread", kind: "share" },
  { figure: "repurchase_rate", kind: "share", people: "repurchasing" },
]

/** The loop at a glance: one period beside another, every figure with its words and its people. */
export function DashboardPage() {
  const t = useT()
  const asked = useAsked("30d")
  const query = { ...asked.question, ...asked.comparison }
  const { data, error, refetch, isPlaceholderData } = useDashboard(query)
  const [whose, setWhose] = useState<Whose | null>(null)
  const open = (of: PeopleOf, title: string, more: object = {}) => setWhose({ of, title, query: { ...asked.question, ...more } })

  return (
    <>
      <PageHeader title={t("nav.dashboard")} help={t("insight.dashboardHelp")} />
      <AskBar asked={asked} usual="30d" compares grains orders />
      {error ? (
        <LoadFailed error={error} what={t("nav.dashboard")} onRetry={() => void refetch()} />
      ) : (
        <div className="stack insight-answer" data-stale={isPlaceholderData || undefined}>
          <Cards which={cards} data={data} compared={query.compare !== "none"} onOpen={open} />
          <div className="insight-two">
            <Panel title={<Titled text={t("insight.fields")} figure="private_share" />} extra={<SaveCard title={t("insight.fields")} report="fields" query={query} />}>
              {data && isEmpty(data) ? <NothingYet /> : data && <Fields data={data} onOpen={open} />}
            </Panel>
            <Panel title={<Titled text={t("insight.share")} figure="private_share" />}>{data && <Share data={data} />}</Panel>
          </div>
          <Panel title={t("insight.fiveHighs")} extra={<SaveCard title={t("insight.fiveHighs")} report="scoreboard" query={query} />}>
            <Cards which={highs} data={data} compared={query.compare !== "none"} onOpen={open} />
          </Panel>
          <div className="insight-halves">
            <Panel title={<Titled text={t("insight.newBySource")} figure="new_customers" />} extra={<SaveCard title={t("insight.newBySource")} report="sources" query={query} />} flush>
              {data && (
                <AnswerTable
                  answer={data.sources}
                  currency={data.currency}
                  label={t("insight.newBySource")}
                  pageSize={8}
                  onOpen={(row) => open("new_customers", t("insight.newBySource"), { source: textOf(row.source) })}
                />
              )}
            </Panel>
            <SourceFields />
          </div>
        </div>
      )}
      <PeopleDrawer whose={whose} onClose={() => setWhose(null)} />
    </>
  )
}

type Open = (of: PeopleOf, title: string, more?: object) => void

function Titled({ text, figure }: { text: string; figure: string }) {
  return (
    <span className="insight-head">
      {text}
      <Hint figure={figure} />
    </span>
  )
}

function Cards({ which, data, compared, onOpen }: { which: Card[]; data?: DashboardOut; compared: boolean; onOpen: Open }) {
  const t = useT()
  const figures = new Map(data?.figures.map((figure) => [figure.key, figure]))
  return (
    <div className="insight-cards">
      {which.map(({ figure, kind, people, falling }) => {
        const label = t.of("figure", figure)
        return (
          <FigureCard
            key={figure}
            figure={figure}
            label={label}
            kind={kind}
            value={figures.get(figure)?.value}
            before={figures.get(figure)?.before}
            compared={compared}
            currency={data?.currency ?? "CNY"}
            falling={falling}
            loading={!data}
            onOpen={people && (() => onOpen(people, label, figure === "private_share" ? { field: "private" } : {}))}
          />
        )
      })}
    </div>
  )
}

function isEmpty(data: DashboardOut): boolean {
  return rowsOf(data.fields).every((row) => !row.private_fen && !row.public_fen && !row.store_fen)
}

const fields = [
  { field: "private", hue: "teal" },
  { field: "public", hue: "blue" },
  { field: "store", hue: "gold" },
] as const

function Fields({ data, onOpen }: { data: DashboardOut; onOpen: Open }) {
  const t = useT()
  const drawing = useMemo<Drawing>(() => {
    const rows = rowsOf(data.fields)
    const before = rowsOf(data.fields_before)
    const whole = (row: Record<string, unknown>) => fields.reduce((sum, { field }) => sum + numberOf(row[`${field}_fen`]), 0)
    return {
      kind: "strokes",
      labels: rows.map((row) => shortDay(row.bucket, data.grain)),
      format: (value) => shortMoney(value, t.language),
      strokes: [
        ...fields.map(({ field, hue }) => ({
          name: t.of("insightField", field),
          kind: "bar" as const,
          hue,
          stack: "gmv",
          values: rows.map((row) => numberOf(row[`${field}_fen`])),
        })),
        ...(before.length
          ? [{ name: t("insight.before"), kind: "line" as const, hue: "grey" as const, dashed: true, values: rows.map((_, place) => (before[place] ? whole(before[place]) : null)) }]
          : []),
      ],
    }
  }, [data, t])
  const at = (index: number) => textOf(rowsOf(data.fields)[index]?.bucket)
  return (
    <Chart
      label={t("insight.fields")}
      drawing={drawing}
      onPick={({ index, series }) => {
        const field = fields[series]?.field
        onOpen("buyers", `${at(index)} · ${field ? t.of("insightField", field) : t("insight.fields")}`, { at: at(index), field, grain: data.grain })
      }}
    />
  )
}

function Share({ data }: { data: DashboardOut }) {
  const t = useT()
  const bands = data.bands.filter(({ figure }) => figure === "private_share")
  const drawing = useMemo<Drawing>(() => {
    const rows = rowsOf(data.fields)
    return {
      kind: "strokes",
      labels: rows.map((row) => shortDay(row.bucket, data.grain)),
      format: (value) => `${Math.round(value * 100)}%`,
      bands: data.bands.filter(({ figure }) => figure === "private_share").map(({ low, high, label }) => ({ from: low, to: high, name: label })),
      strokes: [
        { name: t.of("figure", "private_share"), kind: "line", hue: "teal", share: true, values: rows.map((row) => numberOrNull(row.private_share)) },
      ],
    }
  }, [data, t])
  return (
    <>
      <Chart label={t("insight.share")} drawing={drawing} height={228} />
      <p className="muted small">{bands.map(bandText).join("；")}</p>
      <p className="muted small">{bands[0] && t("insight.bandSource", { source: bands[0].source })}</p>
    </>
  )
}

const bandText = ({ label, low, high }: BandOut) =>
  high >= 1 ? `${label} ${Math.round(low * 100)}%+` : `${label} ${Math.round(low * 100)}–${Math.round(high * 100)}%`

/** Where each order source sells: decides what counts as private. */
function SourceFields() {
  const t = useT()
  const { may } = useViewer()
  const { data } = useOrderSources()
  const set = useSetSourceField()
  return (
    <Panel title={<Titled text={t("insight.sourceFields")} figure="private_share" />}>
      <p className="muted small">{t("insight.sourceFieldsHelp")}</p>
      <div className="insight-field-select">
        {data?.map(({ id, name, field }) => (
          <label key={id} className="row">
            <span>{name}</span>
            <Select<Field>
              size="small"
              aria-label={name}
              value={field}
              disabled={!may("insights.edit") || set.isPending}
              options={fields.map((each) => ({ value: each.field, label: t.of("insightField", each.field) }))}
              onChange={(chosen) => set.mutate({ id, field: chosen })}
              style={{ width: 92 }}
            />
          </label>
        ))}
      </div>
      {set.error && <LoadFailed error={set.error} />}
    </Panel>
  )
}
