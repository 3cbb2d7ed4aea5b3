import { Tooltip } from "antd"

import type { CodeRow } from "../../api/schema"
import { StateTag, type Tone } from "../../components/StateTag"
import { useT } from "../../i18n"

const tones: Record<string, Tone> = {
  waiting: "busy",
  applied: "good",
  unstaffed: "warn",
  failed: "bad",
  removed: "quiet",
  archived: "quiet",
  expired: "quiet",
}

export function stateOf(code: CodeRow): string {
  if (code.archived_at) return "archived"
  if (code.expires_at && new Date(code.expires_at) < new Date()) return "expired"
  return code.sync_state
}

/** How a code stands; where WeCom refused it, why and what mends it. */
export function CodeState({ code }: { code: CodeRow }) {
  const t = useT()
  const state = stateOf(code)
  const tag = <StateTag tone={tones[state] ?? "quiet"}>{t.of("codeState", state)}</StateTag>
  if (!code.sync_error || state === "archived") return tag
  return (
    <Tooltip title={[code.sync_error.message, code.sync_error.advice].filter(Boolean).join(" ")}>
      <span>{tag}</span>
    </Tooltip>
  )
}
