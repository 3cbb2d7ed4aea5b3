import type { ComponentProps, ReactNode } from "react"
import { Link } from "react-router"

import type { OrderRowOut } from "../api/schema"
import { useT } from "../i18n"
import { readable } from "../lib/readable"
import type { Pager } from "../lib/usePager"
import { MoneyText } from "./MoneyText"
import { Name } from "./Name"
import { type Column, ServerTable } from "./ServerTable"
import { StateTag, type Tone } from "./StateTag"
import { TimeText } from "./TimeText"

const tones: Record<string, Tone> = { sale: "good", cancellation: "bad", adjustment: "quiet", void: "quiet" }

interface Props {
  query: ComponentProps<typeof ServerTable<OrderRowOut>>["query"]
  pager: Pager
  empty: ReactNode
  hideCustomer?: boolean
  onOpen?: (order: OrderRowOut) => void
}

export function OrderTable({ query, pager, empty, hideCustomer, onOpen }: Props) {
  const t = useT()
  const columns: Column<OrderRowOut>[] = [
    { title: t("order.number"), dataIndex: "number", width: 130, render: (number: string) => <Name text={number} width={120} /> },
    {
      title: t("order.kind"),
      dataIndex: "kind",
      width: 90,
      render: (kind: string) => <StateTag tone={tones[kind] ?? "quiet"}>{t.of("orderKind", kind)}</StateTag>,
    },
    {
      title: t("order.customer"),
      key: "customer",
      width: 160,
      render: (_, order) =>
        order.customer_id ? (
          <Link to={`/customers/${order.customer_id}`}>
            <Name text={order.customer_name} width={150} fallback={`#${order.customer_id}`} />
          </Link>
        ) : (
          <span className="muted">{t("order.guest")}</span>
        ),
    },
    { title: t("order.source"), key: "source", width: 130, ellipsis: true, render: (_, { source }) => readable(source.name) },
    { title: t("order.lines"), dataIndex: "line_count", width: 70, align: "right", className: "numeric" },
    {
      title: t("order.amount"),
      key: "amount",
      width: 120,
      align: "right",
      render: (_, order) => <MoneyText fen={order.amount_fen} currency={order.currency} />,
    },
    { title: t("order.placed"), dataIndex: "placed_at", width: 140, render: (at: string) => <TimeText at={at} absolute /> },
  ]
  return (
    <ServerTable
      label={t("nav.orders")}
      query={query}
      pager={pager}
      rowKey="id"
      columns={hideCustomer ? columns.filter(({ key }) => key !== "customer") : columns}
      minWidth={hideCustomer ? 640 : 840}
      empty={empty}
      onOpen={onOpen}
    />
  )
}
