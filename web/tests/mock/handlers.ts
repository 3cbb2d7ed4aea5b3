import { http, HttpResponse } from "msw"

import type { ImportDetailOut, Overview, TagGroups } from "../../src/api/schema"
import type { Node } from "../../src/features/segments/rules"
import { hostile, lin, linProfile, me } from "./people"
import { previewOf, sleeping, vocabulary } from "./segments"

const at = (path: string) => `*/api${path}`

/** A whole list on one page. */
export const page = <Row>(items: Row[]) => ({ items, next: null, total: { count: items.length, exact: true } })

export const overview: Overview = {
  customers: 56,
  contacts: 52,
  new_today: 4,
  new_week: 20,
  added_today: 4,
  added_yesterday: 3,
  lost_today: 1,
  lost_yesterday: 0,
  orders: 2,
  amount_fen: 12_345,
  currency: "CNY",
  turnovers: [],
  scans_today: 9,
  live_codes: 8,
  days: [
    { day: "2026-11-21", added: 3, lost: 0 },
    { day: "2026-11-22", added: 4, lost: 1 },
  ],
  sources: [],
  attention: [{ kind: "reviews", count: 3 }],
  setup: [],
  latest: [],
}

export const tagGroups: TagGroups = {
  items: [
    {
      id: 1,
      name: "偏好",
      kind: "own",
      corp: null,
      order: 0,
      tags: [
        { id: 1, name: "爱吃车厘子", order: 0, in_wecom: false, customers: 4 },
        { id: 2, name: "健身轻食", order: 1, in_wecom: false, customers: 2 },
      ],
    },
  ],
}

export const mappedImport: ImportDetailOut = {
  id: 7,
  platform: { id: "jd", name: "京东", layout: "一行一件商品，金额为整单", checked: true, checked_on: "2026-11-25" },
  state: "mapped",
  source: "天猫旗舰店",
  file_name: "orders.csv",
  size_bytes: 1000,
  by_name: "林老板",
  created_at: "2026-11-22T03:00:00Z",
  started_at: null,
  finished_at: null,
  rows: null,
  rows_checked: 0,
  rows_written: 0,
  bad_rows: 0,
  cancel_asked: false,
  error: null,
  columns: ["订单号", "数量", "备注"],
  samples: [
    ["1001", "2", "谢谢"],
    ["1002", "1", ""],
  ],
  layout: {},
  mapping: { order_number: 0, quantity: 1 },
  missing: [],
  options: { zone: "Asia/Shanghai", currency: "CNY" },
  summary: {},
  bad_by_reason: [],
  counts: {},
}

export const handlers = [
  http.get(at("/session"), () =>
    HttpResponse.json({ signed_in: false, merchant_name: me.merchant.name, version: me.version, wecom: [] }),
  ),
  http.get(at("/me"), () => HttpResponse.json(me)),
  http.post(at("/session"), () => HttpResponse.json(me)),
  http.delete(at("/session"), () => new HttpResponse(null, { status: 204 })),
  http.get(at("/me/sessions"), () => HttpResponse.json({ items: [] })),
  http.get(at("/live"), () => new HttpResponse(": hello\n\n", { headers: { "content-type": "text/event-stream" } })),
  http.get(at("/overview"), () => HttpResponse.json(overview)),
  http.get(at("/events"), () => HttpResponse.json(page([]))),
  http.get(at("/search"), ({ request }) =>
    HttpResponse.json({
      items: new URL(request.url).searchParams.get("q")?.includes("鱼")
        ? [{ kind: "customer", id: 1, title: lin.name, subtitle: lin.phone_masked, href: "/customers/1" }]
        : [],
    }),
  ),
  http.get(at("/customers"), () => HttpResponse.json(page([lin, hostile]))),
  http.get(at("/customers/1"), () => HttpResponse.json(linProfile)),
  http.get(at("/customers/1/timeline"), () => HttpResponse.json(page([]))),
  http.get(at("/customers/1/segments"), () => HttpResponse.json({ items: [sleeping] })),
  http.get(at("/segments"), () => HttpResponse.json(page([sleeping]))),
  http.get(at("/segments/vocabulary"), () => HttpResponse.json(vocabulary)),
  http.get(at("/segments/5"), () => HttpResponse.json(sleeping)),
  http.get(at("/segments/5/flow"), () => HttpResponse.json({ items: [{ day: "2026-11-22", entered: 3, left: 1 }] })),
  http.get(at("/segments/5/members"), () => HttpResponse.json(page([lin]))),
  http.post(at("/segments/preview"), async ({ request }) =>
    HttpResponse.json(previewOf((await request.json()) as { rule: { when: Node } })),
  ),
  http.get(at("/tag-groups"), () => HttpResponse.json(tagGroups)),
  http.get(at("/members"), () => HttpResponse.json(page([]))),
  http.get(at("/stores"), () => HttpResponse.json(page([]))),
  http.get(at("/departments"), () => HttpResponse.json({ items: [] })),
  http.get(at("/custom-fields"), () => HttpResponse.json({ items: [] })),
  http.get(at("/live-code-folders"), () => HttpResponse.json({ items: [] })),
  http.get(at("/corps"), () => HttpResponse.json({ items: [corp] })),
  http.get(at("/corps/1"), () => HttpResponse.json(corp)),
  http.get(at("/corps/1/welcomes"), () =>
    HttpResponse.json({ days: 7, due: 1, sent: 1, sent_by_others: 0, missed: 0, unknown: 0, missed_share: 0, median_ms: 300, p99_ms: 900 }),
  ),
  http.get(at("/corps/1/refused-callbacks"), () => HttpResponse.json({ items: [] })),
  http.get(at("/imports/fields"), () =>
    HttpResponse.json([
      { name: "order_number", label: "订单号" },
      { name: "quantity", label: "数量" },
      { name: "phone", label: "手机号" },
    ]),
  ),
  http.get(at("/imports/7"), () => HttpResponse.json(mappedImport)),
]

const corp = {
  id: 1,
  name: "鲜禾果蔬",
  wecom_corpid: "ww5f1e2d3c4b5a6978",
  is_connected: true,
  agent_id: 1000002,
  base_url: null,
  callback_url: "https://pond.example/callbacks/wecom/x",
  callback_verified_at: "2026-11-08T04:03:00Z",
  callback_seen_at: "2026-11-22T04:03:00Z",
  fault: null,
  member_count: 14,
  serving_count: 14,
  relation_count: 52,
  connected_at: "2026-11-08T04:03:00Z",
}
