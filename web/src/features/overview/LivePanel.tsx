import { Link } from "react-router"

import { EmptyState } from "../../components/EmptyState"
import { EventStream } from "../../components/EventStream"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"

export function LivePanel() {
  const t = useT()
  return (
    <Panel title={t("overview.live")} extra={<Link to="/events">{t("overview.allEvents")}</Link>} flush>
      <EventStream limit={8} empty={<EmptyState compact title={t("overview.quiet")} />} />
    </Panel>
  )
}
