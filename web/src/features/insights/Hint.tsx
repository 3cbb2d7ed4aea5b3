import { QuestionCircleOutlined } from "@ant-design/icons"
import { Popover } from "antd"
import { Link } from "react-router"

import { useT } from "../../i18n"
import { useDefinitions } from "./api"

/** A question mark beside a figure: by which definition it is counted. */
export function Hint({ figure }: { figure: string }) {
  const t = useT()
  const { data } = useDefinitions()
  const definition = data?.definitions.find(({ key }) => key === figure)
  if (!definition) return null
  return (
    <Popover
      trigger={["hover", "click"]}
      title={definition.name}
      content={
        <div className="insight-hint">
          <p>{definition.sentence}</p>
          <p className="insight-formula">{definition.formula}</p>
          <Link to={`/insights/definitions#${figure}`}>{t("insight.allDefinitions")}</Link>
        </div>
      }
    >
      <button type="button" className="insight-question" aria-label={t("insight.whatIs", { figure: definition.name })}>
        <QuestionCircleOutlined />
      </button>
    </Popover>
  )
}
