import type { Vocabulary } from "../../api/schema"
import {
  type Comparison, type Group, isGroup, itemsOf, type Leaf, type LeafKind, type LeafOf, type Measure, type MeasureKind,
  type Where, type Which, type Window,
} from "./rules"

export const EVER: Window = { kind: "ever" }
export const days = (amount: number): Window => ({ kind: "last", amount, unit: "days" })
export const atLeast = (value: number): Measure => ({ measure: "count", op: "gte", value })

/** A condition of each kind as it is when it is first put down: sensible where that is possible, else with a gap. */
const begun: { [Kind in LeafKind]: LeafOf<Kind> } = {
  everyone: { kind: "everyone" },
  stage: { kind: "stage", stages: [] },
  gender: { kind: "gender", genders: [] },
  named: { kind: "named" },
  source: { kind: "source", sources: [], begins: [] },
  created: { kind: "created", window: days(7) },
  relation: {
    kind: "relation", states: [], members: [], stores: [], departments: [], add_ways: [], state_codes: [], added: null,
  },
  tags: { kind: "tags", tags: [], which: "any", added: null },
  identity: { kind: "identity", kinds: ["phone"] },
  consent: { kind: "consent", purpose: "marketing", channel: "any", says: "yes" },
  field: { kind: "field", field: "", is: { op: "exists", values: [] } },
  events: { kind: "events", which: { events: [], where: [] }, amount: "amount_fen", window: days(30), is: atLeast(1) },
  orders: { kind: "orders", sources: [], stores: [], skus: [], title: "", window: days(30), is: atLeast(1) },
  sequence: {
    kind: "sequence",
    steps: [
      { events: [], where: [] },
      { events: [], where: [] },
    ],
    within: { amount: 7, unit: "days" },
    excluding: null,
    window: EVER,
  },
  share: { kind: "share", percent: 10, start: 0, salt: "A" },
  people: { kind: "people", ids: [] },
  segment: { kind: "segment", segment: 0 },
}

export function leafOf<Kind extends LeafKind>(kind: Kind, changes: Partial<LeafOf<Kind>> = {}): LeafOf<Kind> {
  return { ...begun[kind], ...changes }
}

export const AMOUNTS: readonly MeasureKind[] = ["sum", "average", "least", "most"]
export const MOMENTS: readonly MeasureKind[] = ["first", "last"]
export const SINCE: readonly MeasureKind[] = ["since_first", "since_last"]

/** Another measure, compared with what is usual for it. */
export function measured(measure: MeasureKind, now: Date): Measure {
  if (MOMENTS.includes(measure)) return { measure, op: "gte", value: now.toISOString() }
  if (SINCE.includes(measure)) return { measure, op: "gt", value: 30 }
  return { measure, op: "gte", value: AMOUNTS.includes(measure) ? 10_000 : 1 }
}

export type Problem = "choose" | "value" | "window" | "gone" | "empty"

/** What a condition can refer to, by id, as far as it is still there. */
export interface Known {
  tags: ReadonlySet<number>
  segments: ReadonlySet<number>
  fields: ReadonlySet<string>
  events: ReadonlySet<string>
  sources: ReadonlySet<number>
}

export function knownIn(vocabulary: Vocabulary): Known {
  return {
    tags: new Set(vocabulary.tags.map(({ id }) => id)),
    segments: new Set(vocabulary.segments.map(({ id }) => id)),
    fields: new Set(vocabulary.fields.map(({ key }) => key)),
    events: new Set(vocabulary.events.map(({ key }) => key)),
    sources: new Set(vocabulary.order_sources.map(({ id }) => id)),
  }
}

function ofWindow(window: Window | null): Problem | null {
  if (window?.kind === "ago" && window.from_days <= window.to_days) return "window"
  if (window?.kind === "between" && !window.since && !window.until) return "window"
  return null
}

const needsNoValue = (is: Comparison) => is.op === "exists" || is.op === "missing"

function ofComparison(is: Comparison): Problem | null {
  return needsNoValue(is) || is.values.length > 0 ? null : "value"
}

function ofMeasure(is: Measure): Problem | null {
  return typeof is.value === "string" || Number.isFinite(is.value) ? null : "value"
}

const ofWhere = ({ field, is }: Where): Problem | null => (field ? ofComparison(is) : "choose")

function ofWhich(which: Which, known: Known): Problem | null {
  if (which.events.length === 0) return "choose"
  if (which.events.some((name) => !known.events.has(name))) return "gone"
  return first(which.where.map(ofWhere))
}

const first = (problems: (Problem | null)[]): Problem | null => problems.find((each) => each !== null) ?? null

const chosen = (values: readonly unknown[]): Problem | null => (values.length > 0 ? null : "choose")

const present = <Key>(keys: readonly Key[], known: ReadonlySet<Key>): Problem | null =>
  keys.every((key) => known.has(key)) ? null : "gone"

/** What keeps a condition from being asked, if anything. */
export function problemOf(leaf: Leaf, known: Known): Problem | null {
  switch (leaf.kind) {
    case "stage":
      return chosen(leaf.stages)
    case "gender":
      return chosen(leaf.genders)
    case "source":
      return chosen([...leaf.sources, ...leaf.begins])
    case "created":
      return ofWindow(leaf.window)
    case "relation":
      return ofWindow(leaf.added)
    case "tags":
      return first([chosen(leaf.tags), present(leaf.tags, known.tags), ofWindow(leaf.added)])
    case "identity":
      return chosen(leaf.kinds)
    case "field":
      return first([leaf.field ? present([leaf.field], known.fields) : "choose", ofComparison(leaf.is)])
    case "events":
      return first([ofWhich(leaf.which, known), ofMeasure(leaf.is), ofWindow(leaf.window)])
    case "orders":
      return first([present(leaf.sources, known.sources), ofMeasure(leaf.is), ofWindow(leaf.window)])
    case "sequence": {
      const asked = leaf.excluding ? [...leaf.steps, leaf.excluding] : leaf.steps
      return first([...asked.map((which) => ofWhich(which, known)), ofWindow(leaf.window)])
    }
    case "share":
      return leaf.percent > 0 && leaf.salt ? null : "value"
    case "people":
      return chosen(leaf.ids)
    case "segment":
      return leaf.segment ? present([leaf.segment], known.segments) : "choose"
    default:
      return null
  }
}

/** What is wrong in a tree, by the id of the place. A root without anything in it means everybody, which is no problem. */
export function problemsIn(root: Group, known: Known): Map<string, Problem> {
  const problems = new Map<string, Problem>()
  for (const item of itemsOf(root)) {
    const problem = isGroup(item)
      ? item !== root && item.of.length === 0
        ? "empty"
        : null
      : problemOf(item.leaf, known)
    if (problem) problems.set(item.id, problem)
  }
  return problems
}
