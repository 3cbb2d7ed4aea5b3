import { ApartmentOutlined, BankOutlined, PlusOutlined, UserOutlined } from "@ant-design/icons"
import { Button, Skeleton } from "antd"
import { useState } from "react"

import { useCorps } from "../../api/directory"
import type { CorpOut, WelcomeOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { LoadFailed } from "../../components/LoadFailed"
import { textOf } from "../../components/message/parts"
import { welcomeDraft } from "../../components/message/welcome"
import { PageHeader } from "../../components/PageHeader"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { type Holder, useWelcomes } from "./api"
import { HolderDialog } from "./HolderDialog"
import { WelcomeDrawer } from "./WelcomeDrawer"
import "./welcomes.css"

/** Default welcomes. A live code's own comes first, then the member's, the department's, and last the corp's. */
export function WelcomePage() {
  const t = useT()
  const { may } = useViewer()
  const welcomes = useWelcomes()
  const corps = useCorps()
  const [open, setOpen] = useState<Holder>()
  const [adding, setAdding] = useState(false)
  const error = welcomes.error ?? corps.error

  return (
    <>
      <PageHeader
        title={t("nav.welcomes")}
        help={t("welcome.help")}
        actions={
          may("welcomes.edit") &&
          corps.data &&
          corps.data.items.length > 0 && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
              {t("welcome.new")}
            </Button>
          )
        }
      />
      {error && <LoadFailed error={error} what={t("nav.welcomes")} onRetry={() => void welcomes.refetch()} />}
      {!error && !(welcomes.data && corps.data) && <Skeleton active paragraph={{ rows: 6 }} />}
      {welcomes.data && corps.data && <Cards welcomes={welcomes.data.items} corps={corps.data.items} onOpen={setOpen} />}
      {adding && corps.data && (
        <HolderDialog
          corps={corps.data.items}
          onClose={() => setAdding(false)}
          onChosen={(holder) => {
            setAdding(false)
            setOpen(holder)
          }}
        />
      )}
      {open && <WelcomeDrawer holder={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Cards(props: { welcomes: WelcomeOut[]; corps: CorpOut[]; onOpen: (holder: Holder) => void }) {
  const { welcomes, corps, onOpen } = props
  const t = useT()
  if (corps.length === 0) return <EmptyState title={t("corp.none")} help={t("corp.noneHelp")} />
  const greeted = new Set(welcomes.filter((each) => !each.department && !each.member).map((each) => each.corp.id))
  return (
    <div className="welcome-cards">
      {corps
        .filter(({ id }) => !greeted.has(id))
        .map((corp) => (
          <button key={`corp-${corp.id}`} type="button" className="panel welcome-card" onClick={() => onOpen({ corp_id: corp.id })}>
            <Whose icon={<BankOutlined />} name={corp.name} kind={t("welcome.corpDefault")} />
            <p className="muted">{t("welcome.unset")}</p>
          </button>
        ))}
      {welcomes.map((welcome) => (
        <Card key={`${welcome.corp.id}-${welcome.department?.id}-${welcome.member?.id}`} welcome={welcome} onOpen={onOpen} />
      ))}
    </div>
  )
}

function Card({ welcome, onOpen }: { welcome: WelcomeOut; onOpen: (holder: Holder) => void }) {
  const t = useT()
  const { corp, department, member } = welcome
  const { slots } = welcomeDraft(welcome.welcome)
  const holder = { corp_id: corp.id, department_id: department?.id, member_id: member?.id }
  return (
    <button type="button" className="panel welcome-card" onClick={() => onOpen(holder)}>
      {member && <Whose icon={<UserOutlined />} name={member.name} kind={t("organization.member")} />}
      {department && <Whose icon={<ApartmentOutlined />} name={department.name} kind={t("organization.department")} />}
      {!member && !department && <Whose icon={<BankOutlined />} name={corp.name} kind={t("welcome.corpDefault")} />}
      <p>{readable(textOf(slots.at(-1)?.parts ?? []))}</p>
      <span className="small muted">{t("welcome.slots", { count: slots.length })}</span>
    </button>
  )
}

function Whose({ icon, name, kind }: { icon: React.ReactNode; name: string; kind: string }) {
  return (
    <span className="row">
      {icon}
      <strong className="clip">
        <bdi>{readable(name)}</bdi>
      </strong>
      <span className="small muted end">{kind}</span>
    </span>
  )
}
