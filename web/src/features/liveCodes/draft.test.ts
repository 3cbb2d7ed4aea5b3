import { expect, test } from "vitest"

import { type AssigneeDraft, bodyOf, emptyDraft, missingIn, sharesOf } from "./draft"

const member = (changes: Partial<AssigneeDraft> = {}): AssigneeDraft => ({
  kind: "member",
  id: 1,
  name: "小林",
  is_backup: false,
  weight: 1,
  daily_cap: null,
  ...changes,
})

test("shares follow the weights, and backups have none", () => {
  expect(sharesOf([member({ weight: 3 }), member({ weight: 1 }), member({ weight: 9, is_backup: true })])).toEqual([75, 25, 0])
  expect(sharesOf([member({ is_backup: true })])).toEqual([0])
})

test("a draft says what it lacks; a backup alone is nobody", () => {
  expect(missingIn(emptyDraft())).toEqual(["name", "corp", "assignees"])
  const draft = { ...emptyDraft(), name: "收银台", corp_id: 1, assignees: [member({ is_backup: true })] }
  expect(missingIn(draft)).toEqual(["assignees"])
  expect(missingIn({ ...draft, assignees: [member()] })).toEqual([])
})

test("an assignee is sent under its kind, and a welcome nobody wrote is not sent", () => {
  const body = bodyOf({ ...emptyDraft(), name: "收银台", corp_id: 1, assignees: [member({ kind: "store", id: 5 })] })
  expect(body.assignees).toEqual([{ store_id: 5, is_backup: false, weight: 1, daily_cap: null }])
  expect(body.welcome).toBeNull()
})

test("hours of acceptance go only where acceptance is by hours", () => {
  const hours = [{ starts: "09:00", ends: "18:00" }]
  expect(bodyOf({ ...emptyDraft(), accept_hours: hours }).accept_hours).toEqual([])
  expect(bodyOf({ ...emptyDraft(), accept: "hours", accept_hours: hours }).accept_hours).toEqual(hours)
})
