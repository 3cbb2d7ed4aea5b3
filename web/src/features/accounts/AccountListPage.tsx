import { MoreOutlined, PlusOutlined } from "@ant-design/icons"
import { App, Button, Dropdown, Tabs } from "antd"
import { useState } from "react"
import { useSearchParams } from "react-router"

import type { AccountOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { ChoiceFilter, FilterBar, SearchField } from "../../components/FilterBar"
import { PageHeader } from "../../components/PageHeader"
import { PersonName } from "../../components/PersonName"
import { type Column, ServerTable } from "../../components/ServerTable"
import { StateTag } from "../../components/StateTag"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { useUrlFilters } from "../../lib/useUrlFilters"
import { AccountDialog } from "./AccountDialog"
import { useAccounts, useResetTotp, useRoles, useSwitchAccount } from "./api"
import { PasswordDialog } from "./PasswordDialog"
import { RoleTable } from "./RoleTable"
import { SessionsDialog } from "./SessionsDialog"

type Open = { kind: "edit"; account: AccountOut | null } | { kind: "password" | "sessions"; account: AccountOut }

export function AccountListPage() {
  const t = useT()
  const [search, setSearch] = useSearchParams()
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  return (
    <>
      <PageHeader
        title={t("nav.accounts")}
        help={t("accounts.help")}
        actions={
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen({ kind: "edit", account: null })}>
            {t("accounts.new")}
          </Button>
        }
      />
      <Tabs
        activeKey={search.get("tab") ?? "accounts"}
        onChange={(tab) => setSearch({ tab }, { replace: true })}
        destroyOnHidden
        items={[
          { key: "accounts", label: t("accounts.people"), children: <Accounts onOpen={setOpen} /> },
          { key: "roles", label: t("accounts.roles"), children: <RoleTable /> },
        ]}
      />
      {open?.kind === "edit" && <AccountDialog account={open.account} onClose={close} />}
      {open?.kind === "password" && <PasswordDialog account={open.account} onClose={close} />}
      {open?.kind === "sessions" && <SessionsDialog account={open.account} onClose={close} />}
    </>
  )
}

const filterNames = ["q", "role"] as const

function Accounts({ onOpen }: { onOpen: (open: Open) => void }) {
  const t = useT()
  const pager = usePager()
  const { filters, change, clear, active } = useUrlFilters(filterNames)
  const query = useAccounts(filters, pager.cursor)
  const { data: roles } = useRoles()
  const columns: Column<AccountOut>[] = [
    {
      title: t("accounts.person"),
      key: "name",
      width: 220,
      render: (_, account) => <PersonName id={account.id} name={account.name || account.username} detail={account.username} />,
    },
    { title: t("accounts.role"), dataIndex: "role_name", width: 110 },
    { title: t("accounts.scope"), dataIndex: "scope_label", width: 160, ellipsis: true },
    { title: t("accounts.member"), key: "member", width: 120, render: (_, { member }) => readable(member?.name) || "—" },
    {
      title: t("accounts.state"),
      key: "state",
      width: 100,
      render: (_, account) => (
        <StateTag tone={account.is_active ? "good" : "quiet"}>{t(account.is_active ? "accounts.active" : "accounts.disabled")}</StateTag>
      ),
    },
    {
      title: t("security.totp"),
      key: "totp",
      width: 100,
      render: (_, account) => t(account.totp_enabled ? "security.on" : "security.off"),
    },
    { title: t("accounts.lastSignIn"), key: "last", width: 120, render: (_, account) => <TimeText at={account.last_sign_in_at} /> },
    { key: "menu", width: 60, align: "right", render: (_, account) => <AccountMenu account={account} onOpen={onOpen} /> },
  ]
  return (
    <>
      <FilterBar active={active} onClear={clear}>
        <SearchField value={filters.q} placeholder={t("accounts.search")} onChange={(q) => change({ q })} />
        <ChoiceFilter
          label={t("accounts.role")}
          value={filters.role}
          onChange={(role) => change({ role })}
          options={(roles?.roles ?? []).map(({ name, label }) => ({ value: name, label }))}
        />
      </FilterBar>
      <ServerTable
        label={t("nav.accounts")}
        query={query}
        pager={pager}
        rowKey="id"
        columns={columns}
        minWidth={900}
        onOpen={(account) => onOpen({ kind: "edit", account })}
        empty={<EmptyState title={t("accounts.none")} action={<Button onClick={clear}>{t("filter.clear")}</Button>} />}
      />
    </>
  )
}

function AccountMenu({ account, onOpen }: { account: AccountOut; onOpen: (open: Open) => void }) {
  const t = useT()
  const { modal, message } = App.useApp()
  const change = useSwitchAccount()
  const resetTotp = useResetTotp()
  const refused = useFormRefusal()

  const choose = (key: string) => {
    if (key === "edit") onOpen({ kind: "edit", account })
    if (key === "password" || key === "sessions") onOpen({ kind: key, account })
    if (key === "enable") change.mutate({ id: account.id, on: true }, { onError: refused })
    if (key === "disable") {
      modal.confirm({
        title: t("accounts.disableTitle", { name: readable(account.name) }),
        content: t("accounts.disableHelp"),
        okButtonProps: { danger: true },
        onOk: () => change.mutateAsync({ id: account.id, on: false }).catch(refused),
      })
    }
    if (key === "totp") {
      modal.confirm({
        title: t("accounts.resetTotp"),
        content: t("accounts.resetTotpHelp"),
        onOk: () =>
          resetTotp
            .mutateAsync(account.id)
            .then(() => message.success(t("accounts.totpReset")))
            .catch(refused),
      })
    }
  }
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "edit", label: t("action.edit") },
          { key: "sessions", label: t("security.sessions") },
          { key: "password", label: t("accounts.resetPassword") },
          { key: "totp", label: t("accounts.resetTotp"), disabled: !account.totp_enabled },
          account.is_active
            ? { key: "disable", label: t("accounts.disable"), danger: true }
            : { key: "enable", label: t("accounts.enable") },
        ],
        onClick: ({ key, domEvent }) => {
          domEvent.stopPropagation()
          choose(key)
        },
      }}
    >
      <Button type="text" size="small" icon={<MoreOutlined />} aria-label={t("customer.more")} />
    </Dropdown>
  )
}
