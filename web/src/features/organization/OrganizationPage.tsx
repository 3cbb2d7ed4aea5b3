import { Button, Tabs } from "antd"
import { useState } from "react"
import { useSearchParams } from "react-router"

import { PageHeader } from "../../components/PageHeader"
import { useT } from "../../i18n"
import { useViewer } from "../../lib/viewer"
import { BrandsTab } from "./BrandsTab"
import { DepartmentsTab } from "./DepartmentsTab"
import { MembersTab } from "./MembersTab"
import { MerchantDialog } from "./MerchantDialog"
import { StoresTab } from "./StoresTab"

export function OrganizationPage() {
  const t = useT()
  const { may } = useViewer()
  const [search, setSearch] = useSearchParams()
  const [renaming, setRenaming] = useState(false)
  return (
    <>
      <PageHeader
        title={t("nav.organization")}
        help={t("organization.help")}
        actions={
          may("organization.edit") && <Button onClick={() => setRenaming(true)}>{t("organization.merchant")}</Button>
        }
      />
      <Tabs
        destroyOnHidden
        activeKey={search.get("tab") ?? "members"}
        onChange={(tab) => setSearch({ tab }, { replace: true })}
        items={[
          { key: "members", label: t("organization.members"), children: <MembersTab /> },
          { key: "departments", label: t("organization.departments"), children: <DepartmentsTab /> },
          { key: "stores", label: t("organization.stores"), children: <StoresTab /> },
          { key: "brands", label: t("organization.brands"), children: <BrandsTab /> },
        ]}
      />
      {renaming && <MerchantDialog onClose={() => setRenaming(false)} />}
    </>
  )
}
