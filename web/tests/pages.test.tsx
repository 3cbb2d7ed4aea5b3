import { screen, waitFor, within } from "@testing-library/react"
import userEvents from "@testing-library/user-event"
import { http, HttpResponse } from "msw"
import { expect, test } from "vitest"

import { mappedImport, page } from "./mock/handlers"
import { lin, linProfile, me } from "./mock/people"
import { openConsole } from "./render"
import { server } from "./server"

const userEvent = userEvents.setup({ delay: null })

const signedOut = http.get("*/api/me", () => HttpResponse.json({ code: "not_signed_in", message: "请先登录" }, { status: 401 }))

test("a stranger is led to the sign-in page, and after signing in to the page asked for", async () => {
  server.use(signedOut)
  const { router } = openConsole("/customers?stage=buyer")
  await userEvent.type(await screen.findByLabelText("用户名"), "boss")
  await userEvent.type(screen.getByLabelText("密码"), "long password")
  server.resetHandlers()
  await userEvent.click(screen.getByRole("button", { name: "登录" }))

  expect(await screen.findByRole("heading", { name: "客户" })).toBeVisible()
  expect(router.state.location.search).toBe("?stage=buyer")
})

test("the second factor is asked for when the account has one", async () => {
  const sent: unknown[] = []
  server.use(
    signedOut,
    http.post("*/api/session", async ({ request }) => {
      const body = (await request.json()) as { totp?: string }
      sent.push(body.totp)
      return body.totp
        ? HttpResponse.json(me)
        : HttpResponse.json({ code: "totp_required", message: "请输入动态码" }, { status: 401 })
    }),
  )
  openConsole("/sign-in")
  await userEvent.type(await screen.findByLabelText("用户名"), "boss")
  await userEvent.type(screen.getByLabelText("密码"), "long password")
  await userEvent.click(screen.getByRole("button", { name: "登录" }))
  await userEvent.type(await screen.findByLabelText("动态验证码"), "123456")
  await userEvent.click(screen.getByRole("button", { name: "登录" }))

  await waitFor(() => expect(sent).toEqual([undefined, "123456"]))
})

test("too many attempts: the message says how many seconds are left, and the button waits", async () => {
  server.use(
    http.post("*/api/session", () =>
      HttpResponse.json({ code: "too_many_attempts", message: "尝试次数过多", retry_after_seconds: 30 }, { status: 429 }),
    ),
  )
  openConsole("/sign-in")
  await userEvent.type(await screen.findByLabelText("用户名"), "boss")
  await userEvent.type(screen.getByLabelText("密码"), "wrong")
  await userEvent.click(screen.getByRole("button", { name: "登录" }))

  expect(await screen.findByRole("button", { name: /秒后可重试/ })).toBeDisabled()
  expect(screen.getByRole("alert")).toHaveTextContent("尝试次数过多")
})

test("the menu shows only what the role may open", async () => {
  server.use(http.get("*/api/me", () => HttpResponse.json({ ...me, permissions: ["overview.see", "customers.see"] })))
  openConsole("/")
  const menu = await screen.findByRole("navigation", { name: "主导航" })
  expect(within(menu).getByRole("link", { name: "客户" })).toBeVisible()
  expect(within(menu).queryByRole("link", { name: "企业与连接" })).toBeNull()
  expect(within(menu).queryByRole("region", { name: "设置" })).toBeNull()
})

test("the whole shell speaks English when asked to", async () => {
  server.use(http.get("*/api/me", () => HttpResponse.json({ ...me, account: { ...me.account, language: "en" } })))
  openConsole("/customers", "en")
  expect(await screen.findByRole("heading", { name: "Customers" })).toBeVisible()
  expect(screen.getByRole("link", { name: "Live codes" })).toBeVisible()
})

test("the overview counts the pond and lists what waits", async () => {
  openConsole("/")
  expect(await screen.findByText("+4")).toBeVisible()
  expect(screen.getByRole("link", { name: /待审核的疑似同一人/ })).toHaveAttribute("href", "/reviews")
})

