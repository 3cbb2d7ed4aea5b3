import type { WelcomeShape } from "../../api/schema"
import type { HoursText } from "../../lib/hours"
import type { Part } from "./parts"

/** One message of a welcome; without hours it is for all times no other covers. */
export interface Slot {
  hours: HoursText | null
  parts: Part[]
}

export interface WelcomeDraft {
  slots: Slot[]
  suppressed_nicknames: string[]
}

export const emptyWelcome = (): WelcomeDraft => ({ slots: [{ hours: null, parts: [] }], suppressed_nicknames: [] })

/** A stored welcome, ready to be edited: always with at least one message to write in. */
export function welcomeDraft(stored: WelcomeShape): WelcomeDraft {
  const slots = (stored.slots ?? []).map(({ hours, parts }) => ({ hours: hours ?? null, parts: parts as Part[] }))
  return {
    slots: slots.length > 0 ? slots : emptyWelcome().slots,
    suppressed_nicknames: stored.suppressed_nicknames ?? [],
  }
}

/** What is sent: messages nobody wrote are left out. */
export function welcomeBody(draft: WelcomeDraft): WelcomeShape {
  return { ...draft, slots: draft.slots.filter(({ parts }) => parts.length > 0) }
}

/** Refusals of one slot out of those of the whole: `….slots.1.parts.0.content` → `parts.0.content`. */
export function errorsOfSlot(errors: Record<string, string>, index: number): Record<string, string> {
  const mark = `slots.${index}.`
  return Object.fromEntries(
    Object.entries(errors)
      .filter(([field]) => field.includes(mark))
      .map(([field, text]) => [field.slice(field.indexOf(mark) + mark.length), text]),
  )
}
