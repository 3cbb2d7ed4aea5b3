import { expect, test } from "vitest"

import { draftOfExample, examples } from "./examples"
import { leafOf, measured, problemOf, problemsIn } from "./leaves"
import {
  add, changeJoint, changeLeaf, condition, conditionsOf, countsOf, draftOf, duplicate, find, group, type Group,
  type Item, isGroup, itemsOf, move, type Node, remove, type Rule, ruleOf, unwrap, wrap,
} from "./rules"

const named = condition(leafOf("named"))
const everyone = condition(leafOf("everyone"))
const female = condition(leafOf("gender", { genders: ["female"] }))
const known = {
  tags: new Set([1, 2]),
  segments: new Set([5]),
  fields: new Set(["city"]),
  events: new Set(["order.placed"]),
  sources: new Set([1]),
}

/** A tree as nested lists of kinds, to compare by. */
const shape = (item: Item): unknown => (isGroup(item) ? [item.joint, ...item.of.map(shape)] : item.leaf.kind)

const rule = (when: Node): Rule => ({ schema: 1, when })
const leaf: Node = { kind: "named" }
const other: Node = { kind: "everyone" }

test.each<[string, Node]>([
  ["all of two", { kind: "all", of: [leaf, other] }],
  ["any within all", { kind: "all", of: [{ kind: "any", of: [leaf, other] }, leaf] }],
  ["not of one", { kind: "all", of: [{ kind: "not", of: leaf }] }],
  ["not of any", { kind: "not", of: { kind: "any", of: [leaf, other] } }],
  ["not of all", { kind: "not", of: { kind: "all", of: [leaf, other] } }],
  ["not of not", { kind: "not", of: { kind: "not", of: leaf } }],
  ["not of any of any", { kind: "not", of: { kind: "any", of: [{ kind: "any", of: [leaf] }] } }],
  ["nothing", { kind: "all", of: [] }],
])("a rule comes back from the builder as it went in: %s", (_, when) => {
  expect(ruleOf(draftOf(rule(when)))).toEqual(rule(when))
})

test("a rule that is a single condition gets a group around it", () => {
  expect(ruleOf(draftOf(rule(leaf)))).toEqual(rule({ kind: "all", of: [leaf] }))
})

test("leaving out several things excludes whoever is any of them", () => {
  expect(ruleOf(group("none", [named, female])).when).toEqual({
    kind: "not",
    of: { kind: "any", of: [named.leaf, female.leaf] },
  })
})

test("conditions are added, changed and removed, wherever they are", () => {
  const inner = group("any", [named])
  const root = group("all", [inner])
  const more = add(root, inner.id, female)
  expect(shape(more)).toEqual(["all", ["any", "named", "gender"]])
  expect(shape(add(root, root.id, everyone))).toEqual(["all", ["any", "named"], "everyone"])
  expect(find(changeLeaf(more, female.id, leafOf("gender", { genders: ["male"] })), female.id)).toEqual({
    id: female.id,
    leaf: { kind: "gender", genders: ["male"] },
  })
  expect(shape(changeJoint(more, inner.id, "none"))).toEqual(["all", ["none", "named", "gender"]])
  expect(shape(changeJoint(more, root.id, "any"))).toEqual(["any", ["any", "named", "gender"]])
  expect(shape(remove(more, named.id))).toEqual(["all", ["any", "gender"]])
  expect(shape(root)).toEqual(["all", ["any", "named"]])
})

