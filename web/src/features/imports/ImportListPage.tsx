import { useNavigate } from "react-router"

import type { ImportOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { Name } from "../../components/Name"
import { PageHeader } from "../../components/PageHeader"
import { type Column, ServerTable } from "../../components/ServerTable"
import { TimeText } from "../../components/TimeText"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { useImports } from "./api"
import { ImportStateTag } from "./ImportStateTag"
import { UploadPanel } from "./UploadPanel"

export function ImportListPage() {
  const t = useT()
  const navigate = useNavigate()
  const pager = usePager()
  const query = useImports(pager.cursor)
  const columns: Column<ImportOut>[] = [
    { title: t("import.file"), dataIndex: "file_name", render: (name: string) => <Name text={name} width={280} strong /> },
    { title: t("order.source"), dataIndex: "source", width: 150, ellipsis: true, render: readable },
    { title: t("accounts.state"), key: "state", width: 120, render: (_, run) => <ImportStateTag run={run} /> },
    {
      title: t("import.rows"),
      key: "rows",
      width: 150,
      align: "right",
      className: "numeric",
      render: (_, run) => (run.rows === null ? "—" : `${formatCount(run.rows_written)} / ${formatCount(run.rows)}`),
    },
    { title: t("import.badRows"), dataIndex: "bad_rows", width: 90, align: "right", className: "numeric", render: (count: number) => formatCount(count) },
    { title: t("sync.by"), dataIndex: "by_name", width: 120, ellipsis: true, render: (by: string) => t.of("actorName", readable(by)) },
    { title: t("import.created"), dataIndex: "created_at", width: 110, render: (at: string) => <TimeText at={at} /> },
  ]
  return (
    <>
      <PageHeader title={t("nav.imports")} help={t("import.help")} />
      <div className="stack">
        <UploadPanel onUploaded={(id) => void navigate(`/imports/${id}`)} />
        <ServerTable
          label={t("nav.imports")}
          query={query}
          pager={pager}
          rowKey="id"
          columns={columns}
          minWidth={860}
          onOpen={(run) => void navigate(`/imports/${run.id}`)}
          empty={<EmptyState title={t("import.none")} help={t("import.noneHelp")} />}
        />
      </div>
    </>
  )
}
