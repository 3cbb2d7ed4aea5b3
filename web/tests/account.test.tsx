import { screen, waitFor, within } from "@testing-library/react"
import userEvents from "@testing-library/user-event"
import { delay, http, HttpResponse } from "msw"
import { expect, test } from "vitest"

import type { AccountOut, Browser, Me } from "../src/api/schema"
import { page } from "./mock/handlers"
import { me } from "./mock/people"
import { openConsole } from "./render"
import { server } from "./server"

const userEvent = userEvents.setup({ delay: null })

const signedOut = http.get("*/api/me", () => HttpResponse.json({ code: "not_signed_in", message: "请先登录" }, { status: 401 }))

const speaking = (language: "zh" | "en"): Me => ({ ...me, account: { ...me.account, language } })

/** An account that remembers what it is told. */
function account(before: Me) {
  let kept = before
  const told: unknown[] = []
  server.use(
    http.get("*/api/me", () => HttpResponse.json(kept)),
    http.patch("*/api/me", async ({ request }) => {
      const change = (await request.json()) as { language: "zh" | "en" }
      told.push(change)
      kept = { ...kept, account: { ...kept.account, ...change } }
      return HttpResponse.json(kept)
    }),
  )
  return told
}

test("a language chosen in the console is told to the account, and what the server says is asked for again", async () => {
  const told = account(speaking("zh"))
  const asked: (string | null)[] = []
  server.use(
    http.get("*/api/customers", ({ request }) => {
      asked.push(request.headers.get("Accept-Language"))
      return HttpResponse.json(page([]))
    }),
  )
  openConsole("/customers")
  await screen.findByText("塘里还没有鱼")
  await userEvent.click(screen.getByRole("button", { name: /语言/ }))
  await userEvent.click(await screen.findByText("English"))

  expect(await screen.findByRole("heading", { name: "Customers" })).toBeVisible()
  await waitFor(() => expect(told).toEqual([{ language: "en" }]))
  await waitFor(() => expect(asked).toEqual(["zh", "en"]))
  expect(localStorage.getItem("yutang.language")).toBe("en")
})

test("on another machine the console speaks the account's language, without telling the account anything", async () => {
  const told = account(speaking("en"))
  openConsole("/customers")
  expect(await screen.findByRole("heading", { name: "Customers" })).toBeVisible()
  expect(localStorage.getItem("yutang.language")).toBe("en")
  expect(told).toEqual([])
})

test("a first answer on its way in the language before is asked for anew", async () => {
  account(speaking("en"))
  const asked: (string | null)[] = []
  server.use(
    http.get("*/api/customers", async ({ request }) => {
      const language = request.headers.get("Accept-Language")
      asked.push(language)
      if (language === "zh") await delay(3_000)
      return HttpResponse.json(page([]))
    }),
  )
  openConsole("/customers")
  await screen.findByRole("heading", { name: "Customers" })
  await waitFor(() => expect(asked.at(-1)).toBe("en"))
})

test("a language chosen at the door becomes the account's", async () => {
  server.use(signedOut)
  openConsole("/sign-in")
  await userEvent.click(await screen.findByRole("button", { name: /语言/ }))
  await userEvent.click(await screen.findByText("English"))
  await userEvent.type(await screen.findByLabelText("Username"), "boss")
  await userEvent.type(screen.getByLabelText("Password"), "long password")
  const told = account(speaking("zh"))
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }))

  expect(await screen.findByRole("heading", { name: "Overview" })).toBeVisible()
  await waitFor(() => expect(told).toEqual([{ language: "en" }]))
})

test("a member takes themselves off line from every page, and an account without a member has no such switch", async () => {
  const asMember = (takes_customers: boolean): Me => ({
    ...me,
    account: { ...me.account, member: { id: 1, name: "周芸", takes_customers } },
  })
  let takes = true
  server.use(
    http.get("*/api/me", () => HttpResponse.json(asMember(takes))),
    http.put("*/api/me/line", async ({ request }) => {
      takes = ((await request.json()) as { takes_customers: boolean }).takes_customers
      return HttpResponse.json({ takes_customers: takes })
    }),
  )
  const { unmount } = openConsole("/customers")
  const line = await screen.findByRole("switch", { name: "我接待新客户" })
  expect(line).toBeChecked()
  expect(line).toHaveTextContent("接待中")
  await userEvent.click(line)

  expect(await screen.findByText("已离线，活码不再把新客户分配给您")).toBeVisible()
  await waitFor(() => expect(line).not.toBeChecked())
  expect(takes).toBe(false)
  unmount()

  server.use(http.get("*/api/me", () => HttpResponse.json(me)))
  openConsole("/customers")
  await screen.findByText("林小鱼")
  expect(screen.queryByRole("switch", { name: "我接待新客户" })).toBeNull()
})

