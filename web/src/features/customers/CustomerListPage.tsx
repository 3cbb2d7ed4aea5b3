import { DownloadOutlined, ImportOutlined, QrcodeOutlined } from "@ant-design/icons"
import { Button, DatePicker } from "antd"
import dayjs from "dayjs"
import { useState } from "react"
import { Link, useNavigate } from "react-router"

import { useCustomerColumns } from "../../components/customerColumns"
import { EmptyState } from "../../components/EmptyState"
import { ChoiceFilter, FilterBar, SearchField } from "../../components/FilterBar"
import { PageHeader } from "../../components/PageHeader"
import { MemberSelect } from "../../components/pickers/MemberSelect"
import { StoreSelect } from "../../components/pickers/StoreSelect"
import { TagSelect } from "../../components/pickers/TagSelect"
import { ServerTable } from "../../components/ServerTable"
import { useT } from "../../i18n"
import { usePager } from "../../lib/usePager"
import { useUrlFilters } from "../../lib/useUrlFilters"
import { useViewer } from "../../lib/viewer"
import { type CustomerFilters, customerFilters, customerQuery, useCustomers } from "./api"
import { ownershipStates, stages } from "./stages"
import { TagManyBar } from "./TagManyBar"

export function CustomerListPage() {
  const t = useT()
  const { may, zone } = useViewer()
  const navigate = useNavigate()
  const pager = usePager()
  const { filters, change, clear, active } = useUrlFilters(customerFilters)
  const [chosen, setChosen] = useState<number[]>([])
  const query = useCustomers(filters, pager.cursor, zone)

  return (
    <>
      <PageHeader
        title={t("nav.customers")}
        help={t("customers.help")}
        actions={
          may("customers.export") && (
            <Button icon={<DownloadOutlined />} href={exportAddress(filters, zone)} download>
              {t("customers.export")}
            </Button>
          )
        }
      />
      <CustomerFilterBar filters={filters} change={change} clear={clear} active={active} />
      {chosen.length > 0 && <TagManyBar chosen={chosen} onDone={() => setChosen([])} />}
      <ServerTable
        label={t("nav.customers")}
        query={query}
        pager={pager}
        rowKey="id"
        columns={useCustomerColumns()}
        minWidth={1080}
        rowSelection={
          may("customers.edit")
            ? { selectedRowKeys: chosen, onChange: (keys) => setChosen(keys.map(Number)), columnWidth: 40 }
            : undefined
        }
        onOpen={(customer) => void navigate(`/customers/${customer.id}`)}
        empty={active > 0 ? <NothingFound onClear={clear} /> : <NobodyYet />}
      />
    </>
  )
}

function exportAddress(filters: CustomerFilters, zone: string): string {
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(customerQuery(filters, zone))) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) asked.append(name, String(each))
    }
  }
  return `/api/customers/export.csv?${asked}`
}

interface BarProps {
  filters: CustomerFilters
  change: (changes: CustomerFilters) => void
  clear: () => void
  active: number
}

function CustomerFilterBar({ filters, change, clear, active }: BarProps) {
  const t = useT()
  return (
    <FilterBar active={active} onClear={clear}>
      <SearchField value={filters.q} placeholder={t("customers.search")} onChange={(q) => change({ q })} />
      <ChoiceFilter
        label={t("customer.stage")}
        value={filters.stage}
        onChange={(stage) => change({ stage })}
        options={stages.map((stage) => ({ value: stage, label: t.of("stage", stage) }))}
      />
      <TagSelect
        single
        width={150}
        label={t("customer.tags")}
        value={filters.tag ? [Number(filters.tag)] : []}
        onChange={([tag]) => change({ tag: tag ? String(tag) : undefined })}
      />
      <ChoiceFilter
        label={t("customer.relation")}
        value={filters.state}
        onChange={(state) => change({ state })}
        options={ownershipStates.map((state) => ({ value: state, label: t.of("ownership", state) }))}
      />
      <ChoiceFilter
        label={t("customer.orders")}
        width={110}
        value={filters.has_orders}
        onChange={(has_orders) => change({ has_orders })}
        options={["true", "false"].map((value) => ({ value, label: t.of("hasOrders", value) }))}
      />
      <MemberSelect
        single
        width={150}
        label={t("customer.owners")}
        value={filters.member ? [Number(filters.member)] : []}
        onChange={([member]) => change({ member: member ? String(member) : undefined })}
      />
      <StoreSelect
        width={150}
        label={t("customer.store")}
        value={filters.store ? Number(filters.store) : undefined}
        onChange={(store) => change({ store: store ? String(store) : undefined })}
      />
      <DatePicker.RangePicker
        allowEmpty={[true, true]}
        value={[filters.added_from ? dayjs(filters.added_from) : null, filters.added_to ? dayjs(filters.added_to) : null]}
        placeholder={[t("customers.addedFrom"), t("customers.addedTo")]}
        onChange={(days) =>
          change({ added_from: days?.[0]?.format("YYYY-MM-DD"), added_to: days?.[1]?.format("YYYY-MM-DD") })
        }
        style={{ width: 250 }}
      />
    </FilterBar>
  )
}

function NothingFound({ onClear }: { onClear: () => void }) {
  const t = useT()
  return (
    <EmptyState
      title={t("customers.noneFound")}
      help={t("customers.noneFoundHelp")}
      action={<Button onClick={onClear}>{t("filter.clear")}</Button>}
    />
  )
}

function NobodyYet() {
  const t = useT()
  const { may } = useViewer()
  return (
    <EmptyState
      title={t("customers.nobody")}
      help={t("customers.nobodyHelp")}
      action={
        <>
          {may("live_codes.edit") && (
            <Link to="/live-codes/new">
              <Button type="primary" icon={<QrcodeOutlined />}>
                {t("customers.makeCode")}
              </Button>
            </Link>
          )}
          {may("orders.import") && (
            <Link to="/imports">
              <Button icon={<ImportOutlined />}>{t("customers.importOrders")}</Button>
            </Link>
          )}
        </>
      }
    />
  )
}
