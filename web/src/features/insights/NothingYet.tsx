import { ImportOutlined } from "@ant-design/icons"
import { Button } from "antd"
import { Link, useLocation } from "react-router"

import { EmptyState } from "../../components/EmptyState"
import { useT } from "../../i18n"
import { useViewer } from "../../lib/viewer"
import { useSpan } from "./api"

/** Nothing in this period: where there are orders, the way to them; where there are none, how they come here. */
export function NothingYet() {
  const t = useT()
  const { may } = useViewer()
  const { pathname } = useLocation()
  const { data: span } = useSpan()
  if (span?.since && span.until) {
    return (
      <EmptyState
        compact
        title={t("insight.nothing")}
        help={t("insight.nothingHelp", { since: span.since, until: span.until })}
        action={
          <Link to={`${pathname}?range=${span.since}~${span.until}`}>
            <Button>{t("insight.showAll")}</Button>
          </Link>
        }
      />
    )
  }
  return (
    <EmptyState
      compact
      title={t("insight.noOrders")}
      help={t("insight.noOrdersHelp")}
      action={
        may("orders.import") && (
          <Link to="/imports">
            <Button type="primary" icon={<ImportOutlined />}>
              {t("customers.importOrders")}
            </Button>
          </Link>
        )
      }
    />
  )
}
