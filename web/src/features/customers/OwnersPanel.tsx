import type { OwnershipOut } from "../../api/schema"
import { Panel } from "../../components/Panel"
import { PersonName } from "../../components/PersonName"
import { StateTag, type Tone } from "../../components/StateTag"
import { TimeText } from "../../components/TimeText"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"

const tones: Record<string, Tone> = {
  mutual: "good",
  half: "warn",
  deleted_by_customer: "bad",
  deleted_by_member: "bad",
  transferred: "quiet",
}

export function OwnersPanel({ ownerships }: { ownerships: OwnershipOut[] }) {
  const t = useT()
  return (
    <Panel title={t("customer.relations")}>
      {ownerships.length === 0 && <span className="muted">{t("customer.noOwner")}</span>}
      {ownerships.map((ownership) => (
        <div key={ownership.id} className="owner-row">
          <PersonName
            id={ownership.member.id}
            name={ownership.member.name}
            avatar={ownership.member.avatar}
            detail={ownership.remark ? t("customer.remarkIs", { remark: readable(ownership.remark) }) : ownership.description}
          />
          <div className="small" style={{ textAlign: "right" }}>
            <StateTag tone={tones[ownership.state] ?? "quiet"}>{t.of("ownership", ownership.state)}</StateTag>
            <div className="muted">
              <TimeText at={ownership.ended_at ?? ownership.added_at} />
            </div>
          </div>
        </div>
      ))}
    </Panel>
  )
}
