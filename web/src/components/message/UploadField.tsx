import { LoadingOutlined, UploadOutlined } from "@ant-design/icons"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type ChangeEvent, useId } from "react"

import { answer, api, formData } from "../../api/client"
import { asApiError } from "../../api/errors"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { uploadContentUrl, uploadKey, useUpload } from "./uploads"

export type UploadKind = "image" | "video" | "file"

const accepted: Record<UploadKind, string | undefined> = {
  image: "image/png,image/jpeg",
  video: "video/mp4",
  file: undefined,
}

interface Props {
  kind: UploadKind
  value: number | null
  label: string
  error?: string
  onChange: (id: number | null) => void
}

/** A place for one file: shows what is there, and takes another. */
export function UploadField({ kind, value, label, error, onChange }: Props) {
  const t = useT()
  const id = useId()
  const client = useQueryClient()
  const { data: kept } = useUpload(value)
  const upload = useMutation({
    mutationFn: (file: File) =>
      answer(
        api.POST("/api/uploads", {
          body: { file: file.name, kind },
          bodySerializer: formData({ file, kind }),
        }),
      ),
    onSuccess: (stored) => {
      client.setQueryData(uploadKey(stored.id), stored)
      onChange(stored.id)
    },
  })
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? []
    event.target.value = ""
    if (file) upload.mutate(file)
  }
  const refused = asApiError(upload.error)
  const problem = error ?? (upload.isError ? (refused?.advice ?? refused?.message ?? t("error.unreachable")) : undefined)

  return (
    <div className="upload-field">
      <input
        id={id}
        type="file"
        className="visually-hidden"
        accept={accepted[kind]}
        onChange={take}
        disabled={upload.isPending}
        aria-label={label}
      />
      <label htmlFor={id} className="upload-place" data-kind={kind} data-filled={Boolean(value)}>
        {upload.isPending && <LoadingOutlined />}
        {!upload.isPending && value && kind === "image" && <img src={uploadContentUrl(value)} alt="" />}
        {!upload.isPending && value && kind !== "image" && <bdi className="clip">{readable(kept?.filename) || `#${value}`}</bdi>}
        {!upload.isPending && !value && (
          <span>
            <UploadOutlined /> {label}
          </span>
        )}
      </label>
      <span className="small muted">{t.of("uploadHelp", kind)}</span>
      {problem && (
        <span role="alert" className="message-error small">
          {problem}
        </span>
      )}
    </div>
  )
}
