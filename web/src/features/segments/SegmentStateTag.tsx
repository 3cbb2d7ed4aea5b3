import type { SegmentRow } from "../../api/schema"
import { StateTag, type Tone } from "../../components/StateTag"
import { useT } from "../../i18n"

const tones: Record<string, Tone> = { live: "good", draft: "quiet", frozen: "warn", archived: "quiet" }

export function SegmentStateTag({ segment }: { segment: SegmentRow }) {
  const t = useT()
  if (segment.state === "live" && !segment.is_ready) return <StateTag tone="busy">{t("seg.computing")}</StateTag>
  return <StateTag tone={tones[segment.state] ?? "quiet"}>{t.of("segState", segment.state)}</StateTag>
}
