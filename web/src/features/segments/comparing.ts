import type { Comparison, Operator, Value } from "./rules"

/** What kind of values something has, which tells how it can be compared. */
export type ValueKind = "text" | "number" | "switch" | "date" | "choice" | "money" | "member" | "other"

const TEXT: Operator[] = ["is", "is_not", "contains", "begins", "exists", "missing"]
const NUMBER: Operator[] = ["gte", "lte", "gt", "lt", "is", "is_not", "exists", "missing"]

const operators: Record<ValueKind, Operator[]> = {
  text: TEXT,
  number: NUMBER,
  money: NUMBER,
  date: NUMBER,
  switch: ["is", "exists", "missing"],
  choice: ["is", "is_not", "exists", "missing"],
  member: ["is", "is_not", "exists", "missing"],
  other: TEXT,
}

export const operatorsOf = (kind: ValueKind): readonly Operator[] => operators[kind]

export const takesNoValue = (op: Operator): boolean => op === "exists" || op === "missing"

/** Several values may be told to compare with; all others take one. */
export const takesSeveral = (op: Operator, kind: ValueKind): boolean =>
  (op === "is" || op === "is_not") && !["number", "money", "date", "switch"].includes(kind)

/** The comparison something begins with: the first of its operators, and nothing to compare with yet. */
export function compared(kind: ValueKind): Comparison {
  return { op: operators[kind][0] as Operator, values: kind === "switch" ? [true] : [] }
}

/** Another operator; what was compared with stays where that makes sense. */
export function withOperator(is: Comparison, op: Operator, kind: ValueKind): Comparison {
  if (takesNoValue(op)) return { op, values: [] }
  if (is.values.length === 0 && kind === "switch") return { op, values: [true] }
  return { op, values: takesSeveral(op, kind) ? is.values : is.values.slice(0, 1) }
}

export const texts = (values: readonly Value[]): string[] => values.map(String)
export const numberOf = (values: readonly Value[]): number => (typeof values[0] === "number" ? values[0] : NaN)
