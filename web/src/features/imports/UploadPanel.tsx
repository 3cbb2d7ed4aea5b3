import { FileExcelOutlined, LoadingOutlined } from "@ant-design/icons"
import { Input } from "antd"
import { type DragEvent, useId, useState } from "react"

import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useUploadImport } from "./api"
import "./imports.css"

/** A place to drop order files, or to choose them. */
export function UploadPanel({ onUploaded }: { onUploaded: (id: number) => void }) {
  const t = useT()
  const id = useId()
  const [source, setSource] = useState("")
  const [over, setOver] = useState(false)
  const upload = useUploadImport()
  const refused = useFormRefusal()

  const send = (files: FileList | null) => {
    if (!files?.length || upload.isPending) return
    upload.mutate({ files: [...files], source: source.trim() }, { onSuccess: (run) => onUploaded(run.id), onError: refused })
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    send(event.dataTransfer.files)
  }
  return (
    <section className="panel upload-panel" aria-label={t("import.upload")}>
      <input
        id={id}
        type="file"
        multiple
        className="visually-hidden"
        accept=".csv,.txt,.tsv,.xlsx,.parquet,text/csv"
        disabled={upload.isPending}
        aria-label={t("import.upload")}
        onChange={(event) => {
          send(event.target.files)
          event.target.value = ""
        }}
      />
      <label
        htmlFor={id}
        className="upload-drop"
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {upload.isPending ? <LoadingOutlined /> : <FileExcelOutlined />}
        <strong>{t(upload.isPending ? "import.uploading" : "import.drop")}</strong>
        <span className="small muted">{t("import.formats")}</span>
      </label>
      <label className="row">
        <span className="small">{t("order.source")}</span>
        <Input
          style={{ width: 240 }}
          maxLength={64}
          placeholder={t("import.sourceExample")}
          value={source}
          onChange={(event) => setSource(event.target.value)}
        />
        <span className="small muted">{t("import.sourceHelp")}</span>
      </label>
    </section>
  )
}
