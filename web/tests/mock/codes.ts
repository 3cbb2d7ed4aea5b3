import type { CodeRow } from "../../src/api/schema"

export const till: CodeRow = {
  id: 5,
  name: "人民路店 收银台",
  corp: { id: 1, name: "鲜禾果蔬" },
  folder: null,
  touchpoint: "收银台",
  sync_state: "applied",
  sync_error: null,
  members: [{ id: 1, name: "周芸", avatar: null }],
  expires_at: null,
  archived_at: null,
  created_at: "2026-11-19T03:00:00Z",
  adds_today: 1,
  scans: 9,
  adds: 4,
  losses: 0,
}

export const door: CodeRow = { ...till, id: 6, name: "门口海报", touchpoint: "海报" }
