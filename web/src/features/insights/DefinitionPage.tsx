import { Skeleton, Tag } from "antd"
import { useEffect } from "react"
import { useLocation } from "react-router"

import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { useDefinitions } from "./api"
import "./insights.css"

/** Every figure by one definition, in words people can check; and what is known of others. */
export function DefinitionPage() {
  const t = useT()
  const { hash } = useLocation()
  const { data, error, refetch } = useDefinitions()

  useEffect(() => {
    if (data && hash) document.getElementById(hash.slice(1))?.scrollIntoView({ block: "center" })
  }, [data, hash])

  if (error) return <LoadFailed error={error} what={t("nav.definitions")} onRetry={() => void refetch()} />
  return (
    <>
      <PageHeader title={t("nav.definitions")} help={t("insight.definitionsHelp")} />
      {!data ? (
        <Skeleton active />
      ) : (
        <div className="stack">
          <div className="insight-halves">
            {data.definitions.map(({ key, name, sentence, formula, tables, why }) => (
              <div id={key} key={key}>
                <Panel title={name} extra={tables.map((table) => <Tag key={table}>{table}</Tag>)}>
                  <p>{sentence}</p>
                  <p className="insight-formula">{formula}</p>
                  {why && <p className="muted small">{why}</p>}
                </Panel>
              </div>
            ))}
          </div>
          <Panel title={t("insight.bands")}>
            <ul>
              {data.bands.map(({ label, low, high, source }) => (
                <li key={label}>
                  {`${label}: ${Math.round(low * 100)}% – ${Math.round(high * 100)}%`} <span className="muted small">{source}</span>
                </li>
              ))}
            </ul>
          </Panel>
        </div>
      )}
    </>
  )
}
