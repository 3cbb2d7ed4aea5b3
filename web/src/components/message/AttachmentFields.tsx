import { Form, Input } from "antd"

import { useT } from "../../i18n"
import type { Attachment } from "./parts"
import { UploadField } from "./UploadField"

interface Props {
  value: Attachment
  errors: Record<string, string>
  onChange: (value: Attachment) => void
}

type FieldProps = { label: string; error?: string; value: string; placeholder?: string; onChange: (value: string) => void }

function Field({ label, error, value, placeholder, onChange }: FieldProps) {
  return (
    <Form.Item label={label} validateStatus={error ? "error" : undefined} help={error} layout="vertical">
      <Input aria-label={label} value={value} placeholder={placeholder} onChange={(event) => onChange(event.target.value)} />
    </Form.Item>
  )
}

export function AttachmentFields({ value, errors, onChange }: Props) {
  const t = useT()
  switch (value.kind) {
    case "image":
    case "video":
    case "file":
      return (
        <UploadField
          kind={value.kind}
          value={value.upload_id || null}
          error={errors.upload_id}
          label={t.of("part", value.kind)}
          onChange={(id) => onChange({ ...value, upload_id: id ?? 0 })}
        />
      )
    case "link":
      return (
        <div className="message-card-fields">
          <div>
            <Field
              label={t("message.title")}
              error={errors.title}
              value={value.title}
              onChange={(title) => onChange({ ...value, title })}
            />
            <Field
              label={t("message.url")}
              error={errors.url}
              value={value.url}
              placeholder="https://"
              onChange={(url) => onChange({ ...value, url })}
            />
            <Field
              label={t("message.description")}
              error={errors.description}
              value={value.description}
              onChange={(description) => onChange({ ...value, description })}
            />
          </div>
          <UploadField
            kind="image"
            value={value.picture_upload_id}
            error={errors.picture_upload_id}
            label={t("message.picture")}
            onChange={(picture_upload_id) => onChange({ ...value, picture_upload_id })}
          />
        </div>
      )
    case "miniprogram":
      return (
        <div className="message-card-fields">
          <div>
            <Field
              label={t("message.title")}
              error={errors.title}
              value={value.title}
              onChange={(title) => onChange({ ...value, title })}
            />
            <Field
              label={t("message.appId")}
              error={errors.app_id}
              value={value.app_id}
              placeholder="wx…"
              onChange={(app_id) => onChange({ ...value, app_id })}
            />
            <Field
              label={t("message.page")}
              error={errors.page}
              value={value.page}
              placeholder="pages/index/index"
              onChange={(page) => onChange({ ...value, page })}
            />
          </div>
          <UploadField
            kind="image"
            value={value.cover_upload_id || null}
            error={errors.cover_upload_id}
            label={t("message.cover")}
            onChange={(id) => onChange({ ...value, cover_upload_id: id ?? 0 })}
          />
        </div>
      )
  }
}
