import { DownloadOutlined, PlusOutlined } from "@ant-design/icons"
import { Button, Tooltip } from "antd"
import { useState } from "react"
import { Link } from "react-router"

import type { CustomerCodeOut } from "../../api/schema"
import { CopyText } from "../../components/CopyText"
import { EmptyState } from "../../components/EmptyState"
import { ChoiceFilter, FilterBar, SearchField } from "../../components/FilterBar"
import { Name } from "../../components/Name"
import { PageHeader } from "../../components/PageHeader"
import { type Column, ServerTable } from "../../components/ServerTable"
import { StateTag } from "../../components/StateTag"
import { TimeText } from "../../components/TimeText"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { useUrlFilters } from "../../lib/useUrlFilters"
import { useViewer } from "../../lib/viewer"
import { cardFilters, cardStates, useCustomerCodes } from "./api"
import { CodeSelect } from "./CodeSelect"
import { IssueDialog } from "./IssueDialog"

export function CustomerCodePage() {
  const t = useT()
  const { may } = useViewer()
  const pager = usePager()
  const { filters, change, clear, active } = useUrlFilters(cardFilters)
  const query = useCustomerCodes(filters, pager.cursor)
  const [issuing, setIssuing] = useState(false)
  const issue = may("live_codes.edit") && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setIssuing(true)}>
      {t("card.issue")}
    </Button>
  )
  return (
    <>
      <PageHeader
        title={t("nav.customerCodes")}
        help={t("card.help")}
        actions={
          <>
            <Tooltip title={filters.code ? undefined : t("card.exportHelp")}>
              <Button
                icon={<DownloadOutlined />}
                href={filters.code && `/api/customer-codes.csv?code=${filters.code}`}
                disabled={!filters.code}
                download
              >
                {t("card.export")}
              </Button>
            </Tooltip>
            {issue}
          </>
        }
      />
      <FilterBar active={active} onClear={clear}>
        <SearchField value={filters.q} placeholder={t("card.search")} onChange={(q) => change({ q })} />
        <CodeSelect
          width={180}
          value={filters.code ? Number(filters.code) : undefined}
          onChange={(code) => change({ code: code ? String(code) : undefined })}
        />
        <ChoiceFilter
          label={t("accounts.state")}
          value={filters.state}
          onChange={(state) => change({ state })}
          options={cardStates.map((state) => ({ value: state, label: t.of("cardState", state) }))}
        />
      </FilterBar>
      <ServerTable
        label={t("nav.customerCodes")}
        query={query}
        pager={pager}
        rowKey="id"
        columns={useColumns()}
        minWidth={940}
        empty={
          active > 0 ? (
            <EmptyState title={t("card.noneFound")} action={<Button onClick={clear}>{t("filter.clear")}</Button>} />
          ) : (
            <EmptyState title={t("card.none")} help={t("card.noneHelp")} action={issue} />
          )
        }
      />
      {issuing && <IssueDialog onClose={() => setIssuing(false)} />}
    </>
  )
}

function useColumns(): Column<CustomerCodeOut>[] {
  const t = useT()
  const person = (customer: { id: number; name: string } | null) =>
    customer ? (
      <Link to={`/customers/${customer.id}`}>
        <Name text={customer.name} width={130} fallback={`#${customer.id}`} />
      </Link>
    ) : (
      <span className="muted">—</span>
    )
  return [
    {
      title: t("order.number"),
      key: "order",
      width: 170,
      render: (_, card) => <Name text={card.order_number} fallback="—" width={160} />,
    },
    { title: t("card.for"), key: "customer", width: 140, render: (_, card) => person(card.customer) },
    {
      title: t("code.one"),
      key: "code",
      width: 170,
      render: (_, { code }) => <Link to={`/live-codes/${code.id}`}>{readable(code.name)}</Link>,
    },
    {
      title: t("accounts.state"),
      key: "state",
      width: 100,
      render: (_, card) => {
        const state = card.joined_at ? "joined" : card.opened_at ? "opened" : "waiting"
        const tone = ({ joined: "good", opened: "busy", waiting: "quiet" } as const)[state]
        return <StateTag tone={tone}>{t.of("cardState", state)}</StateTag>
      },
    },
    { title: t("card.joined"), key: "joined", width: 140, render: (_, card) => person(card.joined_customer) },
    { title: t("code.created"), dataIndex: "created_at", width: 110, render: (at: string) => <TimeText at={at} /> },
    { title: t("card.link"), dataIndex: "landing_url", render: (url: string) => <CopyText text={url} /> },
  ]
}
