import { Button, Skeleton } from "antd"
import { useState } from "react"
import { Link } from "react-router"

import type { SegmentOut, VersionOut } from "../../api/schema"
import { LoadFailed } from "../../components/LoadFailed"
import { TimeText } from "../../components/TimeText"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useDiff, useVersions } from "./api"

export function VersionsTab({ segment }: { segment: SegmentOut }) {
  const t = useT()
  const { data, error, refetch } = useVersions(segment.id)
  if (error) return <LoadFailed error={error} what={t("seg.versions")} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active paragraph={{ rows: 4 }} />
  return (
    <ol className="panel versions" aria-label={t("seg.versions")}>
      {data.items.map((version) => (
        <Version key={version.number} version={version} segment={segment} />
      ))}
    </ol>
  )
}

function Version({ version, segment }: { version: VersionOut; segment: SegmentOut }) {
  const t = useT()
  const { may } = useViewer()
  const [open, setOpen] = useState(version.number === segment.version)
  const isEditable = segment.state === "live" || segment.state === "draft"
  return (
    <li className="version">
      <div className="row">
        <strong>{t("seg.versionNumber", { number: version.number })}</strong>
        {version.number === segment.version && <span className="version-now small">{t("seg.now")}</span>}
        <span className="muted small">
          {readable(version.by)} · <TimeText at={version.at} />
        </span>
        <span className="row end">
          {version.number > 1 && (
            <Button type="link" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
              {t(open ? "seg.hideDiff" : "seg.showDiff")}
            </Button>
          )}
          {version.number !== segment.version && isEditable && may("segments.edit") && (
            <Link to={`/segments/${segment.id}/edit?version=${version.number}`}>
              <Button type="link" size="small">
                {t("seg.goBackTo")}
              </Button>
            </Link>
          )}
        </span>
      </div>
      {version.note && <p className="version-note">{readable(version.note)}</p>}
      <p>{readable(version.sentence)}</p>
      {open && version.number > 1 && <Diff id={segment.id} after={version.number} />}
    </li>
  )
}

/** Conditions that came and went with a version. */
function Diff({ id, after }: { id: number; after: number }) {
  const t = useT()
  const { data, error, refetch } = useDiff(id, after - 1, after)
  if (error) return <LoadFailed error={error} what={t("seg.showDiff")} onRetry={() => void refetch()} />
  if (!data) return <span className="bar-skeleton" />
  return (
    <ul className="version-diff" aria-label={t("seg.showDiff")}>
      {data.removed.map((sentence) => (
        <li key={`-${sentence}`} data-change="removed">
          <span className="visually-hidden">{t("seg.removed")}</span>
          <del>{readable(sentence)}</del>
        </li>
      ))}
      {data.added.map((sentence) => (
        <li key={`+${sentence}`} data-change="added">
          <span className="visually-hidden">{t("seg.added")}</span>
          <ins>{readable(sentence)}</ins>
        </li>
      ))}
      {data.added.length + data.removed.length === 0 && <li className="muted">{t("seg.onlyJoined")}</li>}
    </ul>
  )
}
