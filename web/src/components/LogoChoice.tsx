import { Radio } from "antd"

import { useT } from "../i18n"
import { UploadField } from "./message/UploadField"

/** What stands in the middle of a QR code: the fish, nothing, or a picture of the merchant's. */
export type Logo = { kind: "fish" | "none" } | { kind: "own"; upload: number | null }

/** As the server is told: nothing for the fish, 0 for no logo. */
export function logoParam(logo: Logo): Record<string, string> {
  if (logo.kind === "none") return { logo: "0" }
  return logo.kind === "own" && logo.upload ? { logo: String(logo.upload) } : {}
}

export function LogoChoice({ value, onChange }: { value: Logo; onChange: (logo: Logo) => void }) {
  const t = useT()
  return (
    <div className="stack" style={{ gap: 8 }}>
      <Radio.Group
        aria-label={t("qr.logo")}
        optionType="button"
        value={value.kind}
        options={(["fish", "none", "own"] as const).map((kind) => ({ value: kind, label: t.of("qr.logo", kind) }))}
        onChange={({ target }) => {
          const kind = target.value as Logo["kind"]
          onChange(kind === "own" ? { kind, upload: null } : { kind })
        }}
      />
      {value.kind === "own" && (
        <UploadField
          kind="image"
          value={value.upload}
          label={t("qr.logoUpload")}
          onChange={(upload) => onChange({ kind: "own", upload })}
        />
      )}
    </div>
  )
}
