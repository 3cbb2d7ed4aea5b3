import {
  AppstoreOutlined,
  ApartmentOutlined, ApiOutlined, AuditOutlined, BarChartOutlined, BookOutlined, BranchesOutlined, CloudSyncOutlined,
  ClusterOutlined, DashboardOutlined, DatabaseOutlined, FieldStringOutlined, FundOutlined, FunnelPlotOutlined,
  IdcardOutlined, ImportOutlined, InboxOutlined, MessageOutlined, NodeIndexOutlined, ProfileOutlined, QrcodeOutlined,
  RetweetOutlined, SafetyOutlined, ScanOutlined, ShoppingCartOutlined, ShoppingOutlined, StopOutlined, TableOutlined, TagsOutlined,
  TeamOutlined,
  ThunderboltOutlined,
} from "@ant-design/icons"
import type { ReactNode } from "react"

import type { Key } from "../i18n"

export interface NavItem {
  path: string
  label: Key
  icon: ReactNode
  /** Hidden from people without it; undefined is for everyone who is signed in. */
  permission?: string
}

export interface NavGroup {
  label: Key | null
  items: NavItem[]
}

/**
 * The menu follows the loop: attract, settle, nurture, convert, spread, learn; then the set-up. A part of the loop in
 * which nothing can be done yet has no place here.
 */
export const navigation: NavGroup[] = [
  { label: null, items: [{ path: "/", label: "nav.overview", icon: <DashboardOutlined /> }] },
  {
    label: "nav.attract",
    items: [
      { path: "/live-codes", label: "nav.liveCodes", icon: <QrcodeOutlined />, permission: "live_codes.see" },
      { path: "/customer-codes", label: "nav.customerCodes", icon: <ScanOutlined />, permission: "live_codes.see" },
    ],
  },
  {
    label: "nav.settle",
    items: [
      { path: "/customers", label: "nav.customers", icon: <TeamOutlined />, permission: "customers.see" },
      { path: "/segments", label: "nav.segments", icon: <ClusterOutlined />, permission: "segments.see" },
      { path: "/tags", label: "nav.tags", icon: <TagsOutlined />, permission: "customers.see" },
      { path: "/reviews", label: "nav.reviews", icon: <IdcardOutlined />, permission: "customers.merge" },
      { path: "/imports", label: "nav.imports", icon: <ImportOutlined />, permission: "orders.import" },
    ],
  },
  {
    label: "nav.nurture",
    items: [{ path: "/welcomes", label: "nav.welcomes", icon: <MessageOutlined />, permission: "welcomes.edit" }],
  },
  {
    label: "nav.convert",
    items: [{ path: "/orders", label: "nav.orders", icon: <ShoppingOutlined />, permission: "orders.see" }],
  },
  {
    label: "nav.learn",
    items: [
      { path: "/insights/dashboard", label: "nav.dashboard", icon: <FundOutlined />, permission: "insights.see" },
      { path: "/insights/boards", label: "nav.boards", icon: <AppstoreOutlined />, permission: "insights.see" },
      { path: "/insights/repurchase", label: "nav.repurchase", icon: <RetweetOutlined />, permission: "insights.see" },
      { path: "/insights/rfm", label: "nav.rfm", icon: <TableOutlined />, permission: "insights.see" },
      { path: "/insights/funnels", label: "nav.funnels", icon: <FunnelPlotOutlined />, permission: "insights.see" },
      { path: "/insights/products", label: "nav.products", icon: <ShoppingCartOutlined />, permission: "insights.see" },
      { path: "/insights/paths", label: "nav.paths", icon: <BranchesOutlined />, permission: "insights.see" },
      { path: "/insights/definitions", label: "nav.definitions", icon: <BookOutlined />, permission: "insights.see" },
      { path: "/events", label: "nav.events", icon: <ThunderboltOutlined />, permission: "events.see" },
      { path: "/event-sources", label: "nav.eventSources", icon: <NodeIndexOutlined />, permission: "events.see" },
      { path: "/failed-events", label: "nav.failedEvents", icon: <StopOutlined />, permission: "events.replay" },
      { path: "/event-catalogue", label: "nav.eventCatalogue", icon: <ProfileOutlined />, permission: "events.see" },
      { path: "/adds-and-losses", label: "nav.flow", icon: <BarChartOutlined />, permission: "live_codes.see" },
    ],
  },
  {
    label: "nav.setup",
    items: [
      { path: "/corps", label: "nav.corps", icon: <ApiOutlined />, permission: "corps.connect" },
      { path: "/inbox", label: "nav.inbox", icon: <InboxOutlined />, permission: "inbox.see" },
      { path: "/organization", label: "nav.organization", icon: <ApartmentOutlined />, permission: "organization.see" },
      { path: "/accounts", label: "nav.accounts", icon: <SafetyOutlined />, permission: "accounts.manage" },
      { path: "/sync", label: "nav.sync", icon: <CloudSyncOutlined />, permission: "corps.connect" },
      { path: "/custom-fields", label: "nav.customFields", icon: <FieldStringOutlined />, permission: "organization.edit" },
      { path: "/lake", label: "nav.lake", icon: <DatabaseOutlined />, permission: "lake.keep" },
      { path: "/audit", label: "nav.audit", icon: <AuditOutlined />, permission: "audit.see" },
    ],
  },
]

/** Whether further items lie below this path, so that being at one of them is not being here. */
export function isAboveOthers(path: string): boolean {
  const below = path.endsWith("/") ? path : `${path}/`
  return navigation.some(({ items }) => items.some((item) => item.path !== path && item.path.startsWith(below)))
}

/** The menu as one person may see it; groups left empty go too. */
export function navigationFor(permissions: ReadonlySet<string>): NavGroup[] {
  return navigation
    .map((group) => ({
      ...group,
      items: group.items.filter((item) => !item.permission || permissions.has(item.permission)),
    }))
    .filter((group) => group.items.length > 0)
}
