import type { WelcomeShape } from "../../api/schema"
import type { Part } from "./parts"
import type { WelcomeDraft } from "./SlotsEditor"

/** A stored welcome, ready to be edited: always with at least one message to write in. */
export function welcomeDraft(stored: WelcomeShape): WelcomeDraft {
  const slots = (stored.slots ?? []).map(({ hours, parts }) => ({ hours: hours ?? null, parts: parts as Part[] }))
  return {
    slots: slots.length > 0 ? slots : [{ hours: null, parts: [] }],
    suppressed_nicknames: stored.suppressed_nicknames ?? [],
  }
}

/** What is sent: messages nobody wrote are left out. */
export function welcomeBody(draft: WelcomeDraft): WelcomeShape {
  return { ...draft, slots: draft.slots.filter(({ parts }) => parts.length > 0) }
}
