import type { CSSProperties } from "react"

import { useT } from "../i18n"
import { readable } from "../lib/readable"

interface Props {
  text: string | null | undefined
  /** Said in its place where the name is withheld. */
  fallback?: string
  width?: number
  strong?: boolean
}

/** A name somebody else chose, isolated from the text around it and clipped to its place. */
export function Name({ text, fallback, width, strong }: Props) {
  const t = useT()
  const shown = readable(text)
  const style: CSSProperties = { maxWidth: width, fontWeight: strong ? 600 : undefined }
  if (!shown) return <span className="muted">{fallback ?? t("common.unnamed")}</span>
  return (
    <bdi className="clip" style={style} title={shown.length > 12 ? shown : undefined}>
      {shown}
    </bdi>
  )
}
