import { CheckCircleFilled } from "@ant-design/icons"
import { Link } from "react-router"

import type { Step } from "../../api/schema"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"

/** What is still to be set up, each with the page where that is done. */
export function FirstSteps({ steps }: { steps: Step[] }) {
  const t = useT()
  const remaining = steps.filter((step) => !step.is_done)
  return (
    <Panel
      title={t("first.title")}
      extra={
        <span className="small muted numeric">
          <CheckCircleFilled /> {t("first.done", { done: steps.length - remaining.length, all: steps.length })}
        </span>
      }
    >
      <div className="steps-first">
        {remaining.map((step) => (
          <Link key={step.key} to={step.href}>
            <strong>{step.title}</strong>
            <span className="small muted">{step.next}</span>
          </Link>
        ))}
      </div>
    </Panel>
  )
}
