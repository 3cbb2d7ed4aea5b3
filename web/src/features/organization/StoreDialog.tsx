import { Form, Input, InputNumber, Modal, Select, Switch } from "antd"

import type { StoreIn, StoreOut } from "../../api/schema"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useBrands, useSaveStore } from "./api"

function fieldsOf(store: StoreOut | null): Partial<StoreIn> {
  if (!store) return { is_open: true }
  const { name, code, address, latitude, longitude, is_open } = store
  return { name, code, address, latitude, longitude, is_open, brand_id: store.brand?.id, department_id: store.department?.id }
}

export function StoreDialog({ store, onClose }: { store: StoreOut | null; onClose: () => void }) {
  const t = useT()
  const [form] = Form.useForm<StoreIn>()
  const save = useSaveStore(store?.id ?? null)
  const refused = useFormRefusal(form)
  const { data: brands } = useBrands()
  const rules = [{ required: true, whitespace: true, message: t("form.required") }]
  const submit = (fields: StoreIn) =>
    save.mutate(
      { ...fields, brand_id: fields.brand_id ?? null, department_id: store?.department?.id ?? null },
      { onSuccess: onClose, onError: refused },
    )
  return (
    <Modal
      open
      title={t(store ? "store.edit" : "store.new")}
      onCancel={onClose}
      onOk={form.submit}
      okText={t("action.save")}
      confirmLoading={save.isPending}
    >
      <Form form={form} layout="vertical" initialValues={fieldsOf(store)} onFinish={submit} requiredMark={false}>
        <Form.Item name="name" label={t("store.name")} rules={rules}>
          <Input maxLength={200} autoFocus />
        </Form.Item>
        <Form.Item name="code" label={t("store.code")} extra={t("store.codeHelp")} rules={rules}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="brand_id" label={t("store.brand")}>
          <Select allowClear options={(brands?.items ?? []).map(({ id, name }) => ({ value: id, label: readable(name) }))} />
        </Form.Item>
        <Form.Item name="address" label={t("store.address")}>
          <Input maxLength={500} />
        </Form.Item>
        <div className="row" style={{ gap: 16, flexWrap: "nowrap" }}>
          <Form.Item name="longitude" label={t("store.longitude")} className="grow">
            <InputNumber min={-180} max={180} style={{ width: "100%" }} />
          </Form.Item>
          <Form.Item name="latitude" label={t("store.latitude")} className="grow">
            <InputNumber min={-90} max={90} style={{ width: "100%" }} />
          </Form.Item>
        </div>
        <Form.Item name="is_open" label={t("store.open")} valuePropName="checked">
          <Switch />
        </Form.Item>
      </Form>
    </Modal>
  )
}
