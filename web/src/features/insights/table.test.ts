import { expect, test } from "vitest"

import type { AnswerOut } from "../../api/schema"
import { changeOf, formatDuration, formatValue, labelOf, rowsOf } from "./table"

const answer: AnswerOut = {
  columns: [
    { key: "source", name: "Source", kind: "source", definition: "", labels: { "code:x": "Till" } },
    { key: "people", name: "People", kind: "count", definition: "", labels: {} },
  ],
  rows: [["code:x", 3]],
  notes: {},
}

test("rows are read by the keys of their columns, and codes by their labels", () => {
  expect(rowsOf(answer)).toEqual([{ source: "code:x", people: 3 }])
  expect(labelOf(answer, "source", "code:x")).toBe("Till")
  expect(labelOf(answer, "source", "wecom")).toBe("wecom")
})

test("figures are written by what they are", () => {
  expect(formatValue("fen", 123456, "CNY", "zh")).toBe("¥1,234.56")
  expect(formatValue("fen", 1_946_650, "CNY", "zh")).toBe("¥19,467")
  expect(formatValue("share", 0.1234, "CNY", "zh")).toBe("12.3%")
  expect(formatValue("count", 1234, "CNY", "en")).toBe("1,234")
  expect(formatValue("share", null, "CNY", "en")).toBeNull()
  expect([formatDuration(90, "en"), formatDuration(7_200, "zh"), formatDuration(30, "en")]).toEqual(["1.5 min", "2小时", "30 s"])
})

test("a change against nothing is not told", () => {
  expect(changeOf(12, 10)).toBeCloseTo(0.2)
  expect(changeOf(12, 0)).toBeNull()
  expect(changeOf(null, 10)).toBeNull()
})
