import { Button } from "antd"
import { useState } from "react"
import { Link, useNavigate, useParams } from "react-router"

import { asApiError } from "../../api/errors"
import { useCorps } from "../../api/directory"
import { PageHeader } from "../../components/PageHeader"
import { PageWaiting } from "../../components/PageWaiting"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useChangeCode, useCreateCode, useLiveCode } from "./api"
import { bodyOf, type CodeDraft, draftOf, emptyDraft, missingIn } from "./draft"
import { CodeForm } from "./CodeForm"

/** A new code, or a change of one: the same form. */
export function LiveCodeEditPage() {
  const { id } = useParams()
  return id === undefined ? <NewCode /> : <ExistingCode id={Number(id)} />
}

function NewCode() {
  const t = useT()
  const navigate = useNavigate()
  const create = useCreateCode()
  const { data: corps, error, refetch } = useCorps()
  const back = { to: "/live-codes", label: t("nav.liveCodes") }
  if (!corps) return <PageWaiting title={t("code.new")} back={back} error={error} onRetry={() => void refetch()} />
  const initial = { ...emptyDraft(), corp_id: corps.items[0]?.id ?? null }
  return (
    <Editor
      title={t("code.new")}
      back={back}
      initial={initial}
      error={create.error}
      saving={create.isPending}
      onSave={(draft, refused) =>
        create.mutate(bodyOf(draft), { onSuccess: (code) => void navigate(`/live-codes/${code.id}`), onError: refused })
      }
    />
  )
}

function ExistingCode({ id }: { id: number }) {
  const t = useT()
  const navigate = useNavigate()
  const { data: code, error, refetch } = useLiveCode(id)
  const change = useChangeCode(id)
  // the version the person began with: a change made meanwhile is refused, not overwritten
  const [opened, setOpened] = useState(code)
  if (!opened && code) setOpened(code)
  if (error || !opened) {
    const back = { to: "/live-codes", label: t("nav.liveCodes") }
    return <PageWaiting title={t("code.edit")} back={back} error={error} onRetry={() => void refetch()} />
  }
  return (
    <Editor
      title={t("code.edit")}
      back={{ to: `/live-codes/${id}`, label: readable(opened.name) }}
      initial={draftOf(opened)}
      error={change.error}
      saving={change.isPending}
      onSave={(draft, refused) =>
        change.mutate(
          { ...bodyOf(draft), version: opened.version },
          { onSuccess: () => void navigate(`/live-codes/${id}`), onError: refused },
        )
      }
    />
  )
}

interface EditorProps {
  title: string
  back: { to: string; label: string }
  initial: CodeDraft
  error: unknown
  saving: boolean
  onSave: (draft: CodeDraft, refused: (error: unknown) => void) => void
}

function Editor({ title, back, initial, error, saving, onSave }: EditorProps) {
  const t = useT()
  const [draft, setDraft] = useState(initial)
  const [tried, setTried] = useState(false)
  const refused = useFormRefusal()
  const missing = missingIn(draft)
  const save = () => {
    setTried(true)
    if (missing.length === 0) onSave(draft, refused)
  }
  return (
    <>
      <PageHeader title={title} back={back} />
      <CodeForm draft={draft} onChange={setDraft} missing={tried ? missing : []} errors={asApiError(error)?.fields ?? {}} />
      <footer className="code-editor-foot">
        <Button type="primary" loading={saving} onClick={save}>
          {t("action.save")}
        </Button>
        <Link to={back.to}>
          <Button>{t("action.cancel")}</Button>
        </Link>
        {tried && missing.length > 0 && (
          <span role="alert" className="message-error">
            {t("code.missing", { what: missing.map((each) => t.of("codeMissing", each)).join("、") })}
          </span>
        )}
      </footer>
    </>
  )
}
