import { Skeleton, Tabs } from "antd"
import { useParams, useSearchParams } from "react-router"

import type { CustomerProfile } from "../../api/schema"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { PersonName } from "../../components/PersonName"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useCustomer } from "./api"
import { ConsentsPanel } from "./ConsentsPanel"
import { CustomerActions } from "./CustomerActions"
import { FieldsPanel } from "./FieldsPanel"
import { IdentitiesTab } from "./IdentitiesTab"
import { OrdersTab } from "./OrdersTab"
import { OwnersPanel } from "./OwnersPanel"
import { SegmentsPanel } from "./SegmentsPanel"
import { SummaryPanel } from "./SummaryPanel"
import { TagsPanel } from "./TagsPanel"
import { TimelineTab } from "./TimelineTab"
import "./CustomerPage.css"

export function CustomerPage() {
  const t = useT()
  const id = Number(useParams().id)
  const { data: customer, error, refetch } = useCustomer(id)
  const back = { to: "/customers", label: t("nav.customers") }

  if (error) {
    return (
      <>
        <PageHeader title={t("customer.profile")} back={back} />
        <LoadFailed error={error} what={t("customer.profile")} onRetry={() => void refetch()} />
      </>
    )
  }
  if (!customer) {
    return (
      <>
        <PageHeader title={t("customer.profile")} back={back} />
        <Skeleton active avatar paragraph={{ rows: 8 }} />
      </>
    )
  }
  return (
    <>
      <PageHeader
        back={back}
        documentTitle={readable(customer.name) || t("customer.profile")}
        title={
          <PersonName
            id={customer.id}
            name={customer.name}
            avatar={customer.avatar}
            detail={customer.remark}
            size={44}
            fallback={t("customer.numbered", { id: customer.id })}
          />
        }
        actions={<CustomerActions customer={customer} />}
      />
      <div className="customer-page">
        <div className="stack">
          <SummaryPanel customer={customer} />
          <TagsPanel customer={customer} />
          <SegmentsPanel customerId={customer.id} />
          <OwnersPanel ownerships={customer.ownerships} />
          <FieldsPanel customer={customer} />
          <ConsentsPanel customer={customer} />
        </div>
        <History customer={customer} />
      </div>
    </>
  )
}

function History({ customer }: { customer: CustomerProfile }) {
  const t = useT()
  const { may } = useViewer()
  const [search, setSearch] = useSearchParams()
  const tabs = [
    { key: "timeline", label: t("customer.timeline"), children: <TimelineTab customerId={customer.id} /> },
    ...(may("orders.see")
      ? [{ key: "orders", label: t("customer.orders"), children: <OrdersTab customerId={customer.id} /> }]
      : []),
    { key: "identities", label: t("customer.identities"), children: <IdentitiesTab customer={customer} /> },
  ]
  return (
    <div className="panel customer-history">
      <Tabs
        destroyOnHidden
        activeKey={search.get("tab") ?? "timeline"}
        onChange={(tab) => setSearch({ tab }, { replace: true })}
        items={tabs}
      />
    </div>
  )
}
