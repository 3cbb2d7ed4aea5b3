import { Button } from "antd"
import { Link } from "react-router"

import { EmptyState } from "../components/EmptyState"
import { PageHeader } from "../components/PageHeader"
import { useT } from "../i18n"

export function NotFoundPage() {
  const t = useT()
  return (
    <>
      <PageHeader title={t("error.notFoundTitle")} />
      <EmptyState
        title={t("error.notFoundHere")}
        help={t("error.notFoundHelp")}
        action={
          <Link to="/">
            <Button type="primary">{t("error.toOverview")}</Button>
          </Link>
        }
      />
    </>
  )
}
