import { DownloadOutlined } from "@ant-design/icons"
import { Button, Table } from "antd"

import type { ImportDetailOut, ImportReasonOut } from "../../api/schema"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"

/** The rows that are left out, by reason, and the file that holds them. */
export function BadRowsPanel({ run }: { run: ImportDetailOut }) {
  const t = useT()
  return (
    <Panel
      flush
      title={t("import.badTitle", { count: formatCount(run.bad_rows) })}
      extra={
        <Button size="small" icon={<DownloadOutlined />} href={`/api/imports/${run.id}/bad-rows.csv`} download>
          {t("import.badDownload")}
        </Button>
      }
    >
      <Table<ImportReasonOut>
        size="small"
        rowKey="code"
        pagination={false}
        dataSource={run.bad_by_reason}
        columns={[
          { title: t("import.reason"), dataIndex: "label" },
          { title: t("import.rows"), dataIndex: "count", width: 120, align: "right", className: "numeric", render: (count: number) => formatCount(count) },
        ]}
      />
    </Panel>
  )
}
