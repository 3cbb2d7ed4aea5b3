import type { CustomerProfile, CustomerRow, Me } from "../../src/api/schema"
import { navigation } from "../../src/app/navigation"

const everything = navigation.flatMap((group) => group.items).flatMap((item) => (item.permission ? [item.permission] : []))

export const me: Me = {
  account: { id: 1, username: "boss", name: "林老板", role: "owner", avatar: null, language: "zh", totp_enabled: false, member: null },
  permissions: [
    ...new Set([
      ...everything,
      "customers.edit",
      "customers.export",
      "customers.reveal_phones",
      "customers.erase",
      "tags.edit",
      "live_codes.edit",
      "members.switch",
      "orders.import",
      "inbox.replay",
      "segments.edit",
    ]),
  ],
  scope: { kind: "all", label: "全部" },
  merchant: { name: "鲜禾果蔬", time_zone: "Asia/Shanghai" },
  version: "0.1.0",
}

export const lin: CustomerRow = {
  id: 1,
  name: "林小鱼",
  avatar: null,
  remark: "爱吃车厘子",
  gender: "female",
  stage: "buyer",
  source: "live_code:1",
  source_label: "活码：人民路店",
  phone_masked: "138****5678",
  tags: [{ id: 1, name: "爱吃车厘子", group: "偏好" }],
  owners: [{ id: 1, name: "周芸", avatar: null, state: "mutual" }],
  order_count: 2,
  spent_fen: 12_345,
  last_order_at: "2026-11-20T03:00:00Z",
  last_event_at: "2026-11-20T03:00:00Z",
  added_at: "2026-11-19T03:00:00Z",
  created_at: "2026-11-19T03:00:00Z",
}

/** A name as an attacker would choose it. */
export const hostile: CustomerRow = {
  ...lin,
  id: 2,
  name: `<img src=x onerror=alert(1)>\u202egnp.exe${"长".repeat(5000)}`,
  remark: "",
}

export const linProfile: CustomerProfile = {
  ...lin,
  phones: [{ identity_id: 11, masked: "138****5678" }],
  ownerships: [
    {
      id: 1,
      member: { id: 1, name: "周芸", avatar: null },
      state: "mutual",
      remark: "爱吃车厘子",
      description: "",
      company: "",
      phones: [],
      add_way: 1,
      state_code: "abc",
      added_at: "2026-11-19T03:00:00Z",
      ended_at: null,
    },
  ],
  taggings: [
    {
      id: 5,
      tag: { id: 1, name: "爱吃车厘子" },
      group: "偏好",
      kind: "own",
      member: null,
      at: "2026-11-19T03:00:00Z",
      by: "林老板",
      by_segment: null,
      reason: "",
      settled: true,
    },
  ],
  consents: [],
  merges: [],
  record_ids: [1],
  fields: {},
  stage_set: null,
}
