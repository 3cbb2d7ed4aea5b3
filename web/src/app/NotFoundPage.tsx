import { Result } from "antd"
import { Link } from "react-router"

import { useT } from "../i18n"

export function NotFoundPage() {
  const t = useT()
  return (
    <Result
      status="404"
      icon={null}
      title={t("error.notFoundTitle")}
      subTitle={t("error.notFoundHelp")}
      extra={<Link to="/">{t("error.toOverview")}</Link>}
    />
  )
}
