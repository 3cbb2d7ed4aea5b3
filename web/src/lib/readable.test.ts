import { expect, test } from "vitest"

import { hueOf, initial, readable } from "./readable"

test("direction overrides, controls and invisible filler leave a name", () => {
  expect(readable("evil\u202egnp.exe")).toBe("evil gnp.exe")
  expect(readable("a\u0000b\nc\u200bd")).toBe("a b c d")
  expect(readable(null)).toBe("")
})

test("markup stays text", () => {
  expect(readable("<b>小鱼</b>")).toBe("<b>小鱼</b>")
})

test("an endless name is cut at a whole character", () => {
  const cut = readable("🐟".repeat(100_000))
  expect(Array.from(cut)).toHaveLength(201)
  expect(cut.endsWith("🐟…")).toBe(true)
})

test("an avatar's letter is a whole grapheme", () => {
  expect(initial("👨‍👩‍👧一家")).not.toBe("\ud83d")
  expect(initial("amy")).toBe("A")
  expect(initial("  ")).toBe("?")
})

test("the same seed has the same hue", () => {
  expect(hueOf("customer 1")).toBe(hueOf("customer 1"))
  expect(hueOf("customer 1")).not.toBe(hueOf("customer 2"))
})
