import type { Vocabulary } from "../../api/schema"
import type { Translate } from "../../i18n"
import { compared, type ValueKind } from "./comparing"
import { atLeast, days, EVER, leafOf } from "./leaves"
import type { Leaf, LeafKind } from "./rules"

/** Something one can put down as a condition, by the name it is looked for under. */
export interface ConditionChoice {
  key: string
  label: string
  leaf: Leaf
  /** Shown before anything is typed. */
  upFront: boolean
}

export interface ChoiceGroup {
  label: string
  choices: ConditionChoice[]
}

const EVENTS_UP_FRONT = 6

/** Everything there is to choose from, in groups. */
export function choicesOf(vocabulary: Vocabulary, t: Translate): ChoiceGroup[] {
  const leaf = (kind: LeafKind, made: Leaf = leafOf(kind) as Leaf): ConditionChoice => ({
    key: kind,
    label: t.of("segLeaf", kind),
    leaf: made,
    upFront: true,
  })
  const orders = (key: string, made: Leaf): ConditionChoice => ({
    key: `orders.${key}`,
    label: t.of("segOrders", key),
    leaf: made,
    upFront: true,
  })
  const groups: [string, ConditionChoice[]][] = [
    [
      "orders",
      [
        orders("count", leafOf("orders")),
        orders("spent", leafOf("orders", { window: days(365), is: { measure: "sum", op: "gte", value: 100_000 } })),
        orders("since", leafOf("orders", { window: EVER, is: { measure: "since_last", op: "gt", value: 60 } })),
        orders("average", leafOf("orders", { window: EVER, is: { measure: "average", op: "gte", value: 10_000 } })),
        orders("never", leafOf("orders", { window: EVER, is: { measure: "count", op: "eq", value: 0 } })),
      ],
    ],
    ["tags", [leaf("tags")]],
    ["relation", [leaf("relation"), leaf("source"), leaf("created")]],
    [
      "profile",
      [
        ...(["stage", "gender", "named", "identity", "consent"] as const).map((kind) => leaf(kind)),
        ...vocabulary.fields.map((field) => ({
          key: `field.${field.key}`,
          label: field.label,
          leaf: leafOf("field", { field: field.key, is: compared(kindOfField(field.kind)) }),
          upFront: true,
        })),
      ],
    ],
    ["events", [...eventChoices(vocabulary), leaf("sequence")]],
    [
      "segments",
      vocabulary.segments.map(({ id, name }, place) => ({
        key: `segment.${id}`,
        label: t("seg.inSegment", { name }),
        leaf: leafOf("segment", { segment: id }),
        upFront: place < 5,
      })),
    ],
    ["others", [leaf("share"), leaf("people"), leaf("everyone")]],
  ]
  return groups
    .filter(([, choices]) => choices.length > 0)
    .map(([key, choices]) => ({ label: t.of("segGroup", key), choices }))
}

function kindOfField(kind: string): ValueKind {
  return (["number", "date", "choice", "switch"] as const).find((each) => each === kind) ?? "text"
}

function eventChoices({ events }: Vocabulary): ConditionChoice[] {
  const seenFirst = [...events].sort((a, b) => Number(b.is_seen) - Number(a.is_seen))
  return seenFirst.map(({ key, label }, place) => ({
    key: `event.${key}`,
    label,
    leaf: leafOf("events", { which: { events: [key], where: [] }, is: atLeast(1) }),
    upFront: place < EVENTS_UP_FRONT,
  }))
}

/** Those whose name, group or key holds all that was typed; of long groups only the first where nothing was. */
export function found(groups: readonly ChoiceGroup[], typed: string): ChoiceGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return groups
    .map((group) => ({
      ...group,
      choices: group.choices.filter((choice) => {
        if (words.length === 0) return choice.upFront
        const text = `${choice.label} ${choice.key} ${group.label}`.toLowerCase()
        return words.every((word) => text.includes(word))
      }),
    }))
    .filter(({ choices }) => choices.length > 0)
}
