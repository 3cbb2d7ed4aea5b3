import { DownloadOutlined } from "@ant-design/icons"
import { App, Button, Select } from "antd"
import { useState } from "react"

import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useFolders, useMoveCodes } from "./api"
import { PostersDialog } from "./PostersDialog"

const NO_FOLDER = 0

/** For the chosen live codes: print them, or put them into another folder. */
export function ChosenBar({ chosen, onDone }: { chosen: number[]; onDone: () => void }) {
  const t = useT()
  const { may } = useViewer()
  const [printing, setPrinting] = useState(false)
  return (
    <div className="filter-bar" role="toolbar" aria-label={t("code.chosen", { count: chosen.length })}>
      <span className="small muted">{t("code.chosen", { count: chosen.length })}</span>
      <Button type="primary" icon={<DownloadOutlined />} onClick={() => setPrinting(true)}>
        {t("posters.download")}
      </Button>
      {may("live_codes.edit") && <MoveSelect chosen={chosen} onDone={onDone} />}
      <Button type="text" onClick={onDone}>
        {t("action.cancel")}
      </Button>
      {printing && <PostersDialog choice={{ ids: chosen }} onClose={() => setPrinting(false)} />}
    </div>
  )
}

function MoveSelect({ chosen, onDone }: { chosen: number[]; onDone: () => void }) {
  const t = useT()
  const { message } = App.useApp()
  const { data: folders } = useFolders()
  const move = useMoveCodes()
  const refused = useFormRefusal()
  return (
    <Select
      aria-label={t("folders.moveTo")}
      placeholder={t("folders.moveTo")}
      style={{ width: 180 }}
      popupMatchSelectWidth={false}
      loading={move.isPending}
      disabled={move.isPending}
      value={null}
      options={[
        ...(folders?.items ?? []).map(({ id, name }) => ({ value: id, label: readable(name) })),
        { value: NO_FOLDER, label: t("code.noFolder") },
      ]}
      onChange={(folder: number) =>
        move.mutate(
          { code_ids: chosen, folder_id: folder || null },
          {
            onSuccess: ({ moved }) => {
              void message.success(t("folders.moved", { count: moved }))
              onDone()
            },
            onError: refused,
          },
        )
      }
    />
  )
}
