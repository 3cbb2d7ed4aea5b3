import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { Link, useNavigate } from "react-router"

import { answer, api } from "../../api/client"
import type { EventOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { ChoiceFilter, FilterBar } from "../../components/FilterBar"
import { PageHeader } from "../../components/PageHeader"
import { PersonName } from "../../components/PersonName"
import { type Column, ServerTable } from "../../components/ServerTable"
import { TimeText } from "../../components/TimeText"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { useUrlFilters } from "../../lib/useUrlFilters"

const eventFilters = ["name"] as const

function useEvents(name: string | undefined, cursor: string | undefined) {
  return useQuery({
    queryKey: ["events", "list", name, cursor],
    queryFn: ({ signal }) => answer(api.GET("/api/events", { params: { query: { name, cursor, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
  })
}

function useCatalogue() {
  return useQuery({
    queryKey: ["event-catalogue"],
    queryFn: ({ signal }) => answer(api.GET("/api/events/catalogue", { signal })),
    staleTime: Infinity,
  })
}

/** Everything that happened, newest first; the first page follows the live updates. */
export function EventListPage() {
  const t = useT()
  const navigate = useNavigate()
  const pager = usePager()
  const { filters, change, clear, active } = useUrlFilters(eventFilters)
  const query = useEvents(filters.name, pager.cursor)
  const { data: catalogue } = useCatalogue()
  const columns: Column<EventOut>[] = [
    { title: t("event.at"), dataIndex: "at", width: 150, render: (at: string) => <TimeText at={at} absolute seconds /> },
    { title: t("event.what"), dataIndex: "label", width: 130, render: (label: string) => <strong>{label}</strong> },
    {
      title: t("event.who"),
      key: "who",
      width: 190,
      render: (_, { customer }) =>
        customer ? (
          <Link to={`/customers/${customer.id}`}>
            <PersonName {...customer} size={22} fallback={`#${customer.id}`} />
          </Link>
        ) : (
          <span className="muted">{t("event.nobody")}</span>
        ),
    },
    {
      title: t("event.detail"),
      key: "detail",
      render: (_, event) => (
        <bdi className="small">{readable(event.sentence)}</bdi>
      ),
    },
    { title: t("event.name"), dataIndex: "name", width: 190, render: (name: string) => <code className="small muted">{name}</code> },
  ]
  return (
    <>
      <PageHeader title={t("nav.events")} help={t("events.help")} />
      <FilterBar active={active} onClear={clear}>
        <ChoiceFilter
          label={t("event.what")}
          width={200}
          value={filters.name}
          onChange={(name) => change({ name })}
          options={(catalogue?.items ?? []).map(({ name, label }) => ({ value: name, label }))}
        />
      </FilterBar>
      <ServerTable
        label={t("nav.events")}
        query={query}
        pager={pager}
        rowKey="id"
        columns={columns}
        minWidth={900}
        onOpen={(event) => event.customer && void navigate(`/customers/${event.customer.id}`)}
        empty={
          active > 0 ? (
            <EmptyState title={t("events.noneFound")} action={<Button onClick={clear}>{t("filter.clear")}</Button>} />
          ) : (
            <EmptyState title={t("timeline.none")} help={t("timeline.noneHelp")} />
          )
        }
      />
    </>
  )
}
