import { expect, test } from "vitest"

import { dayEnd, dayStart, formatDateTime, formatRelative } from "./time"

const SHANGHAI = "Asia/Shanghai"

test("times are told in the merchant's zone", () => {
  expect(formatDateTime("2026-11-22T16:30:05Z", SHANGHAI)).toBe("2026-11-23 00:30")
  expect(formatDateTime("2026-11-22T16:30:05Z", SHANGHAI, true)).toBe("2026-11-23 00:30:05")
})

test("a day begins and ends by the merchant's calendar, also where clocks change", () => {
  expect(dayStart("2026-11-22", SHANGHAI)).toBe("2026-11-21T16:00:00.000Z")
  expect(dayEnd("2026-11-22", SHANGHAI)).toBe("2026-11-22T15:59:59.999Z")
  expect(dayStart("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z")
  expect(dayEnd("2026-03-29", "Europe/Berlin")).toBe("2026-03-29T21:59:59.999Z")
})

test.each([
  ["2026-11-22T11:59:40Z", "now"],
  ["2026-11-22T11:55:00Z", "5 min ago"],
  ["2026-11-22T09:00:00Z", "3 hr ago"],
  ["2026-11-21T09:00:00Z", "yesterday"],
  ["2026-11-01T09:00:00Z", "2026-11-01"],
])("%s is %s", (at, told) => {
  expect(formatRelative(at, new Date("2026-11-22T12:00:00Z"), SHANGHAI, "en")).toBe(told)
})
