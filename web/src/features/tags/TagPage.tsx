import { PlusOutlined } from "@ant-design/icons"
import { Button, Skeleton } from "antd"
import { useState } from "react"

import { useTagGroups } from "../../api/directory"
import { EmptyState } from "../../components/EmptyState"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { useT } from "../../i18n"
import { useViewer } from "../../lib/viewer"
import { GroupDialog } from "./GroupDialog"
import { GroupPanel } from "./GroupPanel"

export function TagPage() {
  const t = useT()
  const { may } = useViewer()
  const { data, error, refetch } = useTagGroups()
  const [creating, setCreating] = useState(false)
  const create = may("tags.edit") && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
      {t("tags.newGroup")}
    </Button>
  )
  return (
    <>
      <PageHeader title={t("nav.tags")} help={t("tags.help")} actions={create} />
      {error && <LoadFailed error={error} what={t("nav.tags")} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active paragraph={{ rows: 8 }} />}
      {data?.items.length === 0 && (
        <div className="server-table-empty">
          <EmptyState title={t("tags.none")} help={t("tags.noneHelp")} action={create} />
        </div>
      )}
      <div className="stack">{data?.items.map((group) => <GroupPanel key={group.id} group={group} />)}</div>
      {creating && <GroupDialog onClose={() => setCreating(false)} />}
    </>
  )
}
