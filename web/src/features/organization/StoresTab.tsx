import { PlusOutlined } from "@ant-design/icons"
import { Button } from "antd"
import { useState } from "react"
import { Link } from "react-router"

import type { StoreOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { FilterBar, SearchField } from "../../components/FilterBar"
import { Name } from "../../components/Name"
import { type Column, ServerTable } from "../../components/ServerTable"
import { StateTag } from "../../components/StateTag"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { useUrlFilters } from "../../lib/useUrlFilters"
import { useViewer } from "../../lib/viewer"
import { useStorePage } from "./api"
import { StoreDialog } from "./StoreDialog"

const filterNames = ["q"] as const

export function StoresTab() {
  const t = useT()
  const { may } = useViewer()
  const pager = usePager()
  const { filters, change, clear, active } = useUrlFilters(filterNames)
  const query = useStorePage(filters.q, pager.cursor)
  const [open, setOpen] = useState<StoreOut | "new">()
  const create = may("organization.edit") && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen("new")}>
      {t("store.new")}
    </Button>
  )
  const columns: Column<StoreOut>[] = [
    { title: t("store.name"), dataIndex: "name", width: 180, render: (name: string) => <Name text={name} width={170} strong /> },
    { title: t("store.code"), dataIndex: "code", width: 110, render: (code: string) => <code>{readable(code)}</code> },
    { title: t("store.brand"), key: "brand", width: 120, render: (_, { brand }) => readable(brand?.name) || "—" },
    { title: t("store.address"), dataIndex: "address", ellipsis: true, render: (address: string) => readable(address) || "—" },
    {
      title: t("organization.members"),
      key: "members",
      width: 80,
      align: "right",
      render: (_, store) => (
        <Link className="numeric" to={`/organization?tab=members&store=${store.id}`}>
          {store.member_count}
        </Link>
      ),
    },
    {
      title: t("accounts.state"),
      key: "open",
      width: 100,
      render: (_, store) => (
        <StateTag tone={store.is_open ? "good" : "quiet"}>{t(store.is_open ? "store.open" : "store.closed")}</StateTag>
      ),
    },
  ]
  return (
    <>
      <FilterBar active={active} onClear={clear} end={create}>
        <SearchField value={filters.q} placeholder={t("store.search")} onChange={(q) => change({ q })} />
      </FilterBar>
      <ServerTable
        label={t("organization.stores")}
        query={query}
        pager={pager}
        rowKey="id"
        columns={columns}
        minWidth={760}
        onOpen={may("organization.edit") ? setOpen : undefined}
        empty={<EmptyState title={t("store.none")} help={t("store.noneHelp")} action={create} />}
      />
      {open && <StoreDialog store={open === "new" ? null : open} onClose={() => setOpen(undefined)} />}
    </>
  )
}
