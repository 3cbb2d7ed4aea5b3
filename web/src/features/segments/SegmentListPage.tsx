import { PlusOutlined } from "@ant-design/icons"
import { Button } from "antd"
import { Link, useNavigate } from "react-router"

import type { SegmentRow } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { ChoiceFilter, FilterBar, SearchField } from "../../components/FilterBar"
import { Name } from "../../components/Name"
import { PageHeader } from "../../components/PageHeader"
import { type Column, ServerTable } from "../../components/ServerTable"
import { TimeText } from "../../components/TimeText"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { useUrlFilters } from "../../lib/useUrlFilters"
import { useViewer } from "../../lib/viewer"
import { segmentFilters, segmentStates, useSegments } from "./api"
import { ExampleCards } from "./ExampleCards"
import { SegmentStateTag } from "./SegmentStateTag"
import "./segments.css"

const FEW = 4 // with no more than these, examples still help

export function SegmentListPage() {
  const t = useT()
  const { may } = useViewer()
  const navigate = useNavigate()
  const pager = usePager()
  const { filters, change, clear, active } = useUrlFilters(segmentFilters)
  const query = useSegments(filters, pager.cursor)
  const mayEdit = may("segments.edit")
  const isNew = query.data?.items.length === 0 && active === 0
  const isSmall = query.data !== undefined && !query.data.next && query.data.items.length <= FEW && active === 0
  return (
    <>
      <PageHeader
        title={t("nav.segments")}
        help={t("seg.help")}
        actions={
          mayEdit && (
            <Link to="/segments/new">
              <Button type="primary" icon={<PlusOutlined />}>
                {t("seg.new")}
              </Button>
            </Link>
          )
        }
      />
      {!isNew && (
        <FilterBar active={active} onClear={clear}>
          <SearchField value={filters.q} placeholder={t("seg.search")} onChange={(q) => change({ q })} />
          <ChoiceFilter
            label={t("accounts.state")}
            value={filters.state}
            onChange={(state) => change({ state })}
            options={segmentStates.map((state) => ({ value: state, label: t.of("segState", state) }))}
          />
        </FilterBar>
      )}
      <ServerTable
        label={t("nav.segments")}
        query={query}
        pager={pager}
        rowKey="id"
        columns={useColumns()}
        minWidth={820}
        onOpen={(segment) => void navigate(`/segments/${segment.id}`)}
        empty={active > 0 ? <NothingFound onClear={clear} /> : <NoneYet mayEdit={mayEdit} />}
      />
      {isSmall && mayEdit && (
        <section className="segment-start">
          <h2>{t("seg.examples")}</h2>
          <ExampleCards />
        </section>
      )}
    </>
  )
}

function useColumns(): Column<SegmentRow>[] {
  const t = useT()
  return [
    {
      title: t("seg.name"),
      key: "name",
      render: (_, row) => (
        <Link to={`/segments/${row.id}`} className="segment-name">
          <Name text={row.name} strong />
          <span className="small muted segment-says" title={readable(row.sentence)}>
            {readable(row.sentence)}
          </span>
        </Link>
      ),
    },
    {
      title: t("seg.people"),
      key: "count",
      width: 100,
      align: "right",
      className: "numeric",
      render: (_, row) => (row.count === null ? <span className="muted">—</span> : <strong>{formatCount(row.count)}</strong>),
    },
    { title: t("seg.day"), key: "day", width: 120, align: "right", render: (_, row) => <DayChange row={row} /> },
    { title: t("accounts.state"), key: "state", width: 110, render: (_, row) => <SegmentStateTag segment={row} /> },
    { title: t("seg.updated"), key: "updated", width: 120, render: (_, row) => <TimeText at={row.updated_at} /> },
  ]
}

/** Who came and who went within a day. */
function DayChange({ row }: { row: SegmentRow }) {
  if (row.entered_lately === 0 && row.left_lately === 0) return <span className="muted">—</span>
  return (
    <span className="numeric">
      {row.entered_lately > 0 && <span className="segment-entered">+{formatCount(row.entered_lately)}</span>}{" "}
      {row.left_lately > 0 && <span className="segment-left">−{formatCount(row.left_lately)}</span>}
    </span>
  )
}

function NothingFound({ onClear }: { onClear: () => void }) {
  const t = useT()
  return (
    <EmptyState
      title={t("seg.noneFound")}
      help={t("customers.noneFoundHelp")}
      action={<Button onClick={onClear}>{t("filter.clear")}</Button>}
    />
  )
}

function NoneYet({ mayEdit }: { mayEdit: boolean }) {
  const t = useT()
  return (
    <EmptyState
      title={t("seg.noneYet")}
      help={t("seg.noneYetHelp")}
      action={
        mayEdit && (
          <Link to="/segments/new">
            <Button type="primary">{t("seg.new")}</Button>
          </Link>
        )
      }
    />
  )
}
