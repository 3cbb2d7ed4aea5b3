import type { PartOut, PreviewOut, SegmentOut, Vocabulary } from "../../src/api/schema"
import type { Node } from "../../src/features/segments/rules"
import { lin } from "./people"

export const sleeping: SegmentOut = {
  id: 5,
  name: "沉睡客户",
  description: "",
  state: "live",
  version: 1,
  is_ready: true,
  count: 12,
  problem: null,
  entered_lately: 3,
  left_lately: 1,
  sentence: "距最近一次订单多于 90 天",
  settled_at: "2026-11-22T03:00:00Z",
  frozen_at: null,
  created_at: "2026-11-20T03:00:00Z",
  updated_at: "2026-11-22T03:00:00Z",
  created_by: "林老板",
  hands_out: null,
  rule: {
    schema: 1,
    when: {
      kind: "all",
      of: [
        {
          kind: "orders",
          sources: [],
          stores: [],
          skus: [],
          title: "",
          window: { kind: "ever" },
          is: { measure: "since_last", op: "gt", value: 90 },
        },
      ],
    },
  },
}

const words = (...pairs: [string, string][]) => pairs.map(([key, label]) => ({ key, label }))

export const vocabulary: Vocabulary = {
  leaves: [],
  stages: words(["contact", "好友未购"], ["buyer", "已购一次"]),
  genders: words(["female", "女"], ["male", "男"]),
  relation_states: words(["mutual", "互为好友"], ["deleted_by_customer", "被客户删除"]),
  identity_kinds: words(["phone", "手机号"]),
  consent_purposes: words(["marketing", "营销"]),
  consent_channels: words(["any", "任何渠道"]),
  operators: words(["is", "为{value}"], ["is_not", "不为{value}"], ["exists", "有值"], ["gte", "至少为 {value}"]),
  orders: words(["eq", "等于"], ["gt", "多于"], ["gte", "至少"], ["lte", "至多"]),
  orders_in_time: words(["gte", "不早于"]),
  measures: [],
  units: words(["days", "天"], ["weeks", "周"]),
  periods: words(["this_week", "本周"]),
  events: [
    { key: "order.placed", label: "下单", is_seen: true, props: [{ name: "number", type: "text" }] },
    { key: "page.viewed", label: "浏览页面", is_seen: false, props: [] },
  ],
  fields: [{ key: "city", label: "城市", kind: "text", options: [] }],
  tags: [{ id: 1, name: "爱吃车厘子", group: "偏好" }],
  sources: words(["live_code:1", "活码：人民路店"]),
  order_sources: [{ id: 1, name: "天猫旗舰店" }],
  segments: [{ id: 5, name: "沉睡客户" }],
}

/** Ten people more with every condition: enough to see that counts find their places. */
function partOf(node: Node): PartOut {
  const below = node.kind === "all" || node.kind === "any" ? node.of : node.kind === "not" ? [node.of] : []
  const of = below.map(partOf)
  return { count: 10 + of.reduce((sum, part) => sum + part.count, 0), of }
}

export function previewOf({ rule }: { rule: { when: Node } }): PreviewOut {
  const parts = partOf(rule.when)
  return {
    count: parts.count,
    everyone: 100,
    parts,
    sentence: "规则的句子",
    sample: [lin],
    leaves: [],
    overlaps: [],
    took_ms: 120,
    at: "2026-11-22T03:00:00Z",
  }
}
