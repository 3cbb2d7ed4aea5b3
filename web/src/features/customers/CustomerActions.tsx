import { MoreOutlined } from "@ant-design/icons"
import { App, Button, Dropdown } from "antd"
import { useState } from "react"
import { useNavigate } from "react-router"

import type { CustomerProfile } from "../../api/schema"
import { useT } from "../../i18n"
import { useViewer } from "../../lib/viewer"
import { EraseDialog } from "./EraseDialog"
import { MergeDialog } from "./MergeDialog"
import { RenameDialog } from "./RenameDialog"

type Dialog = "rename" | "merge" | "erase"

/** What may be done with a customer as a whole; the menu is absent for people who may do none of it. */
export function CustomerActions({ customer }: { customer: CustomerProfile }) {
  const t = useT()
  const { may } = useViewer()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [dialog, setDialog] = useState<Dialog>()
  const close = () => setDialog(undefined)
  const items = [
    may("customers.edit") && { key: "rename", label: t("customer.rename") },
    may("customers.merge") && { key: "merge", label: t("customer.merge") },
    may("customers.erase") && {
      key: "copy",
      label: (
        <a href={`/api/customers/${customer.id}/copy`} download>
          {t("customer.copy")}
        </a>
      ),
    },
    may("customers.erase") && { key: "erase", label: t("customer.erase"), danger: true },
  ].filter((item) => item !== false)
  if (items.length === 0) return null

  return (
    <>
      <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => key !== "copy" && setDialog(key as Dialog) }}>
        <Button icon={<MoreOutlined />}>{t("customer.more")}</Button>
      </Dropdown>
      {dialog === "rename" && <RenameDialog customer={customer} onClose={close} />}
      {dialog === "merge" && (
        <MergeDialog
          customer={customer}
          onClose={close}
          onMerged={(id) => {
            close()
            void message.success(t("merge.done"))
            void navigate(`/customers/${id}`, { replace: true })
          }}
        />
      )}
      {dialog === "erase" && <EraseDialog customer={customer} onClose={close} />}
    </>
  )
}
