import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Form, Input, Modal, Select } from "antd"

import { answer, api } from "../../api/client"
import type { CustomFieldIn, CustomFieldOut, FieldKind } from "../../api/schema"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"

const kinds: FieldKind[] = ["text", "number", "date", "choice", "switch"]

function useSaveField(field: CustomFieldOut | null) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ label, options, ...rest }: CustomFieldIn) =>
      field
        ? answer(
            api.PATCH("/api/custom-fields/{field_id}", {
              params: { path: { field_id: field.id } },
              body: { label, options: field.kind === "choice" ? options : undefined },
            }),
          )
        : answer(api.POST("/api/custom-fields", { body: { ...rest, label, options } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["custom-fields"] }),
  })
}

export function FieldDialog({ field, onClose }: { field: CustomFieldOut | null; onClose: () => void }) {
  const t = useT()
  const [form] = Form.useForm<CustomFieldIn>()
  const kind = Form.useWatch("kind", form)
  const save = useSaveField(field)
  const refused = useFormRefusal(form)
  const rules = [{ required: true, message: t("form.required") }]
  return (
    <Modal
      open
      title={t(field ? "field.edit" : "field.new")}
      onCancel={onClose}
      onOk={form.submit}
      okText={t("action.save")}
      confirmLoading={save.isPending}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={field ?? { kind: "text", options: [] }}
        onFinish={(fields) => save.mutate(fields, { onSuccess: onClose, onError: refused })}
      >
        <Form.Item name="label" label={t("field.label")} rules={rules}>
          <Input maxLength={100} autoFocus placeholder={t("field.labelExample")} />
        </Form.Item>
        <Form.Item
          name="key"
          label={t("field.key")}
          extra={t("field.keyHelp")}
          rules={[{ required: true, pattern: /^[a-z][a-z0-9_]*$/, message: t("field.keyForm") }]}
        >
          <Input maxLength={64} disabled={Boolean(field)} placeholder="birthday" />
        </Form.Item>
        <Form.Item name="kind" label={t("field.kind")}>
          <Select disabled={Boolean(field)} options={kinds.map((each) => ({ value: each, label: t.of("fieldKind", each) }))} />
        </Form.Item>
        {kind === "choice" && (
          <Form.Item name="options" label={t("field.options")} rules={rules}>
            <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", "，"]} placeholder={t("field.optionsHelp")} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}
