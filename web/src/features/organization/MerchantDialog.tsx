import { Form, Input, Modal, Select } from "antd"

import type { MerchantIn } from "../../api/schema"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useViewer } from "../../lib/viewer"
import { useSaveMerchant } from "./api"

export function MerchantDialog({ onClose }: { onClose: () => void }) {
  const t = useT()
  const { me } = useViewer()
  const [form] = Form.useForm<MerchantIn>()
  const save = useSaveMerchant()
  const refused = useFormRefusal(form)
  return (
    <Modal open title={t("organization.merchant")} onCancel={onClose} onOk={form.submit} confirmLoading={save.isPending}>
      <Form
        form={form}
        layout="vertical"
        initialValues={me.merchant}
        onFinish={(fields) => save.mutate(fields, { onSuccess: onClose, onError: refused })}
      >
        <Form.Item name="name" label={t("merchant.name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="time_zone" label={t("merchant.zone")} extra={t("merchant.zoneHelp")}>
          <Select
            showSearch
            options={Intl.supportedValuesOf("timeZone").map((zone) => ({ value: zone, label: zone }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}
