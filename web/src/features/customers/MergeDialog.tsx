import { Alert, Modal } from "antd"
import { useState } from "react"

import type { CustomerProfile } from "../../api/schema"
import { CustomerSelect } from "../../components/pickers/CustomerSelect"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useMerge } from "./api"

interface Props {
  customer: CustomerProfile
  onClose: () => void
  onMerged: (id: number) => void
}

export function MergeDialog({ customer, onClose, onMerged }: Props) {
  const t = useT()
  const [other, setOther] = useState<number>()
  const merge = useMerge(customer.id)
  const refused = useFormRefusal()
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
        <CustomerSelect
          single
          label={t("merge.choose")}
          value={other ? [other] : []}
          onChange={([id]) => setOther(id)}
          exclude={[customer.id]}
        />
        <Alert type="info" showIcon title={t("merge.undoable")} />
      </div>
    </Modal>
  )
}
