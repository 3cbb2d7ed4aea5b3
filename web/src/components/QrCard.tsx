import { DownloadOutlined } from "@ant-design/icons"
import { Button } from "antd"
import { useState } from "react"

import { useT } from "../i18n"
import { CopyText } from "./CopyText"
import "./QrCard.css"

const address = (codeId: number, format: "png" | "svg") => `/api/live-codes/${codeId}/qr.${format}`

interface Props {
  codeId: number
  name: string
  /** What the code leads to, for whoever cannot scan. */
  link?: string
}

/** The code as it will be printed, and the files to print it from. */
export function QrCard({ codeId, name, link }: Props) {
  const t = useT()
  const [missing, setMissing] = useState(false)
  return (
    <div className="qr-card">
      {missing ? (
        <div className="qr-missing muted">{t("qr.missing")}</div>
      ) : (
        <img src={address(codeId, "svg")} alt={t("qr.of", { name })} width={220} height={220} onError={() => setMissing(true)} />
      )}
      <div className="row" style={{ justifyContent: "center" }}>
        <Button icon={<DownloadOutlined />} href={`${address(codeId, "png")}?size=1200`} download={`${name}.png`} disabled={missing}>
          PNG
        </Button>
        <Button icon={<DownloadOutlined />} href={address(codeId, "svg")} download={`${name}.svg`} disabled={missing}>
          SVG
        </Button>
      </div>
      {link && <CopyText text={link} />}
    </div>
  )
}