test("a hostile name is text, without direction overrides, and not endless", async () => {
  openConsole("/customers")
  const name = await screen.findByText(/onerror=alert/)
  expect(name.closest("bdi")).not.toBeNull()
  expect(name.textContent).not.toContain("\u202e")
  expect(name.textContent.length).toBeLessThan(210)
  expect(document.querySelector("img[src='x']")).toBeNull()
})

test("rows are walked by arrows and opened by Enter", async () => {
  const { router } = openConsole("/customers")
  await screen.findByText("林小鱼")
  const [, first, second] = screen.getAllByRole("row").filter((row) => row.classList.contains("server-table-row") || row.closest("thead"))
  first?.focus()
  await userEvent.keyboard("{ArrowDown}")
  expect(second).toHaveFocus()
  await userEvent.keyboard("{ArrowUp}{Enter}")
  await waitFor(() => expect(router.state.location.pathname).toBe("/customers/1"))
})

test("filters are in the address, go to the server, and can be cleared", async () => {
  const asked: string[] = []
  server.use(
    http.get("*/api/customers", ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("q") ?? "")
      return HttpResponse.json(page([]))
    }),
  )
  const { router } = openConsole("/customers?q=nobody")
  expect(await screen.findByText("没有符合条件的客户")).toBeVisible()
  expect(asked).toContain("nobody")
  const [clear] = screen.getAllByRole("button", { name: "清除筛选" })
  if (clear) await userEvent.click(clear)
  expect(await screen.findByText("塘里还没有鱼")).toBeVisible()
  expect(router.state.location.search).toBe("")
})

test("the next page is asked for by its cursor, and the way back leads to the first", async () => {
  server.use(
    http.get("*/api/customers", ({ request }) => {
      const cursor = new URL(request.url).searchParams.get("cursor")
      return HttpResponse.json(
        cursor === "c2" ? page([{ ...lin, id: 9, name: "第二页" }]) : { ...page([lin]), next: "c2", total: { count: 10_000, exact: false } },
      )
    }),
  )
  openConsole("/customers")
  await screen.findByText("林小鱼")
  expect(screen.getByText("共 10,000+ 条")).toBeVisible()
  await userEvent.click(screen.getByRole("button", { name: "下一页" }))
  expect(await screen.findByText("第二页")).toBeVisible()
  await userEvent.click(screen.getByRole("button", { name: "上一页" }))
  expect(await screen.findByText("林小鱼")).toBeVisible()
})

test("a failure says what happened and what to do, and can be tried again", async () => {
  server.use(
    http.get("*/api/customers", () => HttpResponse.json({ code: "not_allowed", message: "没有权限", advice: "请联系管理员" }, { status: 403 })),
  )
  openConsole("/customers")
  const alert = await screen.findByRole("alert")
  expect(alert).toHaveTextContent("没有权限")
  expect(alert).toHaveTextContent("请联系管理员")
  server.resetHandlers()
  await userEvent.click(within(alert).getByRole("button", { name: "重试" }))
  expect(await screen.findByText("林小鱼")).toBeVisible()
})

test("a phone number is shown whole only after asking the server for it", async () => {
  const asked: unknown[] = []
  server.use(
    http.post("*/api/customers/1/reveal-phone", async ({ request }) => {
      asked.push(await request.json())
      return HttpResponse.json({ phone: "13812345678" })
    }),
  )
  openConsole("/customers/1")
  expect(await screen.findByText("138****5678")).toBeVisible()
  expect(screen.queryByText("13812345678")).toBeNull()
  await userEvent.click(screen.getByRole("button", { name: "显示号码" }))
  expect(await screen.findByText("13812345678")).toBeVisible()
  expect(asked).toEqual([{ identity_id: 11 }])
})

