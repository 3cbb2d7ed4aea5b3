import { expect, test } from "vitest"

import { daysOf, readRange } from "./period"

test("ranges end today and count today", () => {
  expect(daysOf("7d", "2026-03-03")).toEqual({ since: "2026-02-25", until: "2026-03-03" })
  expect(daysOf("month", "2026-03-03")).toEqual({ since: "2026-03-01", until: "2026-03-03" })
  expect(daysOf("lastMonth", "2024-03-31")).toEqual({ since: "2024-02-01", until: "2024-02-29" })
  expect(daysOf("all", "2026-03-03", "2009-12-01")).toEqual({ since: "2009-12-01", until: "2026-03-03" })
})

test("an address names a range or two days, and nonsense is the page's usual range", () => {
  expect(readRange("2010-01-01~2010-03-31", "2026-03-03", "30d")).toEqual({ since: "2010-01-01", until: "2010-03-31" })
  expect(readRange("90d", "2026-03-03", "30d")).toEqual(daysOf("90d", "2026-03-03"))
  expect(readRange("x~y", "2026-03-03", "30d")).toEqual(daysOf("30d", "2026-03-03"))
})
