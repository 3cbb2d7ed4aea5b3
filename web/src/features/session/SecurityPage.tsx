import { PageHeader } from "../../components/PageHeader"
import { useT } from "../../i18n"
import { PasswordCard } from "./PasswordCard"
import { SessionsCard } from "./SessionsCard"
import { TotpCard } from "./TotpCard"

export function SecurityPage() {
  const t = useT()
  return (
    <>
      <PageHeader title={t("account.security")} help={t("security.help")} />
      <div className="stack" style={{ maxWidth: 880 }}>
        <PasswordCard />
        <TotpCard />
        <SessionsCard />
      </div>
    </>
  )
}