test("changes carry the CSRF token", async () => {
  document.cookie = "yutang_csrf=token%201"
  let token: string | null = null
  server.use(
    http.patch("*/api/customers/1", ({ request }) => {
      token = request.headers.get("X-CSRFToken")
      return HttpResponse.json({ ...linProfile, name: "林大鱼" })
    }),
  )
  openConsole("/customers/1")
  await userEvent.click(await screen.findByRole("button", { name: /更多操作/ }))
  await userEvent.click(await screen.findByText("修改姓名"))
  const dialog = await screen.findByRole("dialog")
  await userEvent.clear(within(dialog).getByRole("textbox"))
  await userEvent.type(within(dialog).getByRole("textbox"), "林大鱼")
  await userEvent.click(within(dialog).getByRole("button", { name: /确\s*定/ }))
  await waitFor(() => expect(token).toBe("token 1"))
})

test("the palette opens by Ctrl-K, finds customers and pages, and opens what Enter is pressed on", async () => {
  const { router } = openConsole("/")
  await screen.findByRole("navigation", { name: "主导航" })
  await userEvent.keyboard("{Control>}k{/Control}")
  await userEvent.type(await screen.findByRole("combobox", { name: "全局搜索" }), "鱼")
  expect(await screen.findByRole("option", { name: /林小鱼/ })).toBeVisible()
  await userEvent.keyboard("{Enter}")
  await waitFor(() => expect(router.state.location.pathname).toBe("/customers/1"))
})

test("a live code without members is not sent, and says what is missing", async () => {
  const sent: unknown[] = []
  server.use(
    http.post("*/api/live-codes", async ({ request }) => {
      sent.push(await request.json())
      return HttpResponse.json({}, { status: 201 })
    }),
  )
  openConsole("/live-codes/new")
  await userEvent.type(await screen.findByLabelText("名称"), "收银台")
  await userEvent.click(screen.getByRole("button", { name: "保存" }))
  expect(await screen.findByText("还缺：接待员工")).toBeVisible()
  expect(sent).toEqual([])
})

test("the text of a welcome is shown on the phone as it will be read", async () => {
  openConsole("/live-codes/new")
  await userEvent.type(await screen.findByLabelText("第 1 条正文"), "您好")
  await userEvent.click(screen.getByRole("button", { name: "客户昵称" }))
  const phone = screen.getByRole("complementary", { name: "手机预览" })
  expect(phone).toHaveTextContent("您好小鱼儿")
})

test("a column's meaning can be changed before the dry run, and goes to the server", async () => {
  let mapping: unknown
  server.use(
    http.put("*/api/imports/7/mapping", async ({ request }) => {
      mapping = ((await request.json()) as { mapping: unknown }).mapping
      return HttpResponse.json(mappedImport)
    }),
    http.post("*/api/imports/7/dry-run", () =>
      HttpResponse.json({ ...mappedImport, state: "ready", rows: 2, bad_rows: 1, summary: { rows: 2, lines: 1, orders: 1 } }),
    ),
  )
  openConsole("/imports/7")
  await userEvent.click(await screen.findByRole("combobox", { name: "“备注”的含义" }))
  await userEvent.click(await screen.findByTitle("手机号"))
  await userEvent.click(screen.getByRole("button", { name: "试运行" }))
  expect(await screen.findByText("检查完成：2 行，其中 1 行有问题")).toBeVisible()
  expect(mapping).toEqual({ order_number: 0, quantity: 1, phone: 2 })
})

test("the connection check names what is wrong and the page that mends it", async () => {
  server.use(
    http.post("*/api/corps/1/check", () =>
      HttpResponse.json({
        ok: false,
        items: [
          {
            name: "token",
            label: "获取凭证",
            outcome: "failed",
            message: "来源 IP 不在可信列表",
            advice: "把服务器 IP 加入企业可信 IP",
            page: "应用管理 → 自建应用 → 企业可信 IP",
            errcode: 60020,
          },
        ],
      }),
    ),
  )
  openConsole("/corps/1")
  await userEvent.click(await screen.findByRole("button", { name: "开始检查" }))
  expect(await screen.findByText("来源 IP 不在可信列表")).toBeVisible()
  expect(screen.getByText("应用管理 → 自建应用 → 企业可信 IP")).toBeVisible()
})
