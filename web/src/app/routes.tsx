import type { ComponentType } from "react"
import type { RouteObject } from "react-router"

import { ErrorPage } from "./ErrorPage"
import { NotFoundPage } from "./NotFoundPage"
import { SignedIn } from "./SignedIn"

/** A page fetched when it is first opened. */
function page(path: string, load: () => Promise<ComponentType>): RouteObject {
  return { path, lazy: async () => ({ Component: await load() }) }
}

const pages: RouteObject[] = [
  page("", async () => (await import("../features/overview/OverviewPage")).OverviewPage),
  page("customers", async () => (await import("../features/customers/CustomerListPage")).CustomerListPage),
  page("customers/:id", async () => (await import("../features/customers/CustomerPage")).CustomerPage),
  page("live-codes", async () => (await import("../features/liveCodes/LiveCodeListPage")).LiveCodeListPage),
  page("live-codes/new", async () => (await import("../features/liveCodes/LiveCodeEditPage")).LiveCodeEditPage),
  page("live-codes/:id", async () => (await import("../features/liveCodes/LiveCodePage")).LiveCodePage),
  page("live-codes/:id/edit", async () => (await import("../features/liveCodes/LiveCodeEditPage")).LiveCodeEditPage),
  page("segments", async () => (await import("../features/segments/SegmentListPage")).SegmentListPage),
  page("segments/new", async () => (await import("../features/segments/SegmentEditPage")).SegmentEditPage),
  page("segments/:id", async () => (await import("../features/segments/SegmentPage")).SegmentPage),
  page("segments/:id/edit", async () => (await import("../features/segments/SegmentEditPage")).SegmentEditPage),
  page("tags", async () => (await import("../features/tags/TagPage")).TagPage),
  page("reviews", async () => (await import("../features/reviews/ReviewPage")).ReviewPage),
  page("imports", async () => (await import("../features/imports/ImportListPage")).ImportListPage),
  page("imports/:id", async () => (await import("../features/imports/ImportPage")).ImportPage),
  page("custom-fields", async () => (await import("../features/customFields/CustomFieldPage")).CustomFieldPage),
  page("orders", async () => (await import("../features/orders/OrderListPage")).OrderListPage),
  page("events", async () => (await import("../features/events/EventListPage")).EventListPage),
  page("event-sources", async () => (await import("../features/eventSources/EventSourceListPage")).EventSourceListPage),
  page("event-sources/:id", async () => (await import("../features/eventSources/EventSourcePage")).EventSourcePage),
  page("failed-events", async () => (await import("../features/eventSources/FailedEventPage")).FailedEventPage),
  page("event-catalogue", async () => (await import("../features/eventSources/EventCataloguePage")).EventCataloguePage),
  page("accounts", async () => (await import("../features/accounts/AccountListPage")).AccountListPage),
  page("organization", async () => (await import("../features/organization/OrganizationPage")).OrganizationPage),
  page("customer-codes", async () => (await import("../features/customerCodes/CustomerCodePage")).CustomerCodePage),
  page("welcomes", async () => (await import("../features/welcomes/WelcomePage")).WelcomePage),
  page("adds-and-losses", async () => (await import("../features/flow/FlowPage")).FlowPage),
  page("insights/dashboard", async () => (await import("../features/insights/DashboardPage")).DashboardPage),
  page("insights/boards", async () => (await import("../features/insights/BoardPage")).BoardPage),
  page("insights/boards/:id", async () => (await import("../features/insights/BoardPage")).BoardPage),
  page("insights/repurchase", async () => (await import("../features/insights/RepurchasePage")).RepurchasePage),
  page("insights/rfm", async () => (await import("../features/insights/RfmPage")).RfmPage),
  page("insights/funnels", async () => (await import("../features/insights/FunnelPage")).FunnelPage),
  page("insights/products", async () => (await import("../features/insights/ProductPage")).ProductPage),
  page("insights/paths", async () => (await import("../features/insights/PathPage")).PathPage),
  page("insights/definitions", async () => (await import("../features/insights/DefinitionPage")).DefinitionPage),
  page("corps", async () => (await import("../features/corps/CorpListPage")).CorpListPage),
  page("corps/:id", async () => (await import("../features/corps/CorpPage")).CorpPage),
  page("inbox", async () => (await import("../features/inbox/InboxPage")).InboxPage),
  page("sync", async () => (await import("../features/sync/SyncPage")).SyncPage),
  page("lake", async () => (await import("../features/lake/LakePage")).LakePage),
  page("audit", async () => (await import("../features/audit/AuditPage")).AuditPage),
  page("security", async () => (await import("../features/session/SecurityPage")).SecurityPage),
  { path: "*", element: <NotFoundPage /> },
]

/** Where the pages behind the door are, as `customers/:id`. */
export const addresses = pages.flatMap(({ path }) => (path === undefined || path === "*" ? [] : [path]))

export const routes: RouteObject[] = [
  {
    path: "/sign-in",
    errorElement: <ErrorPage />,
    lazy: async () => ({ Component: (await import("../features/session/SignInPage")).SignInPage }),
    HydrateFallback: () => null,
  },
  {
    path: "/",
    element: <SignedIn />,
    errorElement: <ErrorPage />,
    HydrateFallback: () => null,
    // an error of one page leaves the menu standing
    children: [{ errorElement: <ErrorPage />, children: pages }],
  },
]
