import { DatePicker, Form, Input, Radio, Select, Switch } from "antd"
import dayjs from "dayjs"

import { useCorps } from "../../api/directory"
import { SlotsEditor } from "../../components/message/SlotsEditor"
import { emptyWelcome } from "../../components/message/welcome"
import { Panel } from "../../components/Panel"
import { TagSelect } from "../../components/pickers/TagSelect"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { acceptances, type CodeDraft } from "./draft"
import { FolderSelect } from "./FolderSelect"
import { HoursList } from "./HoursList"
import { RosterEditor } from "./RosterEditor"
import { ShiftsEditor } from "./ShiftsEditor"
import "./LiveCodePage.css"

interface Props {
  draft: CodeDraft
  onChange: (draft: CodeDraft) => void
  missing: string[]
  errors: Record<string, string>
}

/** Everything about a live code, in the order people think of it: what, who, when, greeting, afterwards. */
export function CodeForm(props: Props) {
  const t = useT()
  const { draft, onChange, errors } = props
  const set = (changes: Partial<CodeDraft>) => onChange({ ...draft, ...changes })
  return (
    <div className="code-editor">
      <Basics {...props} />
      <Panel title={t("code.people")}>
        <RosterEditor draft={draft} onChange={set} missing={props.missing.includes("assignees")} />
      </Panel>
      <Panel title={t("code.shifts")}>
        <ShiftsEditor shifts={draft.shifts} assignees={draft.assignees} onChange={(shifts) => set({ shifts })} />
      </Panel>
      <Panel
        title={t("nav.welcomes")}
        extra={
          <label className="row small">
            {t("code.ownWelcome")}
            <Switch
              size="small"
              checked={draft.welcome !== null}
              onChange={(on) => set({ welcome: on ? emptyWelcome() : null })}
            />
          </label>
        }
      >
        {draft.welcome ? (
          <SlotsEditor value={draft.welcome} onChange={(welcome) => set({ welcome })} errors={errors} />
        ) : (
          <p className="muted">{t("code.defaultWelcome")}</p>
        )}
      </Panel>
      <Afterwards {...props} />
    </div>
  )
}

function Basics({ draft, onChange, missing, errors }: Props) {
  const t = useT()
  const { data: corps } = useCorps()
  const set = (changes: Partial<CodeDraft>) => onChange({ ...draft, ...changes })
  const nameError = errors.name ?? (missing.includes("name") ? t("form.required") : undefined)
  return (
    <Panel title={t("code.basics")}>
      <Form layout="vertical" component="div" requiredMark={false}>
        <Form.Item label={t("code.name")} validateStatus={nameError ? "error" : undefined} help={nameError}>
          <Input
            aria-label={t("code.name")}
            placeholder={t("code.nameExample")}
            maxLength={100}
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Form.Item>
        <div className="row" style={{ gap: 16, alignItems: "flex-start" }}>
          {(corps?.items.length ?? 0) > 1 && (
            <Form.Item label={t("code.corp")} className="grow">
              <Select
                aria-label={t("code.corp")}
                value={draft.corp_id}
                onChange={(corp_id) => set({ corp_id })}
                options={corps?.items.map(({ id, name }) => ({ value: id, label: readable(name) }))}
              />
            </Form.Item>
          )}
          <Form.Item label={t("code.folder")} className="grow">
            <FolderSelect value={draft.folder_id} onChange={(folder_id) => set({ folder_id })} />
          </Form.Item>
          <Form.Item label={t("code.touchpoint")} className="grow" help={t("code.touchpointHelp")}>
            <Input
              aria-label={t("code.touchpoint")}
              maxLength={64}
              value={draft.touchpoint}
              onChange={(event) => set({ touchpoint: event.target.value })}
            />
          </Form.Item>
        </div>
      </Form>
    </Panel>
  )
}

function Afterwards({ draft, onChange, errors }: Props) {
  const t = useT()
  const set = (changes: Partial<CodeDraft>) => onChange({ ...draft, ...changes })
  return (
    <Panel title={t("code.afterwards")}>
      <Form layout="vertical" component="div">
        <Form.Item label={t("code.accept")} help={t("code.acceptHelp")}>
          <Radio.Group
            value={draft.accept}
            onChange={({ target }) => set({ accept: target.value as CodeDraft["accept"] })}
            options={acceptances.map((accept) => ({ value: accept, label: t.of("accept", accept) }))}
          />
          {draft.accept === "hours" && (
            <HoursList value={draft.accept_hours} onChange={(accept_hours) => set({ accept_hours })} />
          )}
        </Form.Item>
        <Form.Item label={t("code.oneMember")} help={t("code.oneMemberHelp")}>
          <Switch
            aria-label={t("code.oneMember")}
            checked={draft.one_member_only}
            onChange={(one_member_only) => set({ one_member_only })}
          />
        </Form.Item>
        <Form.Item label={t("code.tags")}>
          <TagSelect label={t("customer.chooseTags")} value={draft.tag_ids} onChange={(tag_ids) => set({ tag_ids })} />
        </Form.Item>
        <Form.Item
          label={t("code.remark")}
          validateStatus={errors.remark_template ? "error" : undefined}
          help={errors.remark_template ?? t("code.remarkHelp")}
        >
          <Input
            aria-label={t("code.remark")}
            maxLength={100}
            placeholder="{nickname}-{store}"
            value={draft.remark_template}
            onChange={(event) => set({ remark_template: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={t("code.description")}>
          <Input
            aria-label={t("code.description")}
            maxLength={150}
            value={draft.description}
            onChange={(event) => set({ description: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={t("code.expires")} validateStatus={errors.expires_at ? "error" : undefined} help={errors.expires_at}>
          <DatePicker
            aria-label={t("code.expires")}
            showTime={{ format: "HH:mm" }}
            format="YYYY-MM-DD HH:mm"
            placeholder={t("code.never")}
            minDate={dayjs()}
            value={draft.expires_at ? dayjs(draft.expires_at) : null}
            onChange={(at) => set({ expires_at: at ? at.toISOString() : null })}
          />
        </Form.Item>
      </Form>
    </Panel>
  )
}
