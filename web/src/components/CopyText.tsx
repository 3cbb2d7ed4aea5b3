import { CheckOutlined, CopyOutlined } from "@ant-design/icons"
import { Button } from "antd"
import { useState } from "react"

import { useT } from "../i18n"

/** A value to be carried elsewhere: shown in full, copied by one press. */
export function CopyText({ text, code = true }: { text: string; code?: boolean }) {
  const t = useT()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <span className="row" style={{ display: "inline-flex", gap: 2, flexWrap: "nowrap", maxWidth: "100%" }}>
      {code ? <code className="clip">{text}</code> : <span className="clip">{text}</span>}
      <Button
        type="text"
        size="small"
        icon={copied ? <CheckOutlined /> : <CopyOutlined />}
        aria-label={t(copied ? "action.copied" : "action.copy")}
        onClick={() => void copy()}
      />
    </span>
  )
}
