import { expect, test } from "vitest"

import { formatCount, formatMoney, formatShare } from "./money"

test("fen are shown as money of their currency", () => {
  expect(formatMoney(123456, "CNY", "zh")).toBe("¥1,234.56")
  expect(formatMoney(-5, "GBP", "en")).toBe("-£0.05")
  expect(formatMoney(123456, undefined, "zh")).toBe("1,234.56")
})

test("a count that was cut short says so", () => {
  expect(formatCount(10_000, false)).toBe("10,000+")
  expect(formatCount(1234)).toBe("1,234")
})

test("a share of nothing is no number", () => {
  expect(formatShare(1, 3)).toBe("33.3%")
  expect(formatShare(1, 0)).toBeNull()
})
