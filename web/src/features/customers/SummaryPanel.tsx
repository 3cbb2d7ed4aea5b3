import { PlusOutlined } from "@ant-design/icons"
import { Button, Input, Select } from "antd"
import { useState } from "react"

import type { CustomerProfile } from "../../api/schema"
import { Facts } from "../../components/Facts"
import { MaskedPhone } from "../../components/MaskedPhone"
import { MoneyText } from "../../components/MoneyText"
import { Panel } from "../../components/Panel"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useAddPhone, useEditCustomer, useRevealPhone } from "./api"
import { stages } from "./stages"

export function SummaryPanel({ customer }: { customer: CustomerProfile }) {
  const t = useT()
  return (
    <Panel title={t("customer.summary")}>
      <Facts
        items={[
          [t("customer.stage"), <Stage key="stage" customer={customer} />],
          [t("customer.phone"), <Phones key="phones" customer={customer} />],
          [t("customer.gender"), t.of("gender", customer.gender)],
          [t("customer.source"), readable(customer.source_label) || null],
          [t("customer.orders"), <span key="orders" className="numeric">{customer.order_count}</span>],
          [t("customer.spent"), <MoneyText key="spent" fen={customer.spent_fen} />],
          [t("customer.lastOrder"), <TimeText key="lastOrder" at={customer.last_order_at} absolute />],
          [t("customer.added"), <TimeText key="added" at={customer.added_at} absolute />],
          [t("customer.created"), <TimeText key="created" at={customer.created_at} absolute />],
        ]}
      />
    </Panel>
  )
}

function Stage({ customer }: { customer: CustomerProfile }) {
  const t = useT()
  const { may } = useViewer()
  const edit = useEditCustomer(customer.id)
  const refused = useFormRefusal()
  if (!may("customers.edit")) return <>{t.of("stage", customer.stage)}</>
  return (
    <Select
      size="small"
      variant="filled"
      aria-label={t("customer.stage")}
      value={edit.isPending ? edit.variables.stage : customer.stage}
      options={stages.map((stage) => ({ value: stage, label: t.of("stage", stage) }))}
      onChange={(stage) => edit.mutate({ stage }, { onError: refused })}
      style={{ minWidth: 110 }}
    />
  )
}

function Phones({ customer }: { customer: CustomerProfile }) {
  const { may } = useViewer()
  const reveal = useRevealPhone(customer.id)
  return (
    <div>
      {customer.phones.map((phone) => (
        <MaskedPhone
          key={phone.identity_id}
          masked={phone.masked}
          onReveal={
            may("customers.reveal_phones")
              ? async () => (await reveal.mutateAsync(phone.identity_id)).phone
              : undefined
          }
        />
      ))}
      {may("customers.edit") && <AddPhone customerId={customer.id} />}
    </div>
  )
}

/** A number the customer gave: whoever is known by it, from orders say, becomes one with this customer. */
function AddPhone({ customerId }: { customerId: number }) {
  const t = useT()
  const [typing, setTyping] = useState(false)
  const add = useAddPhone(customerId)
  const refused = useFormRefusal()
  if (!typing) {
    return (
      <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => setTyping(true)}>
        {t("phone.add")}
      </Button>
    )
  }
  return (
    <Input.Search
      autoFocus
      size="small"
      inputMode="tel"
      aria-label={t("phone.add")}
      placeholder={t("phone.add")}
      enterButton={t("action.add")}
      loading={add.isPending}
      onSearch={(phone) => phone.trim() && add.mutate(phone.trim(), { onSuccess: () => setTyping(false), onError: refused })}
      onKeyDown={(event) => event.key === "Escape" && setTyping(false)}
    />
  )
}
