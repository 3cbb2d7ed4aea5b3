import { DeleteOutlined, PlusOutlined } from "@ant-design/icons"
import { Button } from "antd"

import { HoursField } from "../../components/HoursField"
import { MemberSelect } from "../../components/pickers/MemberSelect"
import { useT } from "../../i18n"
import { officeHours } from "../../lib/hours"
import type { AssigneeDraft, ShiftDraft } from "./draft"

interface Props {
  shifts: ShiftDraft[]
  assignees: AssigneeDraft[]
  onChange: (shifts: ShiftDraft[]) => void
}

/** When who is on duty. Without shifts everybody always is. */
export function ShiftsEditor({ shifts, assignees, onChange }: Props) {
  const t = useT()
  const change = (index: number, changes: Partial<ShiftDraft>) =>
    onChange(shifts.map((each, place) => (place === index ? { ...each, ...changes } : each)))
  return (
    <div className="stack">
      {shifts.length === 0 && <p className="muted">{t("code.alwaysHelp")}</p>}
      {shifts.map((shift, index) => (
        <div key={index} className="row">
          <HoursField value={shift.hours} onChange={(hours) => change(index, { hours })} />
          <MemberSelect
            width={220}
            label={t("code.everybody")}
            value={shift.member_ids}
            known={assignees.filter(({ kind }) => kind === "member")}
            onChange={(member_ids) => change(index, { member_ids })}
          />
          <Button
            type="text"
            size="small"
            danger
            icon={<DeleteOutlined />}
            aria-label={t("hours.remove")}
            onClick={() => onChange(shifts.filter((_, place) => place !== index))}
          />
        </div>
      ))}
      <div>
        <Button
          type="dashed"
          icon={<PlusOutlined />}
          onClick={() => onChange([...shifts, { hours: officeHours(), member_ids: [] }])}
        >
          {t("code.addShift")}
        </Button>
      </div>
    </div>
  )
}
