import { DownloadOutlined, FolderOpenOutlined, FolderOutlined, PlusOutlined } from "@ant-design/icons"
import { Button, Tooltip } from "antd"
import { useState } from "react"
import { Link, useNavigate } from "react-router"

import type { CodeRow } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { ChoiceFilter, FilterBar, SearchField } from "../../components/FilterBar"
import { Name } from "../../components/Name"
import { PageHeader } from "../../components/PageHeader"
import { QrThumb } from "../../components/QrThumb"
import { type Column, ServerTable } from "../../components/ServerTable"
import { TimeText } from "../../components/TimeText"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { usePager } from "../../lib/usePager"
import { useUrlFilters } from "../../lib/useUrlFilters"
import { useViewer } from "../../lib/viewer"
import { codeFilters, codeStates, useFolders, useLiveCodes } from "./api"
import { BatchDialog } from "./BatchDialog"
import { ChosenBar } from "./ChosenBar"
import { CodeState } from "./CodeState"
import { FoldersDialog } from "./FoldersDialog"
import { PostersDialog } from "./PostersDialog"

const NO_FOLDER = "0"

export function LiveCodeListPage() {
  const t = useT()
  const { may } = useViewer()
  const navigate = useNavigate()
  const pager = usePager()
  const { filters, change, clear, active } = useUrlFilters(codeFilters)
  const query = useLiveCodes(filters, pager.cursor)
  const { data: folders } = useFolders()
  const [open, setOpen] = useState<"batch" | "folders" | "posters">()
  const [chosen, setChosen] = useState<number[]>([])
  const close = () => setOpen(undefined)
  const create = may("live_codes.edit") && (
    <Link to="/live-codes/new">
      <Button type="primary" icon={<PlusOutlined />}>
        {t("code.new")}
      </Button>
    </Link>
  )
  return (
    <>
      <PageHeader
        title={t("nav.liveCodes")}
        help={t("code.help")}
        actions={
          create && (
            <>
              <Button onClick={() => setOpen("batch")}>{t("batch.title")}</Button>
              {create}
            </>
          )
        }
      />
      {open === "batch" && <BatchDialog onClose={close} />}
      {open === "folders" && <FoldersDialog onClose={close} />}
      {open === "posters" && <PostersDialog choice={{ folder: Number(filters.folder) }} onClose={close} />}
      <FilterBar active={active} onClear={clear}>
        <SearchField value={filters.q} placeholder={t("code.search")} onChange={(q) => change({ q })} />
        <ChoiceFilter
          label={t("code.folder")}
          width={160}
          value={filters.folder}
          onChange={(folder) => change({ folder })}
          options={[
            ...(folders?.items ?? []).map(({ id, name, codes }) => ({
              value: String(id),
              label: (
                <>
                  <FolderOutlined /> {readable(name)} <span className="muted numeric">{codes}</span>
                </>
              ),
            })),
            { value: NO_FOLDER, label: t("code.noFolder") },
          ]}
        />
        {may("live_codes.edit") && (
          <Tooltip title={t("folders.manage")}>
            <Button icon={<FolderOpenOutlined />} aria-label={t("folders.manage")} onClick={() => setOpen("folders")} />
          </Tooltip>
        )}
        <ChoiceFilter
          label={t("accounts.state")}
          value={filters.state}
          onChange={(state) => change({ state })}
          options={codeStates.map((state) => ({ value: state, label: t.of("codeState", state) }))}
        />
        {filters.folder && (
          <Button icon={<DownloadOutlined />} onClick={() => setOpen("posters")}>
            {t("posters.ofFolder")}
          </Button>
        )}
      </FilterBar>
      {chosen.length > 0 && <ChosenBar chosen={chosen} onDone={() => setChosen([])} />}
      <ServerTable
        label={t("nav.liveCodes")}
        query={query}
        pager={pager}
        rowKey="id"
        columns={useColumns()}
        minWidth={920}
        rowSelection={{
          selectedRowKeys: chosen,
          onChange: (keys) => setChosen(keys.map(Number)),
          preserveSelectedRowKeys: true, // over several pages of the list
          columnWidth: 40,
        }}
        onOpen={(code) => void navigate(`/live-codes/${code.id}`)}
        empty={
          active > 0 ? (
            <EmptyState title={t("code.noneFound")} action={<Button onClick={clear}>{t("filter.clear")}</Button>} />
          ) : (
            <EmptyState title={t("code.none")} help={t("code.noneHelp")} action={create} />
          )
        }
      />
    </>
  )
}

function useColumns(): Column<CodeRow>[] {
  const t = useT()
  return [
    { title: "", key: "qr", width: 52, render: (_, code) => <QrThumb codeId={code.id} name={readable(code.name)} /> },
    {
      title: t("code.name"),
      key: "name",
      width: 220,
      render: (_, code) => (
        <span style={{ display: "flex", flexDirection: "column", lineHeight: 1.4 }}>
          <Name text={code.name} strong />
          <span className="small muted">
            <Name text={[code.folder?.name, code.touchpoint].filter(Boolean).join(" · ")} fallback={readable(code.corp.name)} />
          </span>
        </span>
      ),
    },
    { title: t("accounts.state"), key: "state", width: 120, render: (_, code) => <CodeState code={code} /> },
    {
      title: t("code.onDuty"),
      key: "members",
      width: 170,
      ellipsis: true,
      render: (_, { members }) => (
        <Tooltip title={members.length > 3 ? members.map(({ name }) => readable(name)).join("、") : undefined}>
          <span>
            {members.slice(0, 3).map(({ name }) => readable(name)).join("、") || "—"}
            {members.length > 3 && ` +${members.length - 3}`}
          </span>
        </Tooltip>
      ),
    },
    { title: t("code.addsToday"), dataIndex: "adds_today", width: 90, align: "right", className: "numeric" },
    { title: t("code.scans"), dataIndex: "scans", width: 80, align: "right", className: "numeric" },
    { title: t("code.adds"), dataIndex: "adds", width: 80, align: "right", className: "numeric" },
    { title: t("code.losses"), dataIndex: "losses", width: 80, align: "right", className: "numeric" },
    { title: t("code.created"), dataIndex: "created_at", width: 110, render: (at: string) => <TimeText at={at} /> },
  ]
}
