import { Link } from "react-router"

import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { useViewer } from "../../lib/viewer"

const steps = [
  { to: "/corps", permission: "corps.connect", title: "first.connect", help: "first.connectHelp" },
  { to: "/live-codes/new", permission: "live_codes.edit", title: "first.code", help: "first.codeHelp" },
  { to: "/imports", permission: "orders.import", title: "first.import", help: "first.importHelp" },
] as const

/** For an empty pond: what to do first. */
export function FirstSteps() {
  const t = useT()
  const { may } = useViewer()
  const mine = steps.filter(({ permission }) => may(permission))
  if (mine.length === 0) return null
  return (
    <Panel title={t("first.title")}>
      <div className="steps-first">
        {mine.map(({ to, title, help }) => (
          <Link key={to} to={to}>
            <strong>{t(title)}</strong>
            <span className="small muted">{t(help)}</span>
          </Link>
        ))}
      </div>
    </Panel>
  )
}
