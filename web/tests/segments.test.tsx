import { screen, waitFor, within } from "@testing-library/react"
import userEvents from "@testing-library/user-event"
import { http, HttpResponse } from "msw"
import { expect, test } from "vitest"

import type { HandedTagIn, SegmentEdit, SegmentIn, SegmentOut } from "../src/api/schema"
import { page } from "./mock/handlers"
import { lin } from "./mock/people"
import { previewOf, sleeping } from "./mock/segments"
import { openConsole } from "./render"
import { server } from "./server"

const userEvent = userEvents.setup({ delay: null })

async function choose(typed: string) {
  const [add] = screen.getAllByRole("button", { name: /添加条件$/ })
  await userEvent.click(add as HTMLElement)
  await userEvent.type(await screen.findByRole("combobox", { name: /搜索：/ }), `${typed}{Enter}`)
}

test("segments are listed with what they say, how many they are and who came and went", async () => {
  openConsole("/segments")
  const row = (await screen.findByRole("link", { name: /沉睡客户距最近/ })).closest("tr") as HTMLElement
  expect(row).toHaveTextContent("距最近一次订单多于 90 天")
  expect(row).toHaveTextContent("12")
  expect(row).toHaveTextContent("+3")
  expect(row).toHaveTextContent("−1")
})

test("without segments there are examples, and one opens in the builder as it is", async () => {
  server.use(http.get("*/api/segments", () => HttpResponse.json(page([]))))
  const { router } = openConsole("/segments")
  await userEvent.click(await screen.findByRole("link", { name: /高消费客户/ }))
  expect(await screen.findByDisplayValue("高消费客户")).toBeVisible()
  expect(router.state.location.search).toBe("?example=spenders")
  expect(screen.getByRole("spinbutton", { name: "金额" })).toHaveValue("1000")
})

test("an example is adjusted, counted and saved", async () => {
  const saved: SegmentIn[] = []
  const asked: unknown[] = []
  server.use(
    http.post("*/api/segments/preview", async ({ request }) => {
      const body = (await request.json()) as Parameters<typeof previewOf>[0]
      asked.push(body.rule)
      return HttpResponse.json(previewOf(body))
    }),
    http.post("*/api/segments", async ({ request }) => {
      saved.push((await request.json()) as SegmentIn)
      return HttpResponse.json(sleeping, { status: 201 })
    }),
  )
  const { router } = openConsole("/segments/new?example=sleeping")
  const days = await screen.findByRole("spinbutton", { name: "数值" })
  await userEvent.clear(days)
  await userEvent.type(days, "45")
  expect(await screen.findByText("规则的句子")).toBeVisible()
  const condition = screen.getByRole("group", { name: "订单" })
  await waitFor(() => expect(condition).toHaveTextContent("10 人"))
  expect(screen.getByRole("link", { name: /林小鱼/ })).toHaveAttribute("href", "/customers/1")
  await userEvent.click(screen.getByRole("button", { name: "保存并启用" }))

  await waitFor(() => expect(router.state.location.pathname).toBe("/segments/5"))
  const [given] = saved
  expect(given?.name).toBe("沉睡客户")
  expect(given?.draft).toBe(false)
  expect(given?.rule.when).toMatchObject({
    kind: "all",
    of: [{ kind: "orders", is: { measure: "since_last", op: "gt", value: 45 } }],
  })
  expect(asked.at(-1)).toEqual(given?.rule)
})

test("conditions are found by their names, and a gap is told where it is before anything is sent", async () => {
  const saved: unknown[] = []
  server.use(http.post("*/api/segments", () => HttpResponse.json(saved.push(1), { status: 201 })))
  openConsole("/segments/new")
  await screen.findByText("还没有条件，目前是所有人。")
  await choose("标签")
  const tags = await screen.findByRole("group", { name: "标签" })
  expect(within(tags).queryByRole("alert")).toBeNull()
  await userEvent.type(screen.getByLabelText("名称"), "测试")
  await userEvent.click(screen.getByRole("button", { name: "保存并启用" }))
  expect(await within(tags).findByRole("alert")).toHaveTextContent("请先选择")
  expect(saved).toEqual([])
  await userEvent.click(within(tags).getByRole("button", { name: "删除条件" }))
  await choose("城市")
  expect(await screen.findByRole("group", { name: "自定义字段" })).toHaveTextContent("城市")
})

test("groups nest, and a condition moves through them by the keyboard", async () => {
  openConsole("/segments/new?example=unsold")
  await screen.findByRole("region", { name: "排除" })
  const inside = () => within(screen.getByRole("region", { name: "排除" })).queryAllByRole("group", { name: "好友关系与添加时间" })
  expect(inside()).toHaveLength(0)
  const [more] = within(screen.getByRole("group", { name: "好友关系与添加时间" })).getAllByRole("button", { name: "更多操作" })
  more?.focus()
  await userEvent.keyboard("{Alt>}{ArrowDown}{/Alt}")
  await waitFor(() => expect(inside()).toHaveLength(1))
})

test("a rule that refers to something deleted says so at once", async () => {
  server.use(
    http.get("*/api/segments/5", () =>
      HttpResponse.json({ ...sleeping, rule: { schema: 1, when: { kind: "tags", tags: [99], which: "any", added: null } } }),
    ),
  )
  openConsole("/segments/5/edit")
  expect(await within(await screen.findByRole("group", { name: "标签" })).findByRole("alert")).toHaveTextContent("已被删除")
})

