import { expect, test } from "vitest"

import { readableSize } from "./size"

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1500, "1.5 kB"],
  [264_000_000, "264 MB"],
  [5e15, "5000 TB"],
])("%d bytes are said as %s", (bytes, said) => {
  expect(readableSize(bytes)).toBe(said)
})
