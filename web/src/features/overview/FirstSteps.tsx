import { CheckCircleFilled } from "@ant-design/icons"
import { Link } from "react-router"

import type { Step } from "../../api/schema"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"

/** What is still to be set up, each with the page where that is done. */
export function FirstSteps({ steps }: { steps: Step[] }) {
  const t = useT()
  return (
    <Panel title={t("first.title")}>
      <div className="steps-first">
        {steps.map((step) => (
          <Link key={step.key} to={step.href} data-done={step.is_done}>
            <strong>
              {step.is_done && <CheckCircleFilled aria-label={t("first.done")} />} {step.title}
            </strong>
            <span className="small muted">{step.next}</span>
          </Link>
        ))}
      </div>
    </Panel>
  )
}
