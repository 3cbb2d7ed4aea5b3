import { LoadingOutlined } from "@ant-design/icons"
import { Alert, Select } from "antd"
import { Link } from "react-router"

import type { PreviewOut } from "../../api/schema"
import { asApiError } from "../../api/errors"
import { MoneyText } from "../../components/MoneyText"
import { Panel } from "../../components/Panel"
import { PersonName } from "../../components/PersonName"
import { useT } from "../../i18n"
import { formatCount, formatShare } from "../../lib/money"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useWords } from "./vocabulary"

interface Props {
  preview: PreviewOut | undefined
  error: unknown
  counting: boolean
  /** The rule has gaps; what is shown is of before. */
  unfinished: boolean
  compareWith: number[]
  onCompare: (segments: number[]) => void
  /** The segment being edited, which is not compared with itself. */
  self?: number
}

const SHOWN = 8

/** What the rule means as it stands: how many, who for instance, and how it lies to other segments. */
export function PreviewPanel(props: Props) {
  const { preview, error, counting, unfinished } = props
  const t = useT()
  const title = (
    <span aria-live="polite">
      {t("seg.preview")} {counting && <LoadingOutlined aria-label={t("seg.counting")} />}
    </span>
  )
  return (
    <div className="stack">
      <Panel title={title}>
        {unfinished && <p className="muted small">{t("seg.unfinished")}</p>}
        {!unfinished && error ? <Refused error={error} /> : <Result preview={preview} stale={counting || unfinished} />}
      </Panel>
      <Panel title={t("seg.overlap")}>
        <Overlaps {...props} />
      </Panel>
      {preview && preview.sample.length > 0 && <Sample preview={preview} />}
    </div>
  )
}

function Refused({ error }: { error: unknown }) {
  const t = useT()
  const refusal = asApiError(error)
  const title =
    refusal?.code === "query_too_long"
      ? t("seg.tooSlow")
      : refusal?.code === "unknown_reference"
        ? t("seg.gone")
        : refusal?.message || t(refusal?.code === "unreachable" ? "error.unreachable" : "error.server")
  const detail = [refusal?.message !== title && refusal?.message, refusal?.advice].filter(Boolean)
  return (
    <Alert
      type={refusal && refusal.status < 500 ? "warning" : "error"}
      showIcon
      role="alert"
      title={title}
      description={detail.join(" ") || undefined}
    />
  )
}

function Result({ preview, stale }: { preview: PreviewOut | undefined; stale: boolean }) {
  const t = useT()
  if (!preview) return <div className="preview-count"><span className="bar-skeleton" /></div>
  const share = formatShare(preview.count, preview.everyone) ?? "0%"
  return (
    <div data-stale={stale || undefined} className="preview-result">
      <div className="preview-count numeric">
        {formatCount(preview.count)} <small>{t("seg.peopleUnit")}</small>
      </div>
      <Bar part={preview.count} whole={preview.everyone} label={t("seg.shareOfAll", { share, all: formatCount(preview.everyone) })} />
      <p className="preview-sentence">{readable(preview.sentence)}</p>
      <p className="muted small">{t("seg.took", { seconds: (preview.took_ms / 1000).toFixed(preview.took_ms < 1000 ? 2 : 1) })}</p>
    </div>
  )
}

/** A part of a whole, as a bar and in words. */
export function Bar({ part, whole, label }: { part: number; whole: number; label: string }) {
  return (
    <div className="share-bar">
      <span className="share-track" aria-hidden="true">
        <span style={{ width: `${whole > 0 ? (part / whole) * 100 : 0}%` }} />
      </span>
      <span className="small muted numeric">{label}</span>
    </div>
  )
}

function Overlaps({ preview, compareWith, onCompare, counting, self }: Props) {
  const t = useT()
  const { segments } = useWords()
  return (
    <div className="stack">
      <Select<number[]>
        mode="multiple"
        aria-label={t("seg.compareWith")}
        placeholder={t("seg.compareWith")}
        value={compareWith}
        onChange={onCompare}
        maxCount={10}
        options={segments.filter(({ id }) => id !== self).map(({ id, name }) => ({ value: id, label: readable(name) }))}
        showSearch={{ optionFilterProp: "label" }}
      />
      {compareWith.length > 0 &&
        (preview?.overlaps ?? []).map((other) => (
          <div key={other.id} data-stale={counting || undefined} className="preview-result">
            <div className="row">
              <bdi className="clip grow">{readable(other.name)}</bdi>
              <span className="numeric">{formatCount(other.both)}</span>
            </div>
            <Bar
              part={other.both}
              whole={preview?.count ?? 0}
              label={t("seg.overlapShares", {
                mine: formatShare(other.both, preview?.count ?? 0) ?? "—",
                theirs: formatShare(other.both, other.count) ?? "—",
              })}
            />
          </div>
        ))}
      {compareWith.length === 0 && <p className="muted small">{t("seg.overlapHelp")}</p>}
    </div>
  )
}

function Sample({ preview }: { preview: PreviewOut }) {
  const t = useT()
  const { may } = useViewer()
  return (
    <Panel title={t("seg.sample")} extra={<span className="muted small">{t("seg.sampleHelp")}</span>}>
      <ul className="preview-sample">
        {preview.sample.slice(0, SHOWN).map((row) => {
          const name = (
            <PersonName
              id={row.id}
              name={row.name}
              avatar={row.avatar}
              detail={t.of("stage", row.stage)}
              fallback={t("customer.numbered", { id: row.id })}
            />
          )
          return (
            <li key={row.id}>
              {may("customers.see") ? (
                <Link to={`/customers/${row.id}`} target="_blank">
                  {name}
                </Link>
              ) : (
                name
              )}
              <span className="muted small">
                <MoneyText fen={row.spent_fen} />
              </span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
