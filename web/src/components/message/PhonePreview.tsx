import { AppstoreOutlined, FileOutlined, PlayCircleFilled } from "@ant-design/icons"
import type { ReactNode } from "react"

import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { Avatar } from "../Avatar"
import { type Attachment, attachmentsOf, fillPreview, type Part, textOf } from "./parts"
import { uploadContentUrl, useUpload } from "./uploads"
import "./PhonePreview.css"

function Bubble({ children, bare }: { children: ReactNode; bare?: boolean }) {
  return (
    <div className="phone-line">
      <Avatar seed="preview" name="店" size={30} />
      <div className={bare ? "phone-bare" : "phone-bubble"}>{children}</div>
    </div>
  )
}

function Card(props: { title: string; text: string; picture: number | null; foot?: ReactNode; tall?: boolean }) {
  const { title, text, picture, foot, tall } = props
  return (
    <div className={tall ? "phone-card phone-card-tall" : "phone-card"}>
      <strong>{title}</strong>
      <div>
        {text && <span>{text}</span>}
        {picture ? <img src={uploadContentUrl(picture)} alt="" /> : <i />}
      </div>
      {foot && <footer>{foot}</footer>}
    </div>
  )
}

function FileLine({ id }: { id: number }) {
  const { data } = useUpload(id || null)
  return (
    <div className="phone-file">
      <span className="clip">{readable(data?.filename) || "…"}</span>
      <FileOutlined style={{ fontSize: 28 }} />
    </div>
  )
}

function Shown({ part, fill }: { part: Attachment; fill: (text: string) => string }) {
  const t = useT()
  switch (part.kind) {
    case "image":
      return part.upload_id ? <img className="phone-picture" src={uploadContentUrl(part.upload_id)} alt="" /> : <i className="phone-hole" />
    case "video":
      return (
        <span className="phone-hole">
          <PlayCircleFilled />
        </span>
      )
    case "file":
      return <FileLine id={part.upload_id} />
    case "link":
      return (
        <Card
          title={fill(part.title) || t("message.title")}
          text={fill(part.description) || part.url}
          picture={part.picture_upload_id}
        />
      )
    case "miniprogram":
      return (
        <Card
          tall
          title={part.title || t("message.title")}
          text=""
          picture={part.cover_upload_id || null}
          foot={
            <>
              <AppstoreOutlined /> {t("part.miniprogram")}
            </>
          }
        />
      )
  }
}

/** The message as it will stand on the customer's phone, with a stranger's name filled in. */
export function PhonePreview({ parts }: { parts: readonly Part[] }) {
  const t = useT()
  const { me } = useViewer()
  const names = {
    nickname: t("preview.nickname"),
    member: t("preview.member"),
    store: me.merchant.name,
    profile_link: "https://…/p/…",
  }
  const fill = (text: string) => fillPreview(text, names)
  const text = textOf(parts)
  return (
    <aside className="phone" aria-label={t("preview.title")}>
      <header>{t("preview.member")}</header>
      <div className="phone-chat">
        {parts.length === 0 && <p className="phone-none">{t("preview.none")}</p>}
        {text && <Bubble>{fill(text)}</Bubble>}
        {attachmentsOf(parts).map((part, index) => (
          <Bubble key={index} bare>
            <Shown part={part} fill={fill} />
          </Bubble>
        ))}
      </div>
    </aside>
  )
}
