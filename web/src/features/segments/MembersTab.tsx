import { Button } from "antd"
import { Link, useNavigate } from "react-router"

import type { CustomerRow } from "../../api/schema"
import { useCustomerColumns } from "../../components/customerColumns"
import { EmptyState } from "../../components/EmptyState"
import { type Column, ServerTable } from "../../components/ServerTable"
import { useT } from "../../i18n"
import { usePager } from "../../lib/usePager"
import { useMembersOf } from "./api"

export function MembersTab({ id }: { id: number }) {
  const t = useT()
  const navigate = useNavigate()
  const pager = usePager()
  const query = useMembersOf(id, pager.cursor)
  const why: Column<CustomerRow> = {
    title: "",
    key: "why",
    width: 72,
    render: (_, row) => (
      <Link to={`/segments/${id}?tab=why&person=${row.id}`}>
        <Button type="link" size="small">
          {t("seg.whyShort")}
        </Button>
      </Link>
    ),
  }
  return (
    <ServerTable
      label={t("seg.members")}
      query={query}
      pager={pager}
      rowKey="id"
      columns={[...useCustomerColumns(), why]}
      minWidth={1120}
      onOpen={(customer) => void navigate(`/customers/${customer.id}`)}
      empty={<EmptyState compact title={t("seg.nobody")} help={t("seg.nobodyHelp")} />}
    />
  )
}
