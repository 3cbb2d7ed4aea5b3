import { expect, test } from "vitest"

import { bytesOf, compose, errorsOfAttachment, fillPreview, insertAt, textOf } from "./parts"

test("a Chinese character takes three bytes, as WeCom counts", () => {
  expect(bytesOf("鱼a")).toBe(4)
})

test("a message is its text first, then its attachments", () => {
  const parts = compose("你好", [{ kind: "image", upload_id: 7 }])
  expect(parts.map(({ kind }) => kind)).toEqual(["text", "image"])
  expect(textOf(parts)).toBe("你好")
  expect(compose("", [{ kind: "image", upload_id: 7 }])).toHaveLength(1)
})

test("refusals find their attachment whether or not there is a text", () => {
  const image = { kind: "image", upload_id: 0 } as const
  expect(errorsOfAttachment({ "parts.1.upload_id": "缺少图片" }, compose("你好", [image]), 0)).toEqual({ upload_id: "缺少图片" })
  expect(errorsOfAttachment({ "slots.0.parts.0.upload_id": "缺少图片" }, [image], 0)).toEqual({ upload_id: "缺少图片" })
})

test("known placeholders are filled, others stay", () => {
  const names = { nickname: "小鱼", member: "小林", store: "人民路店", profile_link: "…" }
  expect(fillPreview("{nickname}好，{unknown}", names)).toBe("小鱼好，{unknown}")
})

test("a placeholder goes where the cursor is", () => {
  expect(insertAt("你好！", "{nickname}", 2, 2)).toEqual({ text: "你好{nickname}！", cursor: 12 })
})
