import { CheckCircleFilled, CloseCircleFilled } from "@ant-design/icons"
import { Skeleton } from "antd"
import { Link, useSearchParams } from "react-router"

import type { ReasonOut, WhyOut } from "../../api/schema"
import { LoadFailed } from "../../components/LoadFailed"
import { Panel } from "../../components/Panel"
import { PersonName } from "../../components/PersonName"
import { CustomerSelect } from "../../components/pickers/CustomerSelect"
import { TimeText } from "../../components/TimeText"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useWhy } from "./api"

/** Why a person is in or out: each condition, its answer, and what that was read from. */
export function WhyTab({ id }: { id: number }) {
  const t = useT()
  const [search, setSearch] = useSearchParams()
  const person = Number(search.get("person")) || undefined
  const { data, error, refetch } = useWhy(id, person)
  return (
    <div className="stack">
      <CustomerSelect
        single
        width={320}
        label={t("seg.whyWho")}
        value={person ? [person] : []}
        onChange={([next]) => setSearch(next ? { tab: "why", person: String(next) } : { tab: "why" }, { replace: true })}
      />
      {person === undefined ? (
        <p className="muted">{t("seg.whyHelp")}</p>
      ) : error ? (
        <LoadFailed error={error} what={t("seg.why")} onRetry={() => void refetch()} />
      ) : data ? (
        <Answer why={data} />
      ) : (
        <Skeleton active paragraph={{ rows: 4 }} />
      )}
    </div>
  )
}

function Answer({ why }: { why: WhyOut }) {
  const t = useT()
  return (
    <Panel
      title={
        <span className="row">
          <Link to={`/customers/${why.customer.id}`}>
            <PersonName {...why.customer} fallback={t("customer.numbered", { id: why.customer.id })} />
          </Link>
          <Mark holds={why.is_in} />
          <span>{t(why.is_in ? "seg.isIn" : "seg.isOut")}</span>
        </span>
      }
      extra={
        why.since && (
          <span className="muted small">
            {t(why.is_in ? "seg.inSince" : "seg.outSince")} <TimeText at={why.since} absolute />
          </span>
        )
      }
    >
      <ul className="reasons" aria-label={t("seg.reasons")}>
        <Reason reason={why.reason} />
      </ul>
    </Panel>
  )
}

const JOINTS = ["all", "any", "not"]

function Reason({ reason }: { reason: ReasonOut }) {
  const t = useT()
  const isBranch = JOINTS.includes(reason.kind)
  return (
    <li className="reason" data-holds={reason.holds}>
      <div className="reason-line">
        <Mark holds={reason.holds} />
        <span className="grow">
          <span>{isBranch ? t.of("segReason", reason.kind) : readable(reason.sentence)}</span>
          {reason.seen !== null && <span className="reason-seen">{t("seg.seen", { what: readable(reason.seen) })}</span>}
        </span>
      </div>
      {reason.of.length > 0 && (
        <ul className="reasons">
          {reason.of.map((each, place) => (
            <Reason key={place} reason={each} />
          ))}
        </ul>
      )}
    </li>
  )
}

function Mark({ holds }: { holds: boolean }) {
  const t = useT()
  return holds ? (
    <CheckCircleFilled className="mark-holds" role="img" aria-label={t("seg.holds")} />
  ) : (
    <CloseCircleFilled className="mark-fails" role="img" aria-label={t("seg.fails")} />
  )
}
