import {
  DeleteOutlined, DownOutlined, FileOutlined, LinkOutlined, PictureOutlined, PlusOutlined, UpOutlined, VideoCameraOutlined,
  AppstoreOutlined,
} from "@ant-design/icons"
import { Button, Dropdown, Input } from "antd"
import type { TextAreaRef } from "antd/es/input/TextArea"
import { useRef } from "react"

import { useT } from "../../i18n"
import { AttachmentFields } from "./AttachmentFields"
import {
  type Attachment, type AttachmentKind, attachmentsOf, bytesOf, compose, emptyAttachment, errorsOfAttachment, insertAt,
  MOST_ATTACHMENTS, type Part, PLACEHOLDERS, TEXT_BYTES, textOf,
} from "./parts"
import { PhonePreview } from "./PhonePreview"
import "./MessageEditor.css"

const icons: Record<AttachmentKind, React.ReactNode> = {
  image: <PictureOutlined />,
  link: <LinkOutlined />,
  miniprogram: <AppstoreOutlined />,
  video: <VideoCameraOutlined />,
  file: <FileOutlined />,
}
const kinds = Object.keys(icons) as AttachmentKind[]

interface Props {
  value: Part[]
  onChange: (parts: Part[]) => void
  /** Refusals by field, as in `parts.2.title`. */
  errors?: Record<string, string>
  label: string
}

/** A message: one text and up to nine attachments, beside the phone it will arrive on. */
export function MessageEditor({ value, onChange, errors = {}, label }: Props) {
  const t = useT()
  const text = textOf(value)
  const attachments = attachmentsOf(value)
  const textError = Object.entries(errors).find(([field]) => field.endsWith("content"))?.[1]
  const general = Object.entries(errors).find(([field]) => field === "parts" || field.endsWith(".parts"))?.[1]
  const change = (next: Attachment[]) => onChange(compose(text, next))

  const move = (index: number, by: number) => {
    const next = [...attachments]
    const [moved] = next.splice(index, 1)
    if (moved) next.splice(index + by, 0, moved)
    change(next)
  }
  return (
    <div className="message-editor">
      <div className="stack grow">
        <TextField label={label} text={text} error={textError} onChange={(next) => onChange(compose(next, attachments))} />
        {attachments.map((attachment, index) => (
          <fieldset key={index} className="message-attachment">
            <legend>
              {icons[attachment.kind]} {t.of("part", attachment.kind)}
            </legend>
            <div className="row message-attachment-tools">
              <Button
                size="small"
                type="text"
                icon={<UpOutlined />}
                disabled={index === 0}
                aria-label={t("message.up")}
                onClick={() => move(index, -1)}
              />
              <Button
                size="small"
                type="text"
                icon={<DownOutlined />}
                disabled={index === attachments.length - 1}
                aria-label={t("message.down")}
                onClick={() => move(index, 1)}
              />
              <Button
                size="small"
                type="text"
                danger
                icon={<DeleteOutlined />}
                aria-label={t("message.remove")}
                onClick={() => change(attachments.filter((_, each) => each !== index))}
              />
            </div>
            <AttachmentFields
              value={attachment}
              errors={errorsOfAttachment(errors, value, index)}
              onChange={(next) => change(attachments.map((each, place) => (place === index ? next : each)))}
            />
          </fieldset>
        ))}
        {general && (
          <p role="alert" className="message-error">
            {general}
          </p>
        )}
        <Dropdown
          trigger={["click"]}
          disabled={attachments.length >= MOST_ATTACHMENTS}
          menu={{
            items: kinds.map((kind) => ({ key: kind, icon: icons[kind], label: t.of("part", kind) })),
            onClick: ({ key }) => change([...attachments, emptyAttachment(key as AttachmentKind)]),
          }}
        >
          <Button type="dashed" icon={<PlusOutlined />}>
            {t("message.add", { count: attachments.length, most: MOST_ATTACHMENTS })}
          </Button>
        </Dropdown>
      </div>
      <PhonePreview parts={value} />
    </div>
  )
}

function TextField(props: { label: string; text: string; error?: string; onChange: (text: string) => void }) {
  const { label, text, error, onChange } = props
  const t = useT()
  const field = useRef<TextAreaRef>(null)
  const size = bytesOf(text)

  const insert = (name: string) => {
    const area = field.current?.resizableTextArea?.textArea
    const start = area?.selectionStart ?? text.length
    const changed = insertAt(text, `{${name}}`, start, area?.selectionEnd ?? start)
    onChange(changed.text)
    requestAnimationFrame(() => {
      area?.focus()
      area?.setSelectionRange(changed.cursor, changed.cursor)
    })
  }
  return (
    <div>
      <div className="row" style={{ marginBottom: 6, gap: 4 }}>
        <span className="small muted">{t("message.insert")}</span>
        {PLACEHOLDERS.map((name) => (
          <Button key={name} size="small" onClick={() => insert(name)}>
            {t.of("placeholder", name)}
          </Button>
        ))}
      </div>
      <Input.TextArea
        ref={field}
        aria-label={label}
        placeholder={t("message.textPlaceholder")}
        autoSize={{ minRows: 4, maxRows: 12 }}
        value={text}
        status={error || size > TEXT_BYTES ? "error" : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="row small" style={{ justifyContent: "space-between" }}>
        <span className="message-error">{error}</span>
        <span className={size > TEXT_BYTES ? "message-error numeric" : "muted numeric"}>
          {t("message.bytes", { size, most: TEXT_BYTES })}
        </span>
      </div>
    </div>
  )
}