test("a question that takes too long says so, with what to do", async () => {
  server.use(
    http.post("*/api/segments/preview", () =>
      HttpResponse.json(
        { code: "query_too_long", message: "查询超过 30 秒，已停止。", advice: "请缩小时间范围。" },
        { status: 503 },
      ),
    ),
  )
  openConsole("/segments/new?example=repeat")
  const side = await screen.findByRole("complementary", { name: "实时预览" })
  const alert = await within(side).findByRole("alert")
  expect(alert).toHaveTextContent("这条规则太慢")
  expect(alert).toHaveTextContent("请缩小时间范围")
})

test("somebody else's version is not overwritten without a word", async () => {
  const sent: SegmentEdit[] = []
  server.use(
    http.patch("*/api/segments/5", async ({ request }) => {
      const body = (await request.json()) as SegmentEdit
      sent.push(body)
      return body.version === 4
        ? HttpResponse.json({ ...sleeping, version: 5 })
        : HttpResponse.json({ code: "segment_changed_meanwhile", message: "该人群已被他人修改（当前第 4 版）。" }, { status: 409 })
    }),
  )
  const { router } = openConsole("/segments/5/edit")
  await userEvent.type(await screen.findByLabelText("修改说明"), "放宽")
  await userEvent.click(screen.getByRole("button", { name: "保存为新版本" }))
  expect(await screen.findByText(/已被他人修改/)).toBeVisible()
  server.use(http.get("*/api/segments/5", () => HttpResponse.json({ ...sleeping, version: 4 })))
  await userEvent.click(screen.getByRole("button", { name: "保存我的为新版本" }))
  await waitFor(() => expect(router.state.location.pathname).toBe("/segments/5"))
  expect(sent.map(({ version, note }) => [version, note])).toEqual([
    [1, "放宽"],
    [4, "放宽"],
  ])
})

test("why somebody is in or out is told condition by condition, from a link on the customer's page", async () => {
  server.use(
    http.get("*/api/segments/5/why/1", () =>
      HttpResponse.json({
        customer: { id: 1, name: lin.name, avatar: null },
        is_in: false,
        since: null,
        sentence: "",
        reason: {
          kind: "all",
          holds: false,
          sentence: "",
          seen: null,
          of: [{ kind: "orders", holds: false, sentence: "距最近一次订单多于 90 天", seen: "2026-11-20 11:00", of: [] }],
        },
      }),
    ),
  )
  openConsole("/customers/1")
  const segments = await screen.findByRole("list", { name: "所在人群" })
  await userEvent.click(within(segments).getByRole("link", { name: "为什么" }))
  const reasons = await screen.findByRole("list", { name: "逐条依据" })
  expect(reasons).toHaveTextContent("距最近一次订单多于 90 天")
  expect(reasons).toHaveTextContent("实际：2026-11-20 11:00")
  expect(within(reasons).getAllByRole("img", { name: "不符合" })).toHaveLength(2)
})

test("versions show what came and what went", async () => {
  const version = { at: "2026-11-22T03:00:00Z", by: "林老板", rule: sleeping.rule }
  server.use(
    http.get("*/api/segments/5", () => HttpResponse.json({ ...sleeping, version: 2 })),
    http.get("*/api/segments/5/versions", () =>
      HttpResponse.json({
        items: [
          { ...version, number: 2, note: "放宽", sentence: "新的句子" },
          { ...version, number: 1, note: "", sentence: "旧的句子" },
        ],
      }),
    ),
    http.get("*/api/segments/5/versions/1/diff/2", () =>
      HttpResponse.json({ before: 1, after: 2, added: ["多于 60 天"], removed: ["多于 90 天"], before_sentence: "", after_sentence: "" }),
    ),
  )
  openConsole("/segments/5?tab=versions")
  const differences = await screen.findByRole("list", { name: "与上一版的差异" })
  expect(differences).toHaveTextContent("去掉：多于 90 天")
  expect(differences).toHaveTextContent("新增：多于 60 天")
  expect(screen.getByRole("link", { name: "以此版本编辑" })).toHaveAttribute("href", "/segments/5/edit?version=1")
})

test("a tag is chosen for who is in the segment, and whether who leaves keeps it", async () => {
  const sent: HandedTagIn[] = []
  let handed: SegmentOut["hands_out"] = null
  server.use(
    http.get("*/api/segments/5", () => HttpResponse.json({ ...sleeping, hands_out: handed })),
    http.put("*/api/segments/5/tag", async ({ request }) => {
      sent.push((await request.json()) as HandedTagIn)
      handed = {
        tag: { id: 1, name: "爱吃车厘子", group: "偏好" },
        kind: "own",
        keeps: true,
        sentence: "进入时打上标签「爱吃车厘子」，离开后保留",
        wearing: 12,
        since: "2026-11-22T03:00:00Z",
        by: "林老板",
      }
      return HttpResponse.json({ ...sleeping, hands_out: handed })
    }),
  )
  openConsole("/segments/5")
  await userEvent.click(await screen.findByRole("button", { name: "选择标签" }))
  const dialog = await screen.findByRole("dialog", { name: "规则标签" })
  await userEvent.click(within(dialog).getByRole("combobox", { name: "选择标签" }))
  await userEvent.click(await screen.findByTitle("爱吃车厘子"))
  await userEvent.click(within(dialog).getByRole("radio", { name: "保留标签" }))
  await userEvent.click(within(dialog).getByRole("button", { name: /保\s?存/ }))
  expect(await screen.findByText("进入时打上标签「爱吃车厘子」，离开后保留")).toBeVisible()
  expect(screen.getByText(/12 人因此带有它/)).toBeVisible()
  expect(sent).toEqual([{ tag: 1, keeps: true }])
})
