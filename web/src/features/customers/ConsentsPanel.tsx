import { Switch, Tooltip } from "antd"

import type { ConsentOut, CustomerProfile } from "../../api/schema"
import { Panel } from "../../components/Panel"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { formatDateTime } from "../../lib/time"
import { useViewer } from "../../lib/viewer"
import { useSetConsent } from "./api"

const channels = ["wecom", "sms", "email", "phone"] as const

/** What the customer allows, by channel. Each change is a new statement; the old ones stay in the history. */
export function ConsentsPanel({ customer }: { customer: CustomerProfile }) {
  const t = useT()
  return (
    <Panel title={t("customer.consents")}>
      <p className="muted small" style={{ marginBottom: 8 }}>
        {t("customer.consentsHelp")}
      </p>
      {channels.map((channel) => (
        <Line
          key={channel}
          customer={customer}
          channel={channel}
          known={customer.consents.find((each) => each.purpose === "marketing" && each.channel === channel)}
        />
      ))}
    </Panel>
  )
}

function Line(props: { customer: CustomerProfile; channel: (typeof channels)[number]; known: ConsentOut | undefined }) {
  const { customer, channel, known } = props
  const t = useT()
  const { may, zone } = useViewer()
  const set = useSetConsent(customer.id)
  const refused = useFormRefusal()
  const label = t("customer.consentFor", { channel: t.of("channel", channel) })
  return (
    <div className="row" style={{ justifyContent: "space-between", padding: "3px 0" }}>
      <span>{label}</span>
      <Tooltip
        title={known ? t("customer.consentSince", { when: formatDateTime(known.at, zone) }) : t("customer.consentUnknown")}
      >
        <Switch
          size="small"
          aria-label={label}
          checked={known?.granted ?? false}
          loading={set.isPending}
          disabled={!may("customers.edit")}
          onChange={(granted) => set.mutate({ purpose: "marketing", channel, granted }, { onError: refused })}
        />
      </Tooltip>
    </div>
  )
}
