import { DownloadOutlined } from "@ant-design/icons"
import { Button, Dropdown, Skeleton } from "antd"
import type { ReactNode } from "react"

import type { ReportOut } from "../../api/schema"
import { LoadFailed } from "../../components/LoadFailed"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { useViewer } from "../../lib/viewer"
import { fileAddress, type ReportAsked, type ReportName, useReport } from "./api"
import { Hint } from "./Hint"
import { NothingYet } from "./NothingYet"
import { SaveCard } from "./SaveCard"

interface Props {
  title: string
  report: ReportName
  query: ReportAsked
  figure?: string
  extra?: ReactNode
  flush?: boolean
  children: (report: ReportOut) => ReactNode
}

/** One report in a card: loading, failing, empty, or told by `children`; to be had as a file. */
export function ReportPanel({ title, report, query, figure, extra, flush, children }: Props) {
  const t = useT()
  const { may } = useViewer()
  const { data, error, refetch, isPlaceholderData } = useReport(report, query)
  const files = (["xlsx", "csv"] as const).map((ending) => ({
    key: ending,
    label: (
      <a href={fileAddress("reports", report, ending, query)} download>
        {ending.toUpperCase()}
      </a>
    ),
  }))
  return (
    <Panel
      flush={flush}
      title={
        <span className="insight-head">
          {title}
          {figure && <Hint figure={figure} />}
        </span>
      }
      extra={
        <>
          {extra}
          <SaveCard title={title} report={report} query={query} />
          {may("customers.export") && (
            <Dropdown menu={{ items: files }} trigger={["click"]}>
              <Button size="small" type="text" icon={<DownloadOutlined />} aria-label={`${t("insight.export")} · ${title}`} />
            </Dropdown>
          )}
        </>
      }
    >
      {error ? (
        <LoadFailed error={error} what={title} onRetry={() => void refetch()} />
      ) : !data ? (
        <div style={{ padding: 16 }}>
          <Skeleton active />
        </div>
      ) : data.answer.rows.length === 0 ? (
        <NothingYet />
      ) : (
        <div className="insight-answer" data-stale={isPlaceholderData || undefined}>
          {children(data)}
        </div>
      )}
    </Panel>
  )
}
