import { fireEvent, render, screen } from "@testing-library/react"
import { afterEach, expect, it, vi } from "vitest"

import { CopyText } from "../src/components/CopyText"

afterEach(() => {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(document, "execCommand")
})

it("copies on a page that browsers hold for safe", async () => {
  const writeText = vi.fn(() => Promise.resolve())
  vi.stubGlobal("isSecureContext", true)
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } })
  render(<CopyText text="https://pond.example/hook" />)

  fireEvent.click(screen.getByRole("button", { name: "复制" }))

  expect(await screen.findByRole("button", { name: "已复制" })).toBeVisible()
  expect(writeText).toHaveBeenCalledWith("https://pond.example/hook")
})

it("copies on plain http, where there is no clipboard", async () => {
  let selected = ""
  vi.stubGlobal("isSecureContext", false)
  document.execCommand = vi.fn(() => {
    selected = document.querySelector("textarea")?.value ?? ""
    return true
  })
  render(<CopyText text="密钥-42" />)

  fireEvent.click(screen.getByRole("button", { name: "复制" }))

  expect(await screen.findByRole("button", { name: "已复制" })).toBeVisible()
  expect(selected).toBe("密钥-42")
  expect(document.querySelector("textarea")).toBeNull()
})
