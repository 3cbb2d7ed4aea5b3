import { DeleteOutlined } from "@ant-design/icons"
import { Alert, Button, Checkbox, InputNumber, Segmented, Select } from "antd"
import { useState } from "react"

import { useDepartments, useMembers, useStores } from "../../api/directory"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { type AssigneeDraft, type AssigneeKind, type CodeDraft, rotations, sharesOf } from "./draft"
import { assigneeIcons } from "./Roster"

interface Props {
  draft: CodeDraft
  onChange: (changes: Partial<CodeDraft>) => void
  missing: boolean
}

export function RosterEditor({ draft, onChange, missing }: Props) {
  const t = useT()
  const { assignees, rotation } = draft
  const shares = sharesOf(assignees)
  const change = (index: number, changes: Partial<AssigneeDraft>) =>
    onChange({ assignees: assignees.map((each, place) => (place === index ? { ...each, ...changes } : each)) })
  const add = (added: AssigneeDraft) => {
    if (assignees.some(({ kind, id }) => kind === added.kind && id === added.id)) return
    onChange({ assignees: [...assignees, added] })
  }

  return (
    <div className="stack">
      <div className="row">
        <span>{t("code.rotation")}</span>
        <Select
          aria-label={t("code.rotation")}
          value={rotation}
          onChange={(value) => onChange({ rotation: value })}
          options={rotations.map((value) => ({ value, label: t.of("rotation", value) }))}
          style={{ minWidth: 150 }}
        />
        <span className="small muted">{t.of("rotationHelp", rotation)}</span>
      </div>
      {missing && <Alert type="error" showIcon title={t("code.needsMember")} />}
      {assignees.length > 0 && (
        <div className="roster-scroll">
          <div className="roster-row roster-head">
            <span>{t("code.person")}</span>
            <span>{rotation === "ratio" ? t("code.weight") : ""}</span>
            <span>{t("code.cap")}</span>
            <span>{t("code.backup")}</span>
            <span />
          </div>
          {assignees.map((each, index) => (
            <div key={`${each.kind}-${each.id}`} className="roster-row">
              <span className="clip">
                {assigneeIcons[each.kind]} <bdi>{readable(each.name)}</bdi>
              </span>
              {rotation === "ratio" && !each.is_backup ? (
                <InputNumber
                  aria-label={t("code.weightOf", { name: readable(each.name) })}
                  min={1}
                  max={1000}
                  value={each.weight}
                  suffix={`${shares[index]}%`}
                  onChange={(weight) => change(index, { weight: weight ?? 1 })}
                />
              ) : (
                <span />
              )}
              <InputNumber
                aria-label={t("code.capOf", { name: readable(each.name) })}
                min={0}
                max={100_000}
                value={each.daily_cap}
                placeholder={t("code.noCap")}
                onChange={(daily_cap) => change(index, { daily_cap })}
              />
              <Checkbox checked={each.is_backup} onChange={({ target }) => change(index, { is_backup: target.checked })}>
                {t("code.backup")}
              </Checkbox>
              <Button
                type="text"
                size="small"
                danger
                icon={<DeleteOutlined />}
                aria-label={t("code.removePerson", { name: readable(each.name) })}
                onClick={() => onChange({ assignees: assignees.filter((_, place) => place !== index) })}
              />
            </div>
          ))}
        </div>
      )}
      <AddAssignee onAdd={add} />
      <p className="small muted">{t("code.backupHelp")}</p>
    </div>
  )
}

function AddAssignee({ onAdd }: { onAdd: (added: AssigneeDraft) => void }) {
  const t = useT()
  const [kind, setKind] = useState<AssigneeKind>("member")
  const [typed, setTyped] = useState("")
  const { data: members } = useMembers(kind === "member" ? typed.trim() : "")
  const { data: departments } = useDepartments()
  const { data: stores } = useStores()
  const found: Record<AssigneeKind, { id: number; name: string }[]> = {
    member: members?.items ?? [],
    department: departments?.items ?? [],
    store: stores?.items ?? [],
  }
  const options = found[kind].map(({ id, name }) => ({ value: id, label: readable(name) || `#${id}` }))
  return (
    <div className="row">
      <Segmented
        value={kind}
        onChange={setKind}
        options={(["member", "department", "store"] as const).map((value) => ({
          value,
          label: t.of("assignee", value),
          icon: assigneeIcons[value],
        }))}
      />
      <Select<number>
        aria-label={t("code.addPerson")}
        placeholder={t("code.addPerson")}
        value={null}
        showSearch={kind === "member" ? { filterOption: false, onSearch: setTyped } : { optionFilterProp: "label" }}
        options={options}
        onChange={(id) => {
          const name = options.find(({ value }) => value === id)?.label ?? ""
          onAdd({ kind, id, name, is_backup: false, weight: 1, daily_cap: null })
        }}
        style={{ width: 260 }}
      />
    </div>
  )
}
