import { Segmented } from "antd"
import { useState } from "react"

import type { SegmentOut } from "../../api/schema"
import { DayChart } from "../../components/DayChart"
import { Figure, Figures } from "../../components/Figure"
import { LoadFailed } from "../../components/LoadFailed"
import { Panel } from "../../components/Panel"
import { TimeText } from "../../components/TimeText"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { readable } from "../../lib/readable"
import { useFlow } from "./api"

const SPANS = [30, 90] as const

/** What it says, how many they are, and who came and went of late. */
export function SegmentSummary({ segment }: { segment: SegmentOut }) {
  const t = useT()
  const [span, setSpan] = useState<number>(SPANS[0])
  const { data, error, refetch } = useFlow(segment.id, span)
  const days = data?.items ?? []
  const total = (of: "entered" | "left") => days.reduce((sum, day) => sum + day[of], 0)
  return (
    <div className="segment-summary">
      <Panel title={t("seg.rule")}>
        <p className="segment-sentence">{readable(segment.sentence)}</p>
        <Figures>
          <Figure
            label={t("seg.people")}
            loading={segment.count === null && segment.state === "live"}
            value={segment.count === null ? "—" : formatCount(segment.count)}
            note={segment.settled_at ? <>{t("seg.asOf")} <TimeText at={segment.frozen_at ?? segment.settled_at} /></> : t("seg.notCounted")}
          />
          <Figure
            label={t("seg.enteredIn", { days: span })}
            loading={!data}
            tone={total("entered") > 0 ? "good" : undefined}
            value={formatCount(total("entered"))}
            note={t("seg.inDay", { count: formatCount(segment.entered_lately) })}
          />
          <Figure
            label={t("seg.leftIn", { days: span })}
            loading={!data}
            tone={total("left") > 0 ? "bad" : undefined}
            value={formatCount(total("left"))}
            note={t("seg.inDay", { count: formatCount(segment.left_lately) })}
          />
        </Figures>
      </Panel>
      <Panel
        title={t("seg.flow")}
        extra={
          <Segmented<number>
            size="small"
            aria-label={t("seg.flow")}
            value={span}
            onChange={setSpan}
            options={SPANS.map((value) => ({ value, label: t("code.lastDays", { count: value }) }))}
          />
        }
      >
        {error ? (
          <LoadFailed error={error} what={t("seg.flow")} onRetry={() => void refetch()} />
        ) : (
          <DayChart
            height={190}
            label={t("seg.flow")}
            days={days.map(({ day }) => day)}
            series={[
              { name: t("seg.entered"), kind: "bar", color: "teal", values: days.map(({ entered }) => entered) },
              { name: t("seg.left"), kind: "bar", color: "coral", values: days.map(({ left }) => left), negative: true },
            ]}
          />
        )}
      </Panel>
    </div>
  )
}
