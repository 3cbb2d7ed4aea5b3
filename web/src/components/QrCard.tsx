import { DownloadOutlined } from "@ant-design/icons"
import { Button } from "antd"
import { useState } from "react"

import { useT } from "../i18n"
import { CopyText } from "./CopyText"
import { type Logo, LogoChoice, logoParam } from "./LogoChoice"
import "./QrCard.css"

function address(codeId: number, format: "png" | "svg", logo: Logo, size?: string): string {
  const asked = new URLSearchParams({ ...(size && { size }), ...logoParam(logo) })
  return `/api/live-codes/${codeId}/qr.${format}?${asked}`
}

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
  const [logo, setLogo] = useState<Logo>({ kind: "fish" })
  return (
    <div className="qr-card">
      {missing ? (
        <div className="qr-missing muted">{t("qr.missing")}</div>
      ) : (
        <img src={address(codeId, "svg", logo)} alt={t("qr.of", { name })} width={220} height={220} onError={() => setMissing(true)} />
      )}
      <LogoChoice value={logo} onChange={setLogo} />
      <div className="row" style={{ justifyContent: "center" }}>
        <Button icon={<DownloadOutlined />} href={address(codeId, "png", logo, "1200")} download={`${name}.png`} disabled={missing}>
          PNG
        </Button>
        <Button icon={<DownloadOutlined />} href={address(codeId, "svg", logo)} download={`${name}.svg`} disabled={missing}>
          SVG
        </Button>
      </div>
      {link && <CopyText text={link} />}
    </div>
  )
}
