// Names come from strangers. React already renders them as text; what is left is direction, invisibles and length.
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu
const LIMIT = 200 // characters; the rest could not be shown and would only slow the page

/** A stranger's text made safe to set among our own: one line, no direction overrides, no invisible filler, not endless. */
export function readable(text: string | null | undefined): string {
  if (!text) return ""
  const cut = text.length > LIMIT * 4 ? text.slice(0, LIMIT * 4) : text
  const cleaned = cut.replace(INVISIBLE, " ").replace(/\s+/gu, " ").trim()
  const characters = Array.from(cleaned)
  return characters.length > LIMIT ? `${characters.slice(0, LIMIT).join("")}…` : cleaned
}

/** The first letter to put on an avatar: a whole grapheme, so that an emoji is not cut in half. */
export function initial(text: string | null | undefined): string {
  const cleaned = readable(text)
  if (!cleaned) return "?"
  const [first] = new Intl.Segmenter("zh", { granularity: "grapheme" }).segment(cleaned)
  return first ? first.segment.toLocaleUpperCase() : "?"
}

/** A stable hue for a name or id, so that the same person has the same colour everywhere. */
export function hueOf(seed: string): number {
  let hash = 2166136261
  for (let index = 0; index < seed.length; index++) hash = Math.imul(hash ^ seed.charCodeAt(index), 16777619)
  return (hash >>> 0) % 360
}
