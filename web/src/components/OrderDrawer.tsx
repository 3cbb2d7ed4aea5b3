import { useQuery } from "@tanstack/react-query"
import { Drawer, Skeleton, Table } from "antd"

import { answer, api } from "../api/client"
import type { OrderDetailOut, OrderLineOut } from "../api/schema"
import { useT } from "../i18n"
import { readable } from "../lib/readable"
import { Facts } from "./Facts"
import { LoadFailed } from "./LoadFailed"
import { MoneyText } from "./MoneyText"
import { Name } from "./Name"
import { TimeText } from "./TimeText"

function useOrder(id: number) {
  return useQuery({
    queryKey: ["orders", id],
    queryFn: ({ signal }) => answer(api.GET("/api/orders/{order_id}", { params: { path: { order_id: id } }, signal })),
  })
}

/** One order with its lines, beside the list it was opened from. */
export function OrderDrawer({ orderId, onClose }: { orderId: number; onClose: () => void }) {
  const t = useT()
  const { data, error, refetch } = useOrder(orderId)
  return (
    <Drawer open size={640} onClose={onClose} title={data ? t("order.one", { number: readable(data.number) }) : t("nav.orders")}>
      {error && <LoadFailed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data && <Order order={data} />}
    </Drawer>
  )
}

function Order({ order }: { order: OrderDetailOut }) {
  const t = useT()
  return (
    <div className="stack">
      <Facts
        items={[
          [t("order.kind"), t.of("orderKind", order.kind)],
          [t("order.source"), readable(order.source.name)],
          [t("order.placed"), <TimeText key="placed" at={order.placed_at} absolute />],
          [t("customer.store"), readable(order.store_name) || null],
          [t("order.country"), readable(order.country) || null],
          [t("order.quantity"), order.quantity],
          [t("order.amount"), <MoneyText key="amount" fen={order.amount_fen} currency={order.currency} />],
        ]}
      />
      <Table<OrderLineOut>
        size="small"
        rowKey="id"
        pagination={order.lines.length > 50 ? { pageSize: 50, size: "small", showSizeChanger: false } : false}
        dataSource={order.lines}
        scroll={{ x: 520 }}
        columns={[
          { title: t("order.sku"), dataIndex: "sku", width: 100, render: (sku: string) => <code className="small">{readable(sku)}</code> },
          { title: t("order.item"), dataIndex: "title", render: (title: string) => <Name text={title} width={220} fallback="—" /> },
          { title: t("order.quantity"), dataIndex: "quantity", align: "right", className: "numeric", width: 80 },
          { title: t("order.price"), dataIndex: "unit_price", align: "right", className: "numeric", width: 100 },
          {
            title: t("order.amount"),
            key: "amount",
            align: "right",
            width: 110,
            render: (_, line) => <MoneyText fen={line.amount_fen} currency={order.currency} />,
          },
        ]}
      />
    </div>
  )
}
