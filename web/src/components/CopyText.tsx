import { CheckOutlined, CopyOutlined } from "@ant-design/icons"
import { Button } from "antd"
import { useT } from "../i18n"
import { useCopying } from "./copying"

interface Props {
  text: string
  /** What stands before the button, where that is not the value itself. */
  shown?: string
}

/** A value to be carried elsewhere: shown in full, copied by one press. */
export function CopyText({ text, shown }: Props) {
  const t = useT()
  const [copied, copy] = useCopying(text)
  return (
    <span className="row" style={{ display: "inline-flex", gap: 2, flexWrap: "nowrap", maxWidth: "100%" }}>
      {shown ? <span>{shown}</span> : <code className="clip">{text}</code>}
      <Button
        type="text"
        size="small"
        icon={copied ? <CheckOutlined /> : <CopyOutlined />}
        aria-label={t(copied ? "action.copied" : "action.copy")}
        onClick={copy}
      />
    </span>
  )
}
