import { Button, Switch, Tooltip } from "antd"
import { useState } from "react"
import { Link } from "react-router"

import type { MemberOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { FilterBar, SearchField } from "../../components/FilterBar"
import { PersonName } from "../../components/PersonName"
import { StoreSelect } from "../../components/pickers/StoreSelect"
import { type Column, ServerTable } from "../../components/ServerTable"
import { StateTag, type Tone } from "../../components/StateTag"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { useUrlFilters } from "../../lib/useUrlFilters"
import { useViewer } from "../../lib/viewer"
import { useMemberPage, useMoveMembers, useSwitchLine } from "./api"

const filterNames = ["q", "department", "store"] as const
const tones: Record<string, Tone> = { active: "good", disabled: "bad", not_activated: "warn", left: "quiet" }

export function MembersTab() {
  const t = useT()
  const { may } = useViewer()
  const pager = usePager()
  const { filters, change, clear, active } = useUrlFilters(filterNames)
  const query = useMemberPage(filters, pager.cursor)
  const [chosen, setChosen] = useState<number[]>([])

  return (
    <>
      <FilterBar active={active} onClear={clear} end={chosen.length > 0 && <MoveBar chosen={chosen} onDone={() => setChosen([])} />}>
        <SearchField value={filters.q} placeholder={t("organization.searchMembers")} onChange={(q) => change({ q })} />
        <StoreSelect
          width={160}
          label={t("customer.store")}
          value={filters.store ? Number(filters.store) : undefined}
          onChange={(store) => change({ store: store ? String(store) : undefined })}
        />
      </FilterBar>
      <ServerTable
        label={t("organization.members")}
        query={query}
        pager={pager}
        rowKey="id"
        columns={useColumns()}
        minWidth={860}
        rowSelection={
          may("organization.edit")
            ? { selectedRowKeys: chosen, onChange: (keys) => setChosen(keys.map(Number)), columnWidth: 40 }
            : undefined
        }
        empty={
          active > 0 ? (
            <EmptyState title={t("organization.noMemberFound")} action={<Button onClick={clear}>{t("filter.clear")}</Button>} />
          ) : (
            <EmptyState
              title={t("organization.noMembers")}
              help={t("organization.noMembersHelp")}
              action={
                <Link to="/corps">
                  <Button type="primary">{t("nav.corps")}</Button>
                </Link>
              }
            />
          )
        }
      />
    </>
  )
}

function useColumns(): Column<MemberOut>[] {
  const t = useT()
  return [
    {
      title: t("organization.member"),
      key: "name",
      width: 200,
      render: (_, member) => <PersonName id={member.id} name={member.name} avatar={member.avatar} detail={member.userid} />,
    },
    {
      title: t("organization.departments"),
      key: "departments",
      width: 150,
      ellipsis: true,
      render: (_, { departments }) => departments.map(({ name }) => readable(name)).join("、") || "—",
    },
    { title: t("organization.position"), dataIndex: "position", width: 100, ellipsis: true, render: (it: string) => readable(it) || "—" },
    { title: t("customer.store"), key: "store", width: 130, ellipsis: true, render: (_, { store }) => readable(store?.name) || "—" },
    {
      title: t("accounts.state"),
      key: "status",
      width: 100,
      render: (_, { status }) => <StateTag tone={tones[status] ?? "quiet"}>{t.of("memberStatus", status)}</StateTag>,
    },
    {
      title: t("nav.customers"),
      key: "customers",
      width: 80,
      align: "right",
      render: (_, member) => (
        <Link className="numeric" to={`/customers?member=${member.id}`}>
          {member.customer_count}
        </Link>
      ),
    },
    {
      title: <Tooltip title={t("organization.lineHelp")}>{t("organization.line")}</Tooltip>,
      key: "line",
      width: 90,
      align: "center",
      render: (_, member) => <LineSwitch member={member} />,
    },
  ]
}

/** Whether live codes lead to this member; it turns at once and turns back when the server refuses. */
function LineSwitch({ member }: { member: MemberOut }) {
  const t = useT()
  const { may } = useViewer()
  const change = useSwitchLine()
  const refused = useFormRefusal()
  return (
    <Switch
      size="small"
      aria-label={t("organization.lineOf", { name: readable(member.name) })}
      checked={change.isPending ? change.variables.takes_customers : member.takes_customers}
      disabled={!may("members.switch")}
      onChange={(takes_customers) => change.mutate({ id: member.id, takes_customers }, { onError: refused })}
    />
  )
}

function MoveBar({ chosen, onDone }: { chosen: number[]; onDone: () => void }) {
  const t = useT()
  const [store, setStore] = useState<number>()
  const move = useMoveMembers()
  const refused = useFormRefusal()
  return (
    <>
      <span className="small muted">{t("organization.chosen", { count: chosen.length })}</span>
      <StoreSelect width={150} label={t("organization.toStore")} value={store} onChange={setStore} />
      <Button
        loading={move.isPending}
        onClick={() => move.mutate({ member_ids: chosen, store_id: store ?? null }, { onSuccess: onDone, onError: refused })}
      >
        {t(store ? "organization.move" : "organization.takeOut")}
      </Button>
    </>
  )
}
