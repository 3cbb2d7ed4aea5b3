/** Rules as the API has them, and the tree of them that is edited here. Pure: nothing of React, nothing of the server. */

export type Unit = "minutes" | "hours" | "days" | "weeks"
export type Period =
  | "today" | "yesterday" | "this_week" | "last_week" | "this_month" | "last_month" | "this_year" | "last_year"
export type MeasureKind =
  | "count" | "days" | "sum" | "average" | "least" | "most" | "first" | "last" | "since_first" | "since_last"
export type Order = "eq" | "ne" | "gt" | "gte" | "lt" | "lte"
export type Operator = "is" | "is_not" | "contains" | "begins" | "gt" | "gte" | "lt" | "lte" | "exists" | "missing"
export type Value = string | number | boolean

export type Window =
  | { kind: "ever" }
  | { kind: "last"; amount: number; unit: Unit }
  | { kind: "ago"; from_days: number; to_days: number }
  | { kind: "between"; since: string | null; until: string | null }
  | { kind: "calendar"; period: Period }

export interface Measure {
  measure: MeasureKind
  op: Order
  /** Fen for amounts, days for "since", a moment for first and last. */
  value: number | string
}

export interface Comparison {
  op: Operator
  values: Value[]
}

export interface Where {
  field: string
  is: Comparison
}

export interface Which {
  events: string[]
  where: Where[]
}

export interface Leaves {
  everyone: object
  stage: { stages: string[] }
  gender: { genders: string[] }
  named: object
  source: { sources: string[]; begins: string[] }
  created: { window: Window }
  relation: {
    states: string[]
    members: number[]
    stores: number[]
    departments: number[]
    add_ways: number[]
    state_codes: string[]
    added: Window | null
  }
  tags: { tags: number[]; which: "all" | "any" | "none"; added: Window | null }
  identity: { kinds: string[] }
  consent: { purpose: string; channel: string; says: "yes" | "no" | "nothing" }
  field: { field: string; is: Comparison }
  events: { which: Which; amount: string; window: Window; is: Measure }
  orders: { sources: number[]; stores: number[]; skus: string[]; title: string; gross?: boolean; window: Window; is: Measure }
  sequence: { steps: Which[]; within: { amount: number; unit: Unit }; excluding: Which | null; window: Window }
  share: { percent: number; start: number; salt: string }
  people: { ids: number[] }
  segment: { segment: number }
}

export type LeafKind = keyof Leaves
export type LeafOf<Kind extends LeafKind> = { kind: Kind } & Leaves[Kind]
export type Leaf = { [Kind in LeafKind]: LeafOf<Kind> }[LeafKind]

export type Node = { kind: "all" | "any"; of: Node[] } | { kind: "not"; of: Node } | Leaf
export interface Rule {
  schema: 1
  when: Node
}

/** How the things of a group count: all of them hold, any of them, or none. */
export type Joint = "all" | "any" | "none"
export interface Group {
  id: string
  joint: Joint
  of: Item[]
}
export interface Condition {
  id: string
  leaf: Leaf
}
export type Item = Group | Condition

export const MAX_DEPTH = 8 // levels a rule may have; what leaves something out takes two

export const isGroup = (item: Item): item is Group => "joint" in item

let count = 0
const newId = () => `i${++count}`

export const condition = (leaf: Leaf): Condition => ({ id: newId(), leaf })
export const group = (joint: Joint, of: Item[] = []): Group => ({ id: newId(), joint, of })

function isBranch(node: Node): node is Exclude<Node, Leaf> {
  return node.kind === "all" || node.kind === "any" || node.kind === "not"
}

function itemOf(node: Node): Item {
  if (!isBranch(node)) return condition(node)
  if (node.kind !== "not") return group(node.kind, node.of.map(itemOf))
  const inner = node.of
  return group("none", isBranch(inner) && inner.kind === "any" ? inner.of.map(itemOf) : [itemOf(inner)])
}

/** The tree of a rule. Its root is always a group, so that there is somewhere to add to. */
export function draftOf(rule: Rule): Group {
  const item = itemOf(rule.when)
  return isGroup(item) ? item : group("all", [item])
}

/** Nothing needs to be joined below "none": one thing that is no "any" itself. */
function alone(of: Group): Item | undefined {
  const [only] = of.of
  return of.of.length === 1 && only && !(isGroup(only) && only.joint === "any") ? only : undefined
}

