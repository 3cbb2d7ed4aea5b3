import { ClusterOutlined } from "@ant-design/icons"
import { Link } from "react-router"

import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useCustomerSegments } from "./api"

/** The segments a customer is in now; each leads to why. */
export function SegmentsPanel({ customerId }: { customerId: number }) {
  const t = useT()
  const may = useViewer().may("segments.see")
  const { data } = useCustomerSegments(customerId, may)
  if (!may || !data) return null
  return (
    <Panel title={t("seg.ofCustomer")}>
      {data.items.length === 0 && <span className="muted">{t("seg.ofCustomerNone")}</span>}
      <ul className="customer-segments" aria-label={t("seg.ofCustomer")}>
        {data.items.map((segment) => (
          <li key={segment.id}>
            <ClusterOutlined className="muted" />
            <Link to={`/segments/${segment.id}`} className="grow clip" title={readable(segment.sentence)}>
              {readable(segment.name)}
            </Link>
            <Link to={`/segments/${segment.id}?tab=why&person=${customerId}`} className="small">
              {t("seg.whyShort")}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
