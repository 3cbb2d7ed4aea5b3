import { Checkbox, DatePicker, Select } from "antd"
import dayjs from "dayjs"

import { ChoiceFilter, FilterBar } from "../../components/FilterBar"
import { StoreSelect } from "../../components/pickers/StoreSelect"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useOrderSources, useSegmentChoices } from "./api"
import { type Range, ranges } from "./period"
import type { Asked } from "./useAsked"

interface Props {
  asked: Asked
  usual: Range
  /** Whether the page can set a second period beside the first. */
  compares?: boolean
  grains?: boolean
  /** Orders by source and store, and one purchase a day. */
  orders?: boolean
}

/** Which days, in what steps, beside which others, of which orders. */
export function AskBar({ asked, usual, compares, grains, orders }: Props) {
  const t = useT()
  const { may } = useViewer()
  const { filters, change, clear, active, question } = asked
  const isCustom = filters.range?.includes("~")
  return (
    <FilterBar active={active} onClear={clear}>
      <Select
        aria-label={t("insight.range")}
        value={isCustom ? "custom" : (filters.range ?? usual)}
        options={[...ranges, ...(isCustom ? (["custom"] as const) : [])].map((range) => ({ value: range, label: t.of("insightRange", range) }))}
        onChange={(range: string) => range !== "custom" && change({ range: range === usual ? undefined : range })}
        style={{ width: 116 }}
      />
      <DatePicker.RangePicker
        allowClear={false}
        aria-label={t("insight.days")}
        value={[dayjs(question.since), dayjs(question.until)]}
        onChange={(days) =>
          days?.[0] && days[1] && change({ range: `${days[0].format("YYYY-MM-DD")}~${days[1].format("YYYY-MM-DD")}` })
        }
        style={{ width: 232 }}
      />
      {compares && <Comparison asked={asked} />}
      {grains && (
        <ChoiceFilter
          label={t("insight.grain")}
          width={92}
          value={filters.grain}
          onChange={(grain) => change({ grain })}
          options={["day", "week", "month"].map((value) => ({ value, label: t.of("insightGrain", value) }))}
        />
      )}
      {may("segments.see") && <OfSegment asked={asked} />}
      {orders && <Orders asked={asked} />}
    </FilterBar>
  )
}

function Comparison({ asked }: { asked: Asked }) {
  const t = useT()
  const { filters, change } = asked
  const [since, until] = (filters.against ?? "").split("~")
  return (
    <>
      <Select
        aria-label={t("insight.compare")}
        value={filters.compare ?? "none"}
        options={["none", "before", "year", "other"].map((value) => ({ value, label: t.of("insightCompare", value) }))}
        onChange={(compare: string) => change({ compare: compare === "none" ? undefined : compare, against: undefined })}
        style={{ width: 136 }}
      />
      {filters.compare === "other" && (
        <DatePicker.RangePicker
          aria-label={t("insight.compareDays")}
          value={since && until ? [dayjs(since), dayjs(until)] : null}
          onChange={(days) =>
            change({
              against: days?.[0] && days[1] ? `${days[0].format("YYYY-MM-DD")}~${days[1].format("YYYY-MM-DD")}` : undefined,
            })
          }
          style={{ width: 232 }}
        />
      )}
    </>
  )
}

function OfSegment({ asked }: { asked: Asked }) {
  const t = useT()
  const { filters, change } = asked
  const { data: segments } = useSegmentChoices()
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      aria-label={t("insight.segment")}
      placeholder={t("insight.segment")}
      value={filters.segment}
      options={segments?.map(({ id, name }) => ({ value: String(id), label: readable(name) }))}
      onChange={(segment?: string) => change({ segment })}
      style={{ width: 130 }}
      popupMatchSelectWidth={false}
    />
  )
}

function Orders({ asked }: { asked: Asked }) {
  const t = useT()
  const { filters, change } = asked
  const { data: sources } = useOrderSources()
  return (
    <>
      <Select
        mode="multiple"
        allowClear
        maxTagCount="responsive"
        aria-label={t("insight.orderSource")}
        placeholder={t("insight.orderSource")}
        value={filters.order_source?.split(",") ?? []}
        options={sources?.map(({ id, name }) => ({ value: String(id), label: name }))}
        optionFilterProp="label"
        onChange={(ids: string[]) => change({ order_source: ids.length ? ids.join(",") : undefined })}
        style={{ minWidth: 130, maxWidth: 240 }}
        popupMatchSelectWidth={false}
      />
      <StoreSelect
        width={130}
        label={t("insight.store")}
        value={filters.store ? Number(filters.store) : undefined}
        onChange={(store) => change({ store: store ? String(store) : undefined })}
      />
      <Checkbox checked={filters.one_a_day === "true"} onChange={({ target }) => change({ one_a_day: target.checked ? "true" : undefined })}>
        {t("insight.oneADay")}
      </Checkbox>
    </>
  )
}
