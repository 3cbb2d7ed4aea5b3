import { ClusterOutlined, DownloadOutlined } from "@ant-design/icons"
import { Button, Drawer } from "antd"
import { useState } from "react"
import { useNavigate } from "react-router"

import type { CustomerRow } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { MoneyText } from "../../components/MoneyText"
import { PersonName } from "../../components/PersonName"
import { type Column, ServerTable } from "../../components/ServerTable"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import type { Pager } from "../../lib/usePager"
import { useViewer } from "../../lib/viewer"
import { fileAddress, type PeopleAsked, type PeopleOf, usePeople, useRuleOf } from "./api"

export interface Whose {
  title: string
  of: PeopleOf
  query: PeopleAsked
}

/** The people behind a number. */
export function PeopleDrawer({ whose, onClose }: { whose: Whose | null; onClose: () => void }) {
  const t = useT()
  const { may } = useViewer()
  return (
    <Drawer
      open={whose !== null}
      onClose={onClose}
      size={720}
      title={whose?.title}
      destroyOnHidden
      styles={{ body: { padding: 12 } }}
      extra={
        whose && (
          <div className="row">
            {may("segments.edit") && <MakeSegment whose={whose} />}
            {may("customers.export") && (
              <Button size="small" icon={<DownloadOutlined />} href={fileAddress("people", whose.of, "xlsx", whose.query)} download>
                {t("insight.export")}
              </Button>
            )}
          </div>
        )
      }
    >
      {whose && <PeopleList key={JSON.stringify(whose)} whose={whose} />}
    </Drawer>
  )
}

/** Opens the segment builder with the rule that means these people, where segments can say it. */
function MakeSegment({ whose }: { whose: Whose }) {
  const t = useT()
  const navigate = useNavigate()
  const refused = useFormRefusal()
  const ask = useRuleOf()
  const open = () =>
    ask.mutate(whose, {
      onSuccess: ({ rule }) => void navigate("/segments/new", { state: { rule, name: whose.title } }),
      onError: refused,
    })
  return (
    <Button size="small" icon={<ClusterOutlined />} loading={ask.isPending} onClick={open}>
      {t("insight.makeSegment")}
    </Button>
  )
}

/** Pages within a drawer: not in the address, which belongs to the report. */
function useLocalPager(): Pager {
  const [cursors, setCursors] = useState<string[]>([])
  return {
    cursor: cursors.at(-1),
    depth: cursors.length,
    next: (cursor) => setCursors((before) => [...before, cursor]),
    previous: () => setCursors((before) => before.slice(0, -1)),
  }
}

function PeopleList({ whose }: { whose: Whose }) {
  const t = useT()
  const navigate = useNavigate()
  const pager = useLocalPager()
  const query = usePeople(whose.of, { ...whose.query, cursor: pager.cursor, limit: 30 })
  const columns: Column<CustomerRow>[] = [
    {
      title: t("customer.name"),
      key: "name",
      width: 200,
      render: (_, row) => (
        <PersonName
          id={row.id}
          name={row.name}
          avatar={row.avatar}
          detail={row.remark || null}
          fallback={t("customer.numbered", { id: row.id })}
        />
      ),
    },
    { title: t("customer.stage"), dataIndex: "stage", width: 84, render: (stage: string) => t.of("stage", stage) },
    {
      title: t("customer.owners"),
      key: "owners",
      ellipsis: true,
      render: (_, row) => row.owners.map((owner) => readable(owner.name)).join("、") || "—",
    },
    { title: t("customer.orders"), dataIndex: "order_count", width: 70, align: "right", className: "numeric" },
    { title: t("customer.spent"), key: "spent", width: 110, align: "right", render: (_, row) => <MoneyText fen={row.spent_fen} /> },
  ]
  return (
    <ServerTable
      label={whose.title}
      query={query}
      pager={pager}
      rowKey="id"
      columns={columns}
      minWidth={560}
      onOpen={(customer) => void navigate(`/customers/${customer.id}`)}
      empty={<EmptyState compact title={t("insight.nobody")} help={t("insight.nobodyHelp")} />}
    />
  )
}
