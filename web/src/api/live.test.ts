import { expect, test } from "vitest"

import { waitBefore } from "./live"

test("waiting doubles, has noise, and ends at half a minute or so", () => {
  expect(waitBefore(0, 0.5)).toBe(1000)
  expect(waitBefore(3, 0.5)).toBe(8000)
  expect(waitBefore(30, 1)).toBe(37_500)
})
