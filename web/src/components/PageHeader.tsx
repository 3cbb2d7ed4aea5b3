import { ArrowLeftOutlined } from "@ant-design/icons"
import { type ReactNode, useEffect } from "react"
import { Link } from "react-router"

import { useT } from "../i18n"
import "./PageHeader.css"

interface Props {
  title: ReactNode
  /** The tab's title, where `title` is more than text. */
  documentTitle?: string
  /** One sentence on what this page is for. */
  help?: ReactNode
  actions?: ReactNode
  back?: { to: string; label: string }
}

export function PageHeader({ title, documentTitle, help, actions, back }: Props) {
  const t = useT()
  const plain = documentTitle ?? (typeof title === "string" ? title : undefined)

  useEffect(() => {
    document.title = plain ? `${plain} · ${t("app.name")}` : t("app.name")
  }, [plain, t])

  return (
    <header className="page-header">
      <div className="grow">
        {back && (
          <Link to={back.to} className="page-back small">
            <ArrowLeftOutlined /> {back.label}
          </Link>
        )}
        <h1>{title}</h1>
        {help && <p className="muted">{help}</p>}
      </div>
      {actions && <div className="row page-actions">{actions}</div>}
    </header>
  )
}
