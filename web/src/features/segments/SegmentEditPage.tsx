import { useState } from "react"
import { useLocation, useNavigate, useParams, useSearchParams } from "react-router"

import type { SegmentOut } from "../../api/schema"
import { PageHeader } from "../../components/PageHeader"
import { PageWaiting } from "../../components/PageWaiting"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { loadSegment, received, useCreateSegment, useEditSegment, useSegment, useVersions, useVocabulary } from "./api"
import { draftOfExample, isExample } from "./examples"
import { draftOf, group } from "./rules"
import { SegmentForm } from "./SegmentForm"
import { VocabularyProvider } from "./vocabulary"
import "./segments.css"

/** A new segment, or a further version of one: the same builder. */
export function SegmentEditPage() {
  const t = useT()
  const { id } = useParams()
  const { data: vocabulary, error, refetch } = useVocabulary()
  if (!vocabulary || error) return <PageWaiting title={t("seg.builder")} error={error} onRetry={() => void refetch()} />
  return (
    <VocabularyProvider vocabulary={vocabulary}>
      {id === undefined ? <NewSegment /> : <ExistingSegment id={Number(id)} />}
    </VocabularyProvider>
  )
}

function NewSegment() {
  const t = useT()
  const navigate = useNavigate()
  const create = useCreateSegment()
  const example = useSearchParams()[0].get("example")
  const given = useLocation().state as { rule?: Record<string, unknown>; name?: string } | null // from a report's number
  const [initial] = useState(() => {
    if (given?.rule) return { name: (given.name ?? "").slice(0, 100), description: "", root: draftOf(received(given.rule)) }
    if (isExample(example)) return { name: t.of("segExample", example), description: "", root: draftOfExample(example) }
    return { name: "", description: "", root: group("all") }
  })
  return (
    <>
      <PageHeader title={t("seg.new")} back={{ to: "/segments", label: t("nav.segments") }} />
      <SegmentForm
        initial={initial}
        mayDraft
        saving={create.isPending}
        back="/segments"
        onSave={(given, refused) =>
          create.mutate(given, { onSuccess: ({ id }) => void navigate(`/segments/${id}`), onError: refused })
        }
      />
    </>
  )
}

function ExistingSegment({ id }: { id: number }) {
  const t = useT()
  const { data: segment, error, refetch } = useSegment(id)
  const wanted = useSearchParams()[0].get("version")
  const versions = useVersions(wanted ? id : NaN)
  // what the person began with: a change made meanwhile is refused, not overwritten
  const [opened, setOpened] = useState<SegmentOut>()
  if (!opened && segment && (!wanted || versions.data)) setOpened(segment)
  const failure = error ?? versions.error
  if (!opened || failure) return <PageWaiting title={t("seg.one")} error={failure} onRetry={() => void refetch()} />
  const earlier = versions.data?.items.find(({ number }) => String(number) === wanted)
  return <Editor key={opened.version} segment={opened} rule={earlier?.rule ?? opened.rule} onReload={setOpened} />
}

interface EditorProps {
  segment: SegmentOut
  rule: Record<string, unknown>
  onReload: (segment: SegmentOut) => void
}

function Editor({ segment, rule, onReload }: EditorProps) {
  const t = useT()
  const navigate = useNavigate()
  const edit = useEditSegment(segment.id)
  const [initial] = useState(() => ({
    name: segment.name,
    description: segment.description,
    root: draftOf(received(rule)),
  }))
  const back = `/segments/${segment.id}`
  return (
    <>
      <PageHeader title={t("seg.edit")} back={{ to: back, label: readable(segment.name) }} />
      <SegmentForm
        initial={initial}
        self={segment.id}
        mayDraft={segment.state === "draft"}
        saving={edit.isPending}
        back={back}
        onSave={({ draft, ...given }, refused, over) =>
          edit.mutate(
            { ...given, version: over ?? segment.version, live: !draft },
            { onSuccess: () => void navigate(back), onError: refused },
          )
        }
        onTheirs={async () => onReload(await loadSegment(segment.id))}
        latestVersion={async () => (await loadSegment(segment.id)).version}
      />
    </>
  )
}
