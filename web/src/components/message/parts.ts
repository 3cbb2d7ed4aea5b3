/** What a message is made of, as the server keeps it. */
export type Part =
  | { kind: "text"; content: string }
  | { kind: "image"; upload_id: number }
  | { kind: "link"; title: string; url: string; description: string; picture_upload_id: number | null }
  | { kind: "miniprogram"; title: string; app_id: string; page: string; cover_upload_id: number }
  | { kind: "video"; upload_id: number }
  | { kind: "file"; upload_id: number }

export type Attachment = Exclude<Part, { kind: "text" }>
export type AttachmentKind = Attachment["kind"]

export const MOST_ATTACHMENTS = 9
export const TEXT_BYTES = 4000 // WeCom counts UTF-8

/** What may stand in braces in a text, with somebody to stand in for it in the preview. */
export const PLACEHOLDERS = ["nickname", "member", "store", "profile_link"] as const
export type Placeholder = (typeof PLACEHOLDERS)[number]

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

export function textOf(parts: readonly Part[]): string {
  const text = parts.find((part) => part.kind === "text")
  return text?.kind === "text" ? text.content : ""
}

export function attachmentsOf(parts: readonly Part[]): Attachment[] {
  return parts.filter((part) => part.kind !== "text")
}

/** The whole message out of its text and its attachments; no text, no text part. */
export function compose(text: string, attachments: readonly Attachment[]): Part[] {
  return text === "" ? [...attachments] : [{ kind: "text", content: text }, ...attachments]
}

/** A new attachment to be filled in; a card's picture comes with its own upload. */
export function emptyAttachment(kind: AttachmentKind): Attachment {
  switch (kind) {
    case "link":
      return { kind, title: "", url: "", description: "", picture_upload_id: null }
    case "miniprogram":
      return { kind, title: "", app_id: "", page: "", cover_upload_id: 0 }
    default:
      return { kind, upload_id: 0 }
  }
}

/** Refusals of a message name places among all parts; here they become places among the attachments. */
export function errorsOfAttachment(errors: Record<string, string>, parts: readonly Part[], index: number): Record<string, string> {
  const offset = parts[0]?.kind === "text" ? 1 : 0
  const prefix = `parts.${index + offset}.`
  return Object.fromEntries(
    Object.entries(errors)
      .filter(([field]) => field.includes(prefix))
      .map(([field, text]) => [field.slice(field.indexOf(prefix) + prefix.length), text]),
  )
}

export function fillPreview(text: string, values: Record<Placeholder, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name as Placeholder] ?? whole)
}

/** Puts a piece of text where the cursor stands, and says where it stands afterwards. */
export function insertAt(text: string, piece: string, start: number, end: number): { text: string; cursor: number } {
  return { text: text.slice(0, start) + piece + text.slice(end), cursor: start + piece.length }
}
