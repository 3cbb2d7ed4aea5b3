import { Alert, App, Button, Progress, Skeleton, Steps } from "antd"
import { useState } from "react"
import { Link, useParams } from "react-router"

import type { ImportDetailOut, ImportState } from "../../api/schema"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { Panel } from "../../components/Panel"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { readable } from "../../lib/readable"
import { useCancelImport, useImport, useResumeImport, useStartImport } from "./api"
import { BadRowsPanel } from "./BadRowsPanel"
import { ImportStateTag } from "./ImportStateTag"
import { MappingPanel } from "./MappingPanel"
import { CountsPanel, SummaryPanel } from "./SummaryPanel"
import "./imports.css"

const stepOf: Record<ImportState, number> = {
  uploaded: 1,
  mapped: 1,
  checking: 2,
  ready: 2,
  running: 3,
  paused: 3,
  failed: 3,
  cancelled: 3,
  done: 4,
}

/** One file on its way: upload, what the columns mean, a dry run, the import itself, what came of it. */
export function ImportPage() {
  const t = useT()
  const id = Number(useParams().id)
  const { data: run, error, refetch } = useImport(id)
  const back = { to: "/imports", label: t("nav.imports") }
  if (error || !run) {
    return (
      <>
        <PageHeader title={t("nav.imports")} back={back} />
        {error ? <LoadFailed error={error} onRetry={() => void refetch()} /> : <Skeleton active paragraph={{ rows: 8 }} />}
      </>
    )
  }
  return (
    <>
      <PageHeader
        back={back}
        documentTitle={readable(run.file_name)}
        title={
          <span className="row">
            <bdi>{readable(run.file_name)}</bdi>
            <span style={{ fontSize: 13, fontWeight: 400 }}>
              <ImportStateTag run={run} />
            </span>
          </span>
        }
        help={t("import.from", { source: readable(run.source) })}
      />
      <div className="stack">
        <Steps
          size="small"
          current={stepOf[run.state]}
          status={run.state === "failed" ? "error" : undefined}
          items={["upload", "map", "check", "write", "finish"].map((step) => ({ title: t.of("importStep", step) }))}
        />
        <Stage key={run.id} run={run} />
      </div>
    </>
  )
}

function Stage({ run }: { run: ImportDetailOut }) {
  const [remapping, setRemapping] = useState(false)
  if (run.state === "uploaded" || run.state === "mapped" || (run.state === "ready" && remapping)) {
    return <MappingPanel run={run} onChecked={() => setRemapping(false)} />
  }
  return (
    <>
      {run.error && <Failure run={run} />}
      <Working run={run} />
      <Decision run={run} onRemap={() => setRemapping(true)} />
      {run.state !== "checking" && run.rows !== null && (
        <>
          {Object.keys(run.counts).length > 0 && run.state !== "ready" && <CountsPanel run={run} />}
          <SummaryPanel run={run} />
          {run.bad_rows > 0 && <BadRowsPanel run={run} />}
        </>
      )}
    </>
  )
}

function Failure({ run }: { run: ImportDetailOut }) {
  return <Alert type="error" showIcon role="alert" title={run.error?.message} />
}

function Working({ run }: { run: ImportDetailOut }) {
  const t = useT()
  const cancel = useCancelImport(run.id)
  const refused = useFormRefusal()
  if (run.state !== "checking" && run.state !== "running") return null
  const known = run.state === "running" && run.rows
  const percent = known ? Math.min(100, Math.floor((run.rows_written / known) * 100)) : undefined
  return (
    <Panel
      title={t(run.state === "checking" ? "import.checking" : "import.writing")}
      extra={
        <Button
          size="small"
          loading={cancel.isPending}
          disabled={run.cancel_asked}
          onClick={() => cancel.mutate(undefined, { onError: refused })}
        >
          {t(run.cancel_asked ? "import.stopping" : "import.stop")}
        </Button>
      }
    >
      {percent === undefined ? (
        <Progress percent={100} status="active" showInfo={false} />
      ) : (
        <Progress percent={percent} status="active" />
      )}
      <p className="small muted numeric" aria-live="polite">
        {known
          ? t("import.written", { done: formatCount(run.rows_written), all: formatCount(known) })
          : t("import.checked", { done: formatCount(run.rows_checked) })}
      </p>
    </Panel>
  )
}

/** What can be done now: write what was checked, go on with what stopped, look at what came of it. */
function Decision({ run, onRemap }: { run: ImportDetailOut; onRemap: () => void }) {
  const t = useT()
  const { message } = App.useApp()
  const start = useStartImport(run.id)
  const resume = useResumeImport(run.id)
  const refused = useFormRefusal()
  if (run.state === "ready") {
    return (
      <Alert
        type="success"
        showIcon
        title={t("import.readyTitle", { rows: formatCount(run.rows ?? 0), bad: formatCount(run.bad_rows) })}
        description={t("import.readyHelp")}
        action={
          <div className="row">
            <Button onClick={onRemap}>{t("import.remap")}</Button>
            <Button type="primary" loading={start.isPending} onClick={() => start.mutate(run.bad_rows > 0, { onError: refused })}>
              {t("import.start")}
            </Button>
          </div>
        }
      />
    )
  }
  if (run.state === "done") {
    return (
      <Alert
        type="success"
        showIcon
        title={t("import.doneTitle")}
        action={
          <div className="row">
            <Link to="/orders">{t("nav.orders")}</Link>
            <Link to="/customers">{t("nav.customers")}</Link>
          </div>
        }
      />
    )
  }
  if (run.state !== "paused" && run.state !== "failed" && run.state !== "cancelled") return null
  const goOn = () =>
    resume.mutate(undefined, { onSuccess: () => void message.success(t("import.goesOn")), onError: refused })
  return (
    <Alert
      type="warning"
      showIcon
      title={t.of("importWaits", run.state)}
      action={
        <Button type="primary" loading={resume.isPending} onClick={goOn}>
          {t(run.state === "paused" ? "import.accept" : "import.resume")}
        </Button>
      }
    />
  )
}
