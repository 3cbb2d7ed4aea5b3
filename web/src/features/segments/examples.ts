import { atLeast, EVER, days, leafOf } from "./leaves"
import { condition, group, type Group } from "./rules"

/** Audiences most shops want: a click opens one in the builder, where it is adjusted. */
export const examples = ["sleeping", "repeat", "unsold", "spenders", "newcomers", "leavers"] as const
export type Example = (typeof examples)[number]

const drafts: Record<Example, () => Group> = {
  sleeping: () =>
    group("all", [
      condition(leafOf("orders", { window: EVER, is: { measure: "since_last", op: "gt", value: 90 } })),
    ]),
  repeat: () => group("all", [condition(leafOf("orders", { window: days(30), is: atLeast(2) }))]),
  unsold: () =>
    group("all", [
      condition(leafOf("relation", { added: { kind: "ago", from_days: 365, to_days: 7 } })),
      group("none", [condition(leafOf("orders", { window: EVER }))]),
    ]),
  spenders: () =>
    group("all", [
      condition(leafOf("orders", { window: days(365), is: { measure: "sum", op: "gte", value: 100_000 } })),
    ]),
  newcomers: () =>
    group("all", [condition(leafOf("relation", { added: { kind: "calendar", period: "this_week" } }))]),
  leavers: () =>
    group("all", [
      condition(leafOf("relation", { states: ["deleted_by_customer"] })),
      condition(leafOf("orders", { window: EVER })),
    ]),
}

export const isExample = (name: string | null): name is Example => (examples as readonly (string | null)[]).includes(name)

export const draftOfExample = (name: Example): Group => drafts[name]()
