import { PageHeader } from "../../components/PageHeader"
import { useT } from "../../i18n"

export function OverviewPage() {
  const t = useT()
  return <PageHeader title={t("nav.overview")} help={t("overview.help")} />
}