test("a refused switch turns back and says why", async () => {
  server.use(
    http.get("*/api/me", () =>
      HttpResponse.json({ ...me, account: { ...me.account, member: { id: 1, name: "周芸", takes_customers: true } } }),
    ),
    http.put("*/api/me/line", () => HttpResponse.json({ code: "not_allowed", message: "没有权限" }, { status: 403 })),
  )
  openConsole("/customers")
  const line = await screen.findByRole("switch", { name: "我接待新客户" })
  await userEvent.click(line)
  expect(await screen.findByText("没有权限")).toBeVisible()
  expect(line).toBeChecked()
})

const lan: AccountOut = {
  id: 2,
  username: "lan",
  name: "小兰",
  role: "operator",
  role_name: "运营",
  scope_kind: "all",
  scope_label: "全部",
  departments: [],
  stores: [],
  member: null,
  is_active: true,
  totp_enabled: false,
  last_sign_in_at: null,
  created_at: "2026-11-19T03:00:00Z",
}

const phone: Browser = {
  id: 71,
  current: false,
  method: "password",
  address: "203.0.113.9",
  browser: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
  started_at: "2026-11-22T03:00:00Z",
  last_seen_at: "2026-11-22T03:00:00Z",
}
const desk: Browser = { ...phone, id: 72, browser: "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36", method: "wecom" }

test("an administrator sees where somebody is signed in, ends one device and then all", async () => {
  let open = [phone, desk]
  server.use(
    http.get("*/api/accounts", () => HttpResponse.json(page([lan]))),
    http.get("*/api/roles", () => HttpResponse.json({ roles: [], permissions: [] })),
    http.get("*/api/accounts/2/sessions", () => HttpResponse.json({ items: open })),
    http.delete("*/api/accounts/2/sessions/71", () => {
      open = [desk]
      return new HttpResponse(null, { status: 204 })
    }),
    http.delete("*/api/accounts/2/sessions", () => {
      open = []
      return new HttpResponse(null, { status: 204 })
    }),
  )
  openConsole("/accounts")
  await userEvent.click(await screen.findByRole("button", { name: /更多操作/ }))
  await userEvent.click(await screen.findByText("登录中的设备"))
  const dialog = await screen.findByRole("dialog")
  const device = await within(dialog).findByText("Safari · iPhone")
  await waitFor(() => expect(device).toBeVisible()) // the dialog fades in
  expect(within(dialog).getByText(/企业微信登录/)).toBeVisible()

  await userEvent.click(within(dialog).getByRole("button", { name: "将 Safari · iPhone 下线" }))
  await waitFor(() => expect(within(dialog).queryByText("Safari · iPhone")).toBeNull())
  expect(within(dialog).getByText("Chrome · Windows")).toBeVisible()

  await userEvent.click(within(dialog).getByRole("button", { name: "全部下线" }))
  expect(await within(dialog).findByText("目前没有登录中的设备")).toBeVisible()
  expect(within(dialog).getByRole("button", { name: "全部下线" })).toBeDisabled()
})

test("everybody sees their own devices and ends any but the one in front of them", async () => {
  let open = [{ ...desk, current: true }, phone]
  server.use(
    http.get("*/api/me/sessions", () => HttpResponse.json({ items: open })),
    http.delete("*/api/me/sessions/71", () => {
      open = open.slice(0, 1)
      return new HttpResponse(null, { status: 204 })
    }),
  )
  openConsole("/security")
  expect(await screen.findByText("当前设备")).toBeVisible()
  expect(screen.queryByRole("button", { name: "将 Chrome · Windows 下线" })).toBeNull()
  await userEvent.click(screen.getByRole("button", { name: "将 Safari · iPhone 下线" }))
  await waitFor(() => expect(screen.queryByText("Safari · iPhone")).toBeNull())
  expect(screen.getByRole("button", { name: "下线其他设备" })).toBeDisabled()
})
