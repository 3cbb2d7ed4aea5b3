import { ImportOutlined } from "@ant-design/icons"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { useState } from "react"
import { Link } from "react-router"

import { answer, api } from "../../api/client"
import type { OrderKind, OrderRowOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { ChoiceFilter, FilterBar, SearchField } from "../../components/FilterBar"
import { OrderDrawer } from "../../components/OrderDrawer"
import { OrderTable } from "../../components/OrderTable"
import { PageHeader } from "../../components/PageHeader"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { type Filters, useUrlFilters } from "../../lib/useUrlFilters"
import { useViewer } from "../../lib/viewer"

const orderFilters = ["q", "kind", "source"] as const
const kinds: OrderKind[] = ["sale", "cancellation", "adjustment", "void"]

function useOrders(filters: Filters<(typeof orderFilters)[number]>, cursor: string | undefined) {
  return useQuery({
    queryKey: ["orders", "list", filters, cursor],
    queryFn: ({ signal }) => answer(
        api.GET("/api/orders", {
          params: {
            query: {
              q: filters.q,
              kind: filters.kind as OrderKind | undefined,
              source: filters.source ? Number(filters.source) : undefined,
              cursor,
              limit: 50,
            },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })
}

function useOrderSources() {
  return useQuery({
    queryKey: ["order-sources"],
    queryFn: ({ signal }) => answer(api.GET("/api/order-sources", { signal })),
    staleTime: 60_000,
  })
}

export function OrderListPage() {
  const t = useT()
  const { may } = useViewer()
  const pager = usePager()
  const { filters, change, clear, active } = useUrlFilters(orderFilters)
  const query = useOrders(filters, pager.cursor)
  const { data: sources } = useOrderSources()
  const [open, setOpen] = useState<OrderRowOut>()
  const importLink = may("orders.import") && (
    <Link to="/imports">
      <Button icon={<ImportOutlined />}>{t("customers.importOrders")}</Button>
    </Link>
  )
  return (
    <>
      <PageHeader title={t("nav.orders")} help={t("orders.help")} actions={importLink} />
      <FilterBar active={active} onClear={clear}>
        <SearchField value={filters.q} placeholder={t("orders.search")} onChange={(q) => change({ q })} />
        <ChoiceFilter
          label={t("order.kind")}
          value={filters.kind}
          onChange={(kind) => change({ kind })}
          options={kinds.map((kind) => ({ value: kind, label: t.of("orderKind", kind) }))}
        />
        <ChoiceFilter
          label={t("order.source")}
          value={filters.source}
          onChange={(source) => change({ source })}
          options={(sources ?? []).map(({ id, name }) => ({ value: String(id), label: readable(name) }))}
        />
      </FilterBar>
      <OrderTable
        query={query}
        pager={pager}
        onOpen={setOpen}
        empty={
          active > 0 ? (
            <EmptyState title={t("orders.noneFound")} action={<Button onClick={clear}>{t("filter.clear")}</Button>} />
          ) : (
            <EmptyState title={t("orders.none")} help={t("orders.noneHelp")} action={importLink} />
          )
        }
      />
      {open && <OrderDrawer orderId={open.id} onClose={() => setOpen(undefined)} />}
    </>
  )
}
