import { Form, Input, InputNumber, Modal, Select, Switch } from "antd"

import type { EventSourceIn, EventSourceOut, SourceKind } from "../../api/schema"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useChangeSource, useCreateSource } from "./api"

const kinds: SourceKind[] = ["browser", "mini_program", "app", "server"]
const userIdKinds = ["member_no", "phone", "unionid", "openid", "external_userid", "email"]

interface Props {
  source: EventSourceOut | null
  onClose: () => void
  onCreated?: (id: number) => void
}

/** Making a source, or changing what may change of it. */
export function SourceDialog({ source, onClose, onCreated }: Props) {
  const t = useT()
  const [form] = Form.useForm<EventSourceIn>()
  const kind = Form.useWatch("kind", form)
  const create = useCreateSource()
  const change = useChangeSource(source?.id ?? 0)
  const refused = useFormRefusal(form)
  const rules = [{ required: true, message: t("form.required") }]

  const save = (given: EventSourceIn) => {
    if (source) {
      const { name, allowed_origins, rate_per_second, trusts_traits, consent_category } = given
      const body = { name, allowed_origins, rate_per_second, trusts_traits, consent_category }
      change.mutate(body, { onSuccess: onClose, onError: refused })
    } else {
      create.mutate(given, {
        onError: refused,
        onSuccess: (made) => {
          onClose()
          onCreated?.(made.id)
        },
      })
    }
  }
  return (
    <Modal
      open
      title={t(source ? "source.edit" : "source.new")}
      onCancel={onClose}
      onOk={form.submit}
      okText={t("action.save")}
      confirmLoading={create.isPending || change.isPending}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={source ?? { kind: "browser", user_id_kind: "member_no", rate_per_second: 1000, allowed_origins: [], consent_category: "analytics" }}
        onValuesChange={(changed) => {
          if ("kind" in changed && !source) form.setFieldValue("trusts_traits", changed.kind === "server")
        }}
        onFinish={save}
      >
        <Form.Item name="name" label={t("source.name")} rules={rules}>
          <Input maxLength={100} autoFocus placeholder={t("source.nameExample")} />
        </Form.Item>
        <Form.Item name="kind" label={t("source.kind")} extra={t("source.kindHelp")}>
          <Select disabled={Boolean(source)} options={kinds.map((each) => ({ value: each, label: t.of("sourceKind", each) }))} />
        </Form.Item>
        <Form.Item name="issuer" label={t("source.issuer")} extra={t("source.issuerHelp")} rules={rules}>
          <Input maxLength={64} disabled={Boolean(source)} placeholder="shop" />
        </Form.Item>
        <Form.Item name="user_id_kind" label={t("source.userIdKind")} extra={t("source.userIdKindHelp")}>
          <Select disabled={Boolean(source)} options={userIdKinds.map((each) => ({ value: each, label: t.of("identityKind", each) }))} />
        </Form.Item>
        {(kind ?? source?.kind) === "browser" && (
          <Form.Item name="allowed_origins" label={t("source.origins")} extra={t("source.originsHelp")}>
            <Select mode="tags" open={false} suffixIcon={null} placeholder="https://shop.example" />
          </Form.Item>
        )}
        <Form.Item name="rate_per_second" label={t("source.rate")} extra={t("source.rateHelp")} rules={rules}>
          <InputNumber min={1} max={1_000_000} style={{ width: 160 }} />
        </Form.Item>
        <Form.Item name="trusts_traits" label={t("source.trusts")} extra={t("source.trustsHelp")} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="consent_category" label={t("source.consent")} extra={t("source.consentHelp")}>
          <Input maxLength={64} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
