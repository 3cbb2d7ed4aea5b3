import { screen, waitFor, within } from "@testing-library/react"
import userEvents from "@testing-library/user-event"
import { http, HttpResponse } from "msw"
import { beforeEach, expect, test } from "vitest"

import type { EventSourceOut, FailedEventOut, LearntEventOut } from "../src/api/schema"
import { page } from "./mock/handlers"
import { me } from "./mock/people"
import { openConsole } from "./render"
import { server } from "./server"

const userEvent = userEvents.setup({ delay: null })

const shop: EventSourceOut = {
  id: 3,
  name: "商城网站",
  kind: "browser",
  issuer: "shop",
  user_id_kind: "member_no",
  allowed_origins: ["https://shop.example"],
  rate_per_second: 1000,
  trusts_traits: false,
  consent_category: "analytics",
  is_enabled: true,
  created_at: "2026-11-20T03:00:00Z",
  created_by: "林老板",
  old_key_until: null,
  events: 1204,
  last_event_at: "2026-11-22T03:00:00Z",
  failed_waiting: 1,
}

const failed: FailedEventOut = {
  id: 9,
  source_id: 3,
  source_name: "商城网站",
  call: "track",
  event_name: "加入购物车",
  message_id: "m-1",
  reason: "no_id",
  message: "没有 userId，也没有 anonymousId",
  body: '{"event":"加入购物车"}',
  is_whole: true,
  is_edited: false,
  times: 4,
  received_at: "2026-11-22T03:00:00Z",
  last_at: "2026-11-22T04:00:00Z",
  state: "waiting",
  settled_at: null,
  settled_by: "",
}

const learnt: LearntEventOut = {
  id: 5,
  source_id: 3,
  source_name: "商城网站",
  name: "track:加入购物车",
  label: "加入购物车",
  count: 1200,
  first_at: "2026-11-20T03:00:00Z",
  last_at: "2026-11-22T03:00:00Z",
  version: 2,
  versions: [],
  properties: [{ name: "price", types: ["number"], share: 1, examples: ["12.5"] }],
  declared: null,
  enforcement: "off",
}

beforeEach(() => {
  server.use(
    http.get("*/api/me", () => HttpResponse.json({ ...me, permissions: [...me.permissions, "event_sources.edit"] })),
    http.get("*/api/event-sources", () => HttpResponse.json({ items: [shop] })),
    http.get("*/api/event-sources/3", () => HttpResponse.json(shop)),
    http.get("*/api/event-sources/3/arrivals", () =>
      HttpResponse.json({
        events: [
          {
            id: 1,
            name: "浏览商品",
            call: "track",
            at: "2026-11-22T03:00:00Z",
            received_at: "2026-11-22T03:00:00Z",
            visitor: "anon-1",
            customer_id: 1,
            customer_name: "林小鱼",
            props: { sku: "APPLE" },
          },
        ],
        refused: [failed],
      }),
    ),
    http.get("*/api/failed-events", () => HttpResponse.json(page([failed]))),
    http.get("*/api/failed-events/reasons", () => HttpResponse.json({ items: [{ reason: "no_id", count: 4 }] })),
    http.get("*/api/events/learnt", () => HttpResponse.json({ items: [learnt] })),
    http.get("*/api/events/catalogue", () => HttpResponse.json({ items: [] })),
  )
})

test("sources are listed, and one opens with what is arriving and what was refused", async () => {
  const { router } = openConsole("/event-sources")
  await userEvent.click(await screen.findByRole("link", { name: "商城网站" }))
  expect(await screen.findByRole("button", { name: "浏览商品" })).toBeVisible()
  expect(router.state.location.pathname).toBe("/event-sources/3")
  expect(screen.getByRole("link", { name: "林小鱼" })).toHaveAttribute("href", "/customers/1")
  expect(screen.getByText("没有 userId，也没有 anonymousId")).toBeVisible()
  await userEvent.click(screen.getByRole("button", { name: "浏览商品" }))
  expect(screen.getByText(/"sku": "APPLE"/)).toBeVisible()
})

test("the write key is hidden until somebody asks, and asking is a request of its own", async () => {
  let asked = 0
  server.use(
    http.post("*/api/event-sources/3/write-key", () => {
      asked += 1
      return HttpResponse.json({ write_key: "yt_secret" })
    }),
  )
  openConsole("/event-sources/3")
  const show = await screen.findByRole("button", { name: /^显\s*示$/ })
  expect(screen.queryByText("yt_secret")).not.toBeInTheDocument()
  expect(asked).toBe(0)
  await userEvent.click(show)
  expect(await screen.findByText("yt_secret")).toBeVisible()
  expect(asked).toBe(1)
})

test("a refused event is mended and replayed in that order", async () => {
  const done: string[] = []
  server.use(
    http.patch("*/api/failed-events/9", async ({ request }) => {
      done.push(((await request.json()) as { body: string }).body)
      return HttpResponse.json({ ...failed, is_edited: true })
    }),
    http.post("*/api/failed-events/9/replay", () => {
      done.push("replayed")
      return HttpResponse.json({ ...failed, state: "replayed" })
    }),
  )
  openConsole("/failed-events")
  await userEvent.click(await screen.findByText("没有 userId，也没有 anonymousId"))
  const drawer = await screen.findByRole("dialog")
  const body = within(drawer).getByRole("textbox")
  await userEvent.clear(body)
  await userEvent.paste('{"event":"加入购物车","userId":"M-1"}')
  await userEvent.click(within(drawer).getByRole("button", { name: "保存并重放" }))
  await waitFor(() => expect(done).toEqual(['{"event":"加入购物车","userId":"M-1"}', "replayed"]))
})

test("the refusal of a replay is said, and the event stays", async () => {
  server.use(
    http.post("*/api/failed-events/9/replay", () =>
      HttpResponse.json({ code: "still_refused", message: "仍然不能接收：没有 userId" }, { status: 422 }),
    ),
  )
  openConsole("/failed-events")
  await userEvent.click(await screen.findByText("没有 userId，也没有 anonymousId"))
  const drawer = await screen.findByRole("dialog")
  await userEvent.click(within(drawer).getByRole("button", { name: /^重\s*放$/ }))
  expect(await screen.findByText(/仍然不能接收/)).toBeVisible()
  expect(drawer).toBeVisible()
})

test("the catalogue shows what an event looks like, and a declaration of it is sent", async () => {
  const sent: unknown[] = []
  server.use(
    http.put("*/api/events/learnt/5/declaration", async ({ request }) => {
      sent.push(await request.json())
      return HttpResponse.json(learnt)
    }),
  )
  openConsole("/event-catalogue")
  const row = (await screen.findByText("加入购物车")).closest("tr") as HTMLElement
  expect(row).toHaveTextContent("商城网站")
  await userEvent.click(within(row).getByRole("button", { name: /^声\s*明$/ }))
  const dialog = await screen.findByRole("dialog")
  await userEvent.click(within(dialog).getByRole("switch"))
  await userEvent.click(within(dialog).getByRole("button", { name: /^保\s*存$/ }))
  await waitFor(() => expect(sent).toEqual([{ declared: { price: { type: null, required: true } }, enforcement: "flag" }]))
})