test("a copy is another item", () => {
  const inner = group("any", [named])
  const copied = duplicate(group("all", [inner]), inner.id)
  expect(shape(copied)).toEqual(["all", ["any", "named"], ["any", "named"]])
  const ids = [...itemsOf(copied)].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

test("something is put into a group, and taken out again", () => {
  const root = group("all", [named, female])
  const wrapped = wrap(root, named.id, "none")
  expect(shape(wrapped)).toEqual(["all", ["none", "named"], "gender"])
  const [made] = wrapped.of
  expect(shape(unwrap(wrapped, made?.id ?? ""))).toEqual(["all", "named", "gender"])
})

test("a condition walks through the whole rule, into groups and out of them, and back", () => {
  const root = group("all", [named, group("any", [female]), everyone])
  const seen = [root]
  for (let step = 0; step < 6; step++) seen.push(move(seen.at(-1) as Group, named.id, 1))
  expect(seen.map(shape)).toEqual([
    ["all", "named", ["any", "gender"], "everyone"],
    ["all", ["any", "named", "gender"], "everyone"],
    ["all", ["any", "gender", "named"], "everyone"],
    ["all", ["any", "gender"], "named", "everyone"],
    ["all", ["any", "gender"], "everyone", "named"],
    ["all", ["any", "gender"], "everyone", "named"],
    ["all", ["any", "gender"], "everyone", "named"],
  ])
  let back = seen.at(-1) as Group
  for (let step = 0; step < 6; step++) back = move(back, named.id, -1)
  expect(shape(back)).toEqual(shape(root))
})

test("a condition deep inside leaves one group at a time", () => {
  const root = group("all", [group("any", [group("none", [named])])])
  expect(shape(move(root, named.id, -1))).toEqual(["all", ["any", "named", ["none"]]])
  expect(shape(move(move(root, named.id, -1), named.id, -1))).toEqual(["all", "named", ["any", ["none"]]])
})

test("counts of the server find their places in the tree", () => {
  const several = group("none", [named, female])
  const one = group("none", [everyone])
  const root = group("all", [several, one])
  const counts = countsOf(root, {
    count: 9,
    of: [
      { count: 8, of: [{ count: 7, of: [{ count: 6, of: [] }, { count: 5, of: [] }] }] },
      { count: 4, of: [{ count: 3, of: [] }] },
    ],
  })
  expect([root, several, named, female, one, everyone].map(({ id }) => counts.get(id))).toEqual([9, 8, 6, 5, 4, 3])
})

test("what is missing is told at its place", () => {
  const tags = condition(leafOf("tags"))
  const empty = group("any")
  const root = group("all", [tags, named, empty])
  expect([...problemsIn(root, known)]).toEqual([
    [tags.id, "choose"],
    [empty.id, "empty"],
  ])
  expect(problemsIn(group("all"), known).size).toBe(0)
})

test.each([
  [leafOf("tags", { tags: [1, 3] }), "gone"],
  [leafOf("tags", { tags: [1, 2] }), null],
  [leafOf("segment", { segment: 6 }), "gone"],
  [leafOf("field", { field: "street" }), "gone"],
  [leafOf("field", { field: "city", is: { op: "is", values: [] } }), "value"],
  [leafOf("field", { field: "city", is: { op: "missing", values: [] } }), null],
  [leafOf("events", { which: { events: ["page.seen"], where: [] } }), "gone"],
  [leafOf("events", { which: { events: ["order.placed"], where: [{ field: "", is: { op: "is", values: ["x"] } }] } }), "choose"],
  [leafOf("sequence"), "choose"],
  [leafOf("created", { window: { kind: "ago", from_days: 7, to_days: 7 } }), "window"],
  [leafOf("created", { window: { kind: "between", since: null, until: null } }), "window"],
  [leafOf("orders", { is: { measure: "sum", op: "gte", value: NaN } }), "value"],
  [leafOf("source", { begins: ["import:"] }), null],
] as const)("a condition knows whether it can be asked: %o → %s", (asked, problem) => {
  expect(problemOf(asked, known)).toBe(problem)
})

test("another measure comes with a value of its kind", () => {
  const now = new Date("2026-11-22T03:00:00Z")
  expect(measured("sum", now).value).toBe(10_000)
  expect(measured("last", now)).toEqual({ measure: "last", op: "gte", value: "2026-11-22T03:00:00.000Z" })
  expect(measured("since_last", now).op).toBe("gt")
})

test("every example can be asked as it is", () => {
  for (const name of examples) {
    const draft = draftOfExample(name)
    expect(problemsIn(draft, known).size).toBe(0)
    expect(conditionsOf(draft).length).toBeGreaterThan(0)
  }
})
