import { useState } from "react"

import type { OrderRowOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { OrderDrawer } from "../../components/OrderDrawer"
import { OrderTable } from "../../components/OrderTable"
import { useT } from "../../i18n"
import { useCustomerOrders } from "./api"

export function OrdersTab({ customerId }: { customerId: number }) {
  const t = useT()
  const [cursors, setCursors] = useState<string[]>([])
  const [open, setOpen] = useState<OrderRowOut>()
  const query = useCustomerOrders(customerId, cursors.at(-1))
  const pager = {
    cursor: cursors.at(-1),
    depth: cursors.length,
    next: (cursor: string) => setCursors([...cursors, cursor]),
    previous: () => setCursors(cursors.slice(0, -1)),
  }
  return (
    <>
      <OrderTable
        query={query}
        pager={pager}
        hideCustomer
        onOpen={setOpen}
        empty={<EmptyState title={t("orders.noneOfCustomer")} help={t("orders.noneOfCustomerHelp")} />}
      />
      {open && <OrderDrawer orderId={open.id} onClose={() => setOpen(undefined)} />}
    </>
  )
}
