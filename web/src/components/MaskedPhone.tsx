import { EyeOutlined } from "@ant-design/icons"
import { Button, Tooltip } from "antd"
import { useEffect, useState } from "react"

import { useT } from "../i18n"
import { CopyText } from "./CopyText"
import { useFormRefusal } from "./useFormRefusal"

const SHOWN = 60_000 // milliseconds; an unattended screen should not keep a number in sight

interface Props {
  masked: string
  /** Fetches the whole number; absent for people whose role may not see it. */
  onReveal?: () => Promise<string>
}

/** A phone number with its middle hidden. Showing it is written to the audit log, which the button says. */
export function MaskedPhone({ masked, onReveal }: Props) {
  const t = useT()
  const [whole, setWhole] = useState<string>()
  const [busy, setBusy] = useState(false)
  const refused = useFormRefusal()

  useEffect(() => {
    if (!whole) return
    const timer = setTimeout(() => setWhole(undefined), SHOWN)
    return () => clearTimeout(timer)
  }, [whole])

  if (whole) return <CopyText text={whole} />
  const reveal = async () => {
    setBusy(true)
    try {
      setWhole(await onReveal?.())
    } catch (error) {
      refused(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <span className="numeric">
      {masked}
      {onReveal && (
        <Tooltip title={t("phone.revealHelp")}>
          <Button
            type="text"
            size="small"
            icon={<EyeOutlined />}
            loading={busy}
            aria-label={t("phone.reveal")}
            onClick={() => void reveal()}
          />
        </Tooltip>
      )}
    </span>
  )
}
