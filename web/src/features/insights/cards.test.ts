import { expect, test } from "vitest"

import { cardAsked, rangeOf } from "./cards"

const today = "2026-11-25"

test("the usual period of a page is kept as words that move with the days", () => {
  expect(rangeOf({ since: "2026-10-27", until: today }, today, null)).toBe("30d")
  expect(rangeOf({ since: "2025-11-26", until: today }, today, null)).toBe("year")
})

test("a range somebody chose is kept as they chose it, even where another has the same days", () => {
  expect(rangeOf({ since: "2026-11-01", until: today }, today, "month")).toBe("month")
  expect(rangeOf({ since: "2026-11-19", until: today }, today, "2026-11-19~2026-11-25")).toBe("2026-11-19~2026-11-25")
  expect(rangeOf({ since: "2024-01-01", until: today }, today, "all")).toBe("all")
})

test("a card keeps the whole question but its days", () => {
  const asked = { since: "2026-11-19", until: today, grain: "day" as const, order_source: [3], compare: "before" as const }
  expect(cardAsked(asked, today, "7d")).toEqual({ range: "7d", grain: "day", order_source: [3], compare: "before" })
})