function nodeOf(item: Item): Node {
  if (!isGroup(item)) return item.leaf
  if (item.joint !== "none") return { kind: item.joint, of: item.of.map(nodeOf) }
  const only = alone(item)
  return { kind: "not", of: only ? nodeOf(only) : { kind: "any", of: item.of.map(nodeOf) } }
}

export const ruleOf = (root: Group): Rule => ({ schema: 1, when: nodeOf(root) })

/** Levels a group takes with one condition in it, beyond what is around it. */
export const levelsOf = (joint: Joint): number => (joint === "none" ? 2 : 1)

// ---- editing: every function gives a new tree and leaves the old one as it was

function replaced(root: Group, id: string, by: (item: Item) => Item[]): Group {
  return { ...root, of: root.of.flatMap((each) => (each.id === id ? by(each) : isGroup(each) ? [replaced(each, id, by)] : [each])) }
}

export function changeLeaf(root: Group, id: string, leaf: Leaf): Group {
  return replaced(root, id, (item) => [{ ...item, leaf } as Condition])
}

export function changeJoint(root: Group, id: string, joint: Joint): Group {
  if (root.id === id) return { ...root, joint }
  return replaced(root, id, (item) => [{ ...item, joint } as Group])
}

export function add(root: Group, groupId: string, item: Item): Group {
  if (root.id === groupId) return { ...root, of: [...root.of, item] }
  return replaced(root, groupId, (found) => [isGroup(found) ? { ...found, of: [...found.of, item] } : found])
}

export const remove = (root: Group, id: string): Group => replaced(root, id, () => [])

function copy(item: Item): Item {
  return isGroup(item) ? { ...item, id: newId(), of: item.of.map(copy) } : { ...item, id: newId() }
}

export const duplicate = (root: Group, id: string): Group => replaced(root, id, (item) => [item, copy(item)])

/** Put into a group of its own, which others can join. */
export const wrap = (root: Group, id: string, joint: Joint): Group => replaced(root, id, (item) => [group(joint, [item])])

/** A group's things in its place. */
export const unwrap = (root: Group, id: string): Group => replaced(root, id, (item) => (isGroup(item) ? item.of : [item]))

export function find(root: Group, id: string): Item | undefined {
  for (const each of root.of) {
    if (each.id === id) return each
    const below = isGroup(each) ? find(each, id) : undefined
    if (below) return below
  }
  return undefined
}

/**
 * One step in reading order: past a condition, into a group that is next, out of a group at its edge. At the very edge
 * of the rule nothing changes.
 */
export function move(root: Group, id: string, step: -1 | 1): Group {
  const at = root.of.findIndex((each) => each.id === id)
  if (at < 0) {
    for (const [place, each] of root.of.entries()) {
      if (!isGroup(each) || !find(each, id)) continue
      const moved = move(each, id, step)
      if (moved !== each) return { ...root, of: root.of.with(place, moved) }
      // at the edge of its group: out, before or after it
      const item = find(each, id) as Item
      if (!each.of.includes(item)) return root
      const without = remove(each, id)
      return { ...root, of: root.of.toSpliced(place, 1, ...(step < 0 ? [item, without] : [without, item])) }
    }
    return root
  }
  const item = root.of[at] as Item
  const next = root.of[at + step]
  if (!next) return root
  if (!isGroup(next)) return { ...root, of: root.of.with(at, next).with(at + step, item) }
  const entered = { ...next, of: step > 0 ? [item, ...next.of] : [...next.of, item] }
  return { ...root, of: root.of.with(at + step, entered).toSpliced(at, 1) }
}

export function* itemsOf(root: Group): Generator<Item> {
  yield root
  for (const each of root.of) {
    if (isGroup(each)) yield* itemsOf(each)
    else yield each
  }
}

export const conditionsOf = (root: Group): Condition[] => [...itemsOf(root)].filter((each) => !isGroup(each)) as Condition[]

/** Counts as the server gives them, a tree of the shape of the rule it was asked about. */
export interface Part {
  count: number
  of: Part[]
}

/** Those counts by the ids of the tree the rule was made from. */
export function countsOf(root: Group, part: Part): Map<string, number> {
  const counts = new Map<string, number>()
  const walk = (item: Item, at: Part | undefined) => {
    if (!at) return
    counts.set(item.id, at.count)
    if (!isGroup(item)) return
    const below = item.joint === "none" && !alone(item) ? at.of[0]?.of : at.of
    item.of.forEach((each, place) => walk(each, below?.[place]))
  }
  walk(root, part)
  return counts
}
