import { expect, test } from "vitest"

import { isOvernight, runs } from "./hours"

test.each([
  [[1, 2, 3, 4, 5], [[1, 5]]],
  [[7, 1, 3], [[1, 1], [3, 3], [7, 7]]],
  [[], []],
])("weekdays %j are the runs %j", (days, expected) => {
  expect(runs(days)).toEqual(expected)
})

test("hours that end before they start run past midnight", () => {
  expect(isOvernight({ starts: "22:00", ends: "02:00" })).toBe(true)
  expect(isOvernight({ starts: "09:00", ends: "18:00" })).toBe(false)
})
