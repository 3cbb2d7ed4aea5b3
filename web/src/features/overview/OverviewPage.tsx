import { DayChart } from "../../components/DayChart"
import { Figure, Figures } from "../../components/Figure"
import { LoadFailed } from "../../components/LoadFailed"
import { MoneyText } from "../../components/MoneyText"
import { PageHeader } from "../../components/PageHeader"
import { Panel } from "../../components/Panel"
import type { Overview } from "../../api/schema"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { useViewer } from "../../lib/viewer"
import { useOverview } from "./api"
import { AttentionPanel } from "./AttentionPanel"
import { FirstSteps } from "./FirstSteps"
import { SourcesPanel } from "./SourcesPanel"
import { LivePanel } from "./LivePanel"
import "./OverviewPage.css"

export function OverviewPage() {
  const t = useT()
  const { may } = useViewer()
  const { data, error, refetch } = useOverview()
  return (
    <>
      <PageHeader title={t("nav.overview")} help={t("overview.help")} />
      <div className="stack">
        {error && <LoadFailed error={error} what={t("nav.overview")} onRetry={() => void refetch()} />}
        {!error && <Today data={data} />}
        {data && data.setup.some((step) => !step.is_done) && <FirstSteps steps={data.setup} />}
        <div className="overview-columns">
          <Panel title={t("overview.month")}>
            <Month data={data} />
          </Panel>
          <div className="stack">
            {data && data.attention.length > 0 && <AttentionPanel items={data.attention} />}
            {data && data.sources.length > 0 && <SourcesPanel sources={data.sources} />}
            {may("events.see") && <LivePanel />}
          </div>
        </div>
      </div>
    </>
  )
}

function Today({ data }: { data: Overview | undefined }) {
  const t = useT()
  const loading = !data
  const compared = (count = 0) => t("overview.yesterday", { count: formatCount(count) })
  return (
    <Figures>
      <Figure label={t("overview.customers")} loading={loading} value={formatCount(data?.customers ?? 0)} note={t("overview.inPond")} />
      <Figure
        label={t("overview.addedToday")}
        loading={loading}
        tone="good"
        value={`+${formatCount(data?.added_today ?? 0)}`}
        note={compared(data?.added_yesterday)}
      />
      <Figure
        label={t("overview.lostToday")}
        loading={loading}
        tone={data?.lost_today ? "bad" : undefined}
        value={formatCount(data?.lost_today ?? 0)}
        note={compared(data?.lost_yesterday)}
      />
      <Figure
        label={t("overview.scansToday")}
        loading={loading}
        value={formatCount(data?.scans_today ?? 0)}
        note={t("overview.codes", { count: formatCount(data?.live_codes ?? 0) })}
      />
      <Figure
        label={t("overview.orders")}
        loading={loading}
        value={formatCount(data?.orders ?? 0)}
        note={<MoneyText fen={data?.amount_fen ?? 0} currency={data?.currency} />}
      />
    </Figures>
  )
}

function Month({ data }: { data: Overview | undefined }) {
  const t = useT()
  const days = data?.days ?? []
  return (
    <DayChart
      label={t("overview.month")}
      days={days.map(({ day }) => day)}
      series={[
        { name: t("flow.added"), kind: "bar", color: "teal", values: days.map(({ added }) => added) },
        { name: t("flow.lost"), kind: "bar", color: "coral", values: days.map(({ lost }) => lost), negative: true },
      ]}
      height={280}
    />
  )
}
