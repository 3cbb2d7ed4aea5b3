import { Alert, Button, Input } from "antd"
import { useMemo, useState } from "react"
import { Link } from "react-router"

import { asApiError } from "../../api/errors"
import { useFormRefusal } from "../../components/useFormRefusal"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { useSettled } from "../../lib/useSettled"
import { sent, usePreview } from "./api"
import { knownIn, problemsIn } from "./leaves"
import { PreviewPanel } from "./PreviewPanel"
import { type Group, ruleOf } from "./rules"
import { RuleTree } from "./RuleTree"
import { useWords } from "./vocabulary"

const PAUSE = 400 // milliseconds without a change before people are counted
const NONE: ReadonlyMap<string, number> = new Map()

interface Given {
  name: string
  description: string
  note: string
  rule: Record<string, unknown>
  draft: boolean
}

interface Props {
  initial: { name: string; description: string; root: Group }
  saving: boolean
  back: string
  /** It is not at work yet, so that it may stay a draft. */
  mayDraft?: boolean
  self?: number
  /** `over`: the version to put this one over, where it is another than was opened. */
  onSave: (given: Given, refused: (error: unknown) => void, over?: number) => void
  onTheirs?: () => Promise<void>
  latestVersion?: () => Promise<number>
}

export function SegmentForm(props: Props) {
  const { initial, saving, back, mayDraft, self, onSave } = props
  const t = useT()
  const [root, setRoot] = useState(initial.root)
  const [name, setName] = useState(initial.name)
  const [description, setDescription] = useState(initial.description)
  const [note, setNote] = useState("")
  const [tried, setTried] = useState(false)
  const [compareWith, setCompareWith] = useState<number[]>([])
  const [error, setError] = useState<unknown>(null)
  const notify = useFormRefusal()
  const known = useKnown()

  const problems = useMemo(() => problemsIn(root, known), [root, known])
  const unfinished = problems.size > 0
  const settled = useSettled(unfinished ? null : root, PAUSE)
  const preview = usePreview(settled, compareWith)
  const counting = !unfinished && (preview.isFetching || settled !== root)
  // what is gone is told at once, what is merely not filled in yet only once it is missed
  const told = useMemo(
    () => (tried ? problems : new Map([...problems].filter(([, problem]) => problem === "gone" || problem === "window"))),
    [problems, tried],
  )

  const refused = (refusal: unknown) => {
    setError(refusal)
    const code = asApiError(refusal)?.code
    if (code !== "segment_changed_meanwhile" && code !== "segment_name_taken") notify(refusal)
  }
  const save = (draft: boolean, over?: number) => {
    setTried(true)
    if (unfinished || !name.trim()) return
    setError(null)
    onSave({ name: name.trim(), description, note, rule: sent(ruleOf(root)), draft }, refused, over)
  }
  const code = asApiError(error)?.code
  const nameError =
    code === "segment_name_taken" ? asApiError(error)?.message : tried && !name.trim() ? t("form.required") : undefined
  return (
    <>
      <div className="segment-editor">
        <div className="stack">
          {code === "segment_changed_meanwhile" && (
            <ChangedMeanwhile
              message={asApiError(error)?.message ?? ""}
              onTheirs={() => void props.onTheirs?.().catch(notify)}
              onMine={() => void props.latestVersion?.().then((version) => save(false, version)).catch(notify)}
            />
          )}
          <Panel title={t("seg.who")}>
            <RuleTree
              root={root}
              onChange={setRoot}
              counts={preview.data?.counts ?? NONE}
              counting={counting}
              problems={told}
            />
          </Panel>
          <Panel title={t("seg.about")}>
            <div className="segment-about">
              <label>
                <span>{t("seg.name")}</span>
                <Input
                  value={name}
                  maxLength={100}
                  status={nameError ? "error" : undefined}
                  aria-invalid={nameError !== undefined}
                  placeholder={t("seg.namePlaceholder")}
                  onChange={(event) => setName(event.target.value)}
                />
                {nameError && (
                  <span role="alert" className="message-error small">
                    {nameError}
                  </span>
                )}
              </label>
              <label>
                <span>{t("seg.description")}</span>
                <Input.TextArea
                  value={description}
                  maxLength={1_000}
                  rows={2}
                  placeholder={t("seg.descriptionPlaceholder")}
                  onChange={(event) => setDescription(event.target.value)}
                />
              </label>
              {self !== undefined && (
                <label>
                  <span>{t("seg.note")}</span>
                  <Input
                    value={note}
                    maxLength={200}
                    placeholder={t("seg.notePlaceholder")}
                    onChange={(event) => setNote(event.target.value)}
                  />
                </label>
              )}
            </div>
          </Panel>
        </div>
        <aside className="segment-side" aria-label={t("seg.preview")}>
          <PreviewPanel
            preview={preview.data}
            error={preview.error}
            counting={counting}
            unfinished={unfinished}
            compareWith={compareWith}
            onCompare={setCompareWith}
            self={self}
          />
        </aside>
      </div>
      <footer className="segment-foot">
        <Button type="primary" loading={saving} onClick={() => save(false)}>
          {t(self === undefined ? "seg.saveNew" : "seg.saveVersion")}
        </Button>
        {mayDraft && (
          <Button disabled={saving} onClick={() => save(true)}>
            {t("seg.saveDraft")}
          </Button>
        )}
        <Link to={back}>
          <Button type="text">{t("action.cancel")}</Button>
        </Link>
        {tried && unfinished && (
          <span role="alert" className="message-error small">
            {t("seg.faults", { count: problems.size })}
          </span>
        )}
        {preview.data && (
          <span className="segment-foot-count numeric" data-stale={counting || undefined}>
            {t("seg.people.count", { count: formatCount(preview.data.count) })}
          </span>
        )}
      </footer>
    </>
  )
}

function useKnown() {
  const vocabulary = useWords()
  return useMemo(() => knownIn(vocabulary), [vocabulary])
}

/** Somebody else saved in the meantime: nobody's work is lost without a word. */
function ChangedMeanwhile(props: { message: string; onTheirs: () => void; onMine: () => void }) {
  const t = useT()
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={props.message}
      description={t("seg.changedHelp")}
      action={
        <span className="row">
          <Button size="small" onClick={props.onTheirs}>
            {t("seg.takeTheirs")}
          </Button>
          <Button size="small" type="primary" onClick={props.onMine}>
            {t("seg.saveMine")}
          </Button>
        </span>
      }
    />
  )
}
