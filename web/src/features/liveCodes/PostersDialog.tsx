import { useMutation } from "@tanstack/react-query"
import { App, Form, Modal, Select } from "antd"
import { useState } from "react"

import { downloadFile } from "../../api/download"
import { type Logo, LogoChoice, logoParam } from "../../components/LogoChoice"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"

const sizes = ["300", "600", "1200"] as const

/** Which codes: those chosen, or all of a folder (0: of no folder). */
export type PosterChoice = { ids: number[] } | { folder: number }

export function postersAddress(choice: PosterChoice, size: string, logo: Logo): string {
  const which: Record<string, string> =
    "ids" in choice ? { ids: choice.ids.join(",") } : { folder: String(choice.folder) }
  return `/api/live-codes/posters.zip?${new URLSearchParams({ ...which, size, ...logoParam(logo) })}`
}

/** QR codes of many live codes as one archive, for whoever prints them. */
export function PostersDialog({ choice, onClose }: { choice: PosterChoice; onClose: () => void }) {
  const t = useT()
  const { message } = App.useApp()
  const [size, setSize] = useState<string>("600")
  const [logo, setLogo] = useState<Logo>({ kind: "fish" })
  const refused = useFormRefusal()
  const name = t("posters.file")
  const download = useMutation({
    mutationFn: () => downloadFile(postersAddress(choice, size, logo), name),
    onSuccess: () => {
      void message.success(t("posters.done", { name }))
      onClose()
    },
    onError: refused,
  })
  return (
    <Modal
      open
      title={t("posters.title")}
      onCancel={onClose}
      okText={t(download.isPending ? "posters.waiting" : "posters.download")}
      confirmLoading={download.isPending}
      okButtonProps={{ disabled: logo.kind === "own" && !logo.upload }}
      onOk={() => download.mutate()}
    >
      <p className="muted small" style={{ marginBottom: 14 }}>
        {t("posters.help")}
      </p>
      <Form layout="vertical" component="div">
        <Form.Item label={t("posters.size")}>
          <Select
            aria-label={t("posters.size")}
            value={size}
            onChange={setSize}
            options={sizes.map((value) => ({ value, label: t.of("posters.size", value) }))}
          />
        </Form.Item>
        <Form.Item label={t("qr.logo")}>
          <LogoChoice value={logo} onChange={setLogo} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
