import { expect, test } from "vitest"

import { give, mappingOf, meaningsOf, samplesOf } from "./mapping"

test("a mapping read by column and back is the same", () => {
  const mapping = { order_number: 0, quantity: 3 }
  expect(meaningsOf(mapping, 5)).toEqual(["order_number", null, null, "quantity", null])
  expect(mappingOf(meaningsOf(mapping, 5))).toEqual(mapping)
})

test("giving a field to another column takes it from the first", () => {
  expect(give(["phone", null, "email"], 1, "phone")).toEqual([null, "phone", "email"])
  expect(give(["phone", null], 0, null)).toEqual([null, null])
})

test("samples are different, not empty, and few", () => {
  expect(samplesOf([["a"], ["a"], [""], ["b"], ["c"], ["d"]], 0)).toEqual(["a", "b", "c"])
})
