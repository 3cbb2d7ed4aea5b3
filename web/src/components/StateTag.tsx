import "./StateTag.css"

export type Tone = "good" | "bad" | "warn" | "busy" | "quiet"

/** A state as a dot and a word; the colour only repeats what the word says. */
export function StateTag({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className="state-tag" data-tone={tone}>
      {children}
    </span>
  )
}
