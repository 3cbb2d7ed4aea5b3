import type { CodeShape, CodeOut } from "../../api/schema"
import { emptyWelcome, welcomeBody, type WelcomeDraft, welcomeDraft } from "../../components/message/welcome"
import type { HoursText } from "../../lib/hours"

export type AssigneeKind = "member" | "department" | "store"

/** One line of the roster: who, how often, how many a day. */
export interface AssigneeDraft {
  kind: AssigneeKind
  id: number
  name: string
  is_backup: boolean
  weight: number
  daily_cap: number | null
}

export interface ShiftDraft {
  hours: HoursText
  member_ids: number[]
}

export const rotations = ["turn", "ratio", "least_loaded", "all"] as const
export const acceptances = ["always", "hours", "never"] as const

export interface CodeDraft {
  name: string
  corp_id: number | null
  folder_id: number | null
  rotation: (typeof rotations)[number]
  one_member_only: boolean
  accept: (typeof acceptances)[number]
  accept_hours: HoursText[]
  touchpoint: string
  remark_template: string
  description: string
  tag_ids: number[]
  expires_at: string | null
  assignees: AssigneeDraft[]
  shifts: ShiftDraft[]
  welcome: WelcomeDraft | null
}

export function emptyDraft(): CodeDraft {
  return {
    name: "",
    corp_id: null,
    folder_id: null,
    rotation: "turn",
    one_member_only: true,
    accept: "always",
    accept_hours: [],
    touchpoint: "",
    remark_template: "",
    description: "",
    tag_ids: [],
    expires_at: null,
    assignees: [],
    shifts: [],
    welcome: emptyWelcome(),
  }
}

/** The share of the scans each line gets by its weight, in whole percent; backups get none while others can. */
export function sharesOf(assignees: readonly AssigneeDraft[]): number[] {
  const total = assignees.reduce((sum, each) => sum + (each.is_backup ? 0 : each.weight), 0)
  return assignees.map((each) => (each.is_backup || total === 0 ? 0 : Math.round((each.weight / total) * 100)))
}

/** What keeps a draft from being saved, before the server is asked. */
export function missingIn(draft: CodeDraft): ("name" | "corp" | "assignees")[] {
  return [
    ...(draft.name.trim() ? [] : (["name"] as const)),
    ...(draft.corp_id === null ? (["corp"] as const) : []),
    ...(draft.assignees.some((each) => !each.is_backup) ? [] : (["assignees"] as const)),
  ]
}

/** A saved code, ready to be edited. */
export function draftOf(code: CodeOut): CodeDraft {
  return {
    name: code.name,
    corp_id: code.corp.id,
    folder_id: code.folder?.id ?? null,
    rotation: code.rotation as CodeDraft["rotation"],
    one_member_only: code.one_member_only,
    accept: code.accept as CodeDraft["accept"],
    accept_hours: code.accept_hours,
    touchpoint: code.touchpoint,
    remark_template: code.remark_template,
    description: code.description,
    tag_ids: code.tags.map(({ id }) => id),
    expires_at: code.expires_at,
    assignees: code.assignees.map(assigneeDraft),
    shifts: code.shifts.map(({ hours, members }) => ({ hours, member_ids: members.map(({ id }) => id) })),
    welcome: code.welcome && welcomeDraft(code.welcome),
  }
}

function assigneeDraft(assignee: CodeOut["assignees"][number]): AssigneeDraft {
  const { is_backup, weight, daily_cap } = assignee
  const rest = { is_backup, weight, daily_cap }
  if (assignee.department) return { kind: "department", ...assignee.department, ...rest }
  if (assignee.store) return { kind: "store", ...assignee.store, ...rest }
  return { kind: "member", id: assignee.member?.id ?? 0, name: assignee.member?.name ?? "", ...rest }
}

/** What is sent: a welcome nobody wrote is left out, so that the corp's default greets. */
export function bodyOf(draft: CodeDraft): CodeShape {
  const welcome = draft.welcome && welcomeBody(draft.welcome)
  return {
    ...draft,
    corp_id: draft.corp_id ?? 0,
    accept_hours: draft.accept === "hours" ? draft.accept_hours : [],
    assignees: draft.assignees.map(({ kind, id, is_backup, weight, daily_cap }) => ({
      [`${kind}_id`]: id,
      is_backup,
      weight,
      daily_cap,
    })),
    welcome: welcome?.slots?.length ? welcome : null,
  }
}
