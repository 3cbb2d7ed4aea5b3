import { Alert, Modal, Select } from "antd"
import { useDeferredValue, useState } from "react"

import type { CustomerProfile } from "../../api/schema"
import { PersonName } from "../../components/PersonName"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useViewer } from "../../lib/viewer"
import { useCustomers, useMerge } from "./api"

interface Props {
  customer: CustomerProfile
  onClose: () => void
  onMerged: (id: number) => void
}

export function MergeDialog({ customer, onClose, onMerged }: Props) {
  const t = useT()
  const { zone } = useViewer()
  const [typed, setTyped] = useState("")
  const [other, setOther] = useState<number>()
  const { data, isFetching } = useCustomers({ q: useDeferredValue(typed.trim()) || undefined }, undefined, zone)
  const merge = useMerge(customer.id)
  const refused = useFormRefusal()
  const others = (data?.items ?? []).filter(({ id }) => id !== customer.id)
  return (
    <Modal
      open
      title={t("customer.merge")}
      onCancel={onClose}
      okText={t("merge.confirm")}
      okButtonProps={{ disabled: !other }}
      confirmLoading={merge.isPending}
      onOk={() => other && merge.mutate(other, { onSuccess: ({ id }) => onMerged(id), onError: refused })}
    >
      <div className="stack">
        <p>{t("merge.help")}</p>
        <Select<number>
          aria-label={t("merge.choose")}
          placeholder={t("merge.choose")}
          value={other}
          onChange={setOther}
          loading={isFetching}
          showSearch={{ filterOption: false, onSearch: setTyped }}
          options={others.map((row) => ({
            value: row.id,
            label: <PersonName id={row.id} name={row.name} avatar={row.avatar} detail={row.phone_masked} size={22} />,
          }))}
        />
        <Alert type="info" showIcon title={t("merge.undoable")} />
      </div>
    </Modal>
  )
}
