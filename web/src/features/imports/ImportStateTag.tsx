import type { ImportOut } from "../../api/schema"
import { StateTag, type Tone } from "../../components/StateTag"
import { useT } from "../../i18n"

const tones: Record<ImportOut["state"], Tone> = {
  uploaded: "warn",
  mapped: "warn",
  checking: "busy",
  ready: "warn",
  running: "busy",
  paused: "warn",
  done: "good",
  failed: "bad",
  cancelled: "quiet",
}

export function ImportStateTag({ run }: { run: ImportOut }) {
  const t = useT()
  return <StateTag tone={tones[run.state]}>{t.of("importState", run.cancel_asked ? "cancelling" : run.state)}</StateTag>
}
