import { useState } from "react"

const SHOWN_MS = 1500

/** Browsers give pages on plain http no clipboard; there an invisible field is selected and copied the old way. */
async function toClipboard(text: string): Promise<boolean> {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(text)
    return true
  }
  const field = document.createElement("textarea")
  field.value = text
  field.setAttribute("readonly", "")
  field.style.position = "fixed"
  field.style.opacity = "0"
  document.body.append(field)
  field.select()
  const copied = document.execCommand("copy")
  field.remove()
  return copied
}

/** Whether `text` was just copied, and what copies it. */
export function useCopying(text: string): [copied: boolean, copy: () => void] {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    if (!(await toClipboard(text))) return
    setCopied(true)
    setTimeout(() => setCopied(false), SHOWN_MS)
  }
  return [copied, () => void copy()]
}
