import { screen, waitFor, within } from "@testing-library/react"
import userEvents from "@testing-library/user-event"
import { http, HttpResponse } from "msw"
import { beforeEach, expect, test, vi } from "vitest"

import { door, till } from "./mock/codes"
import { page } from "./mock/handlers"
import { me } from "./mock/people"
import { openConsole } from "./render"
import { server } from "./server"

const userEvent = userEvents.setup({ delay: null })

const folders = [
  { id: 1, name: "门店", codes: 1 },
  { id: 2, name: "线上", codes: 0 },
]

beforeEach(() => {
  server.use(
    http.get("*/api/live-codes", () => HttpResponse.json(page([till, door]))),
    http.get("*/api/live-code-folders", () => HttpResponse.json({ items: folders })),
  )
})

/** Chooses both rows of the list. */
async function chooseAll() {
  await screen.findByText("人民路店 收银台")
  for (const name of ["人民路店 收银台", "门口海报"]) {
    const row = screen.getByText(name).closest("tr")
    if (row) await userEvent.click(within(row).getByRole("checkbox"))
  }
  return screen.getByRole("toolbar", { name: "已选 2 个活码" })
}

/** What a browser keeps: jsdom neither makes object addresses nor follows a link to one. */
function keptFiles(): string[] {
  const kept: string[] = []
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:codes", revokeObjectURL: () => undefined }))
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    if (this.download) kept.push(`${this.download} ${this.href}`)
  })
  return kept
}

test("chosen codes are downloaded as one archive, without a logo where none is wanted", async () => {
  const kept = keptFiles()
  const asked: Record<string, string>[] = []
  server.use(
    http.get("*/api/live-codes/posters.zip", ({ request }) => {
      asked.push(Object.fromEntries(new URL(request.url).searchParams))
      return new HttpResponse("PK", { headers: { "content-type": "application/zip" } })
    }),
  )
  openConsole("/live-codes")
  await userEvent.click(within(await chooseAll()).getByRole("button", { name: /下载二维码/ }))
  const dialog = await screen.findByRole("dialog")
  await userEvent.click(within(dialog).getByText("不放图案"))
  await userEvent.click(within(dialog).getByRole("button", { name: /下载二维码/ }))

  await waitFor(() => expect(kept).toEqual(["活码二维码.zip blob:codes"]))
  expect(asked).toEqual([{ ids: "5,6", size: "600", logo: "0" }])
})

test("a folder is downloaded whole, and a refusal is said in words instead of leaving the page", async () => {
  const kept = keptFiles()
  const asked: string[] = []
  server.use(
    http.get("*/api/live-codes/posters.zip", ({ request }) => {
      asked.push(new URL(request.url).search)
      return HttpResponse.json({ code: "bad_input", message: "请选择 1 到 500 个活码。" }, { status: 422 })
    }),
  )
  const { router } = openConsole("/live-codes?folder=1")
  await userEvent.click(await screen.findByRole("button", { name: /下载此文件夹的二维码/ }))
  const dialog = await screen.findByRole("dialog")
  await userEvent.click(within(dialog).getByRole("button", { name: /下载二维码/ }))

  expect(await screen.findByText("请选择 1 到 500 个活码。")).toBeVisible()
  expect(asked).toEqual(["?folder=1&size=600"])
  expect([kept, router.state.location.pathname]).toEqual([[], "/live-codes"])
})

test("chosen codes move to a folder, or out of all folders", async () => {
  const sent: unknown[] = []
  server.use(
    http.post("*/api/live-codes/move", async ({ request }) => {
      sent.push(await request.json())
      return HttpResponse.json({ moved: 2 })
    }),
  )
  openConsole("/live-codes")
  for (const name of ["线上", "不归类"]) {
    const bar = await chooseAll()
    await userEvent.click(within(bar).getByRole("combobox", { name: "移动到文件夹…" }))
    await userEvent.click(await screen.findByTitle(name))
    await waitFor(() => expect(screen.queryByRole("toolbar", { name: "已选 2 个活码" })).toBeNull())
  }
  expect(sent).toEqual([
    { code_ids: [5, 6], folder_id: 2 },
    { code_ids: [5, 6], folder_id: null },
  ])
})

test("folders are renamed, put in order and deleted", async () => {
  const sent: unknown[] = []
  const note = (what: string) => async ({ request }: { request: Request }) => {
    sent.push([what, request.method === "DELETE" ? null : await request.json()])
    return request.method === "DELETE" ? new HttpResponse(null, { status: 204 }) : HttpResponse.json({ items: folders })
  }
  server.use(
    http.put("*/api/live-code-folders/order", note("order")),
    http.patch("*/api/live-code-folders/1", note("rename")),
    http.delete("*/api/live-code-folders/1", note("delete")),
  )
  openConsole("/live-codes")
  await userEvent.click(await screen.findByRole("button", { name: "管理文件夹" }))
  const dialog = await screen.findByRole("dialog")
  const name = await within(dialog).findByRole("textbox", { name: "文件夹“门店”的名称" })
  await userEvent.clear(name)
  await userEvent.type(name, "线下门店{Enter}")
  await waitFor(() => expect(sent).toEqual([["rename", { name: "线下门店" }]]))
  expect(within(dialog).getByRole("button", { name: "上移 门店" })).toBeDisabled()
  await userEvent.click(within(dialog).getByRole("button", { name: "下移 门店" }))
  await waitFor(() => expect(sent[1]).toEqual(["order", { folder_ids: [2, 1] }]))
  await userEvent.click(within(dialog).getByRole("button", { name: "删除 门店" }))
  const sure = await screen.findByText("其中 1 个活码不会删除，只是不再归类。")
  await userEvent.click(within(sure.closest<HTMLElement>("[role=dialog]") ?? dialog).getByRole("button", { name: /确\s*定/ }))
  await waitFor(() => expect(sent[2]).toEqual(["delete", null]))
})

test("who may only look at live codes can print them, and has nothing to change folders with", async () => {
  server.use(http.get("*/api/me", () => HttpResponse.json({ ...me, permissions: ["overview.see", "live_codes.see"] })))
  openConsole("/live-codes")
  const bar = await chooseAll()
  expect(within(bar).getByRole("button", { name: /下载二维码/ })).toBeVisible()
  expect(within(bar).queryByRole("combobox")).toBeNull()
  expect(screen.queryByRole("button", { name: "管理文件夹" })).toBeNull()
})
