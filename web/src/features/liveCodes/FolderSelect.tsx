import { PlusOutlined } from "@ant-design/icons"
import { Button, Input, Select, Space } from "antd"
import { useState } from "react"

import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useCreateFolder, useFolders } from "./api"

/** A folder, or a new one made on the spot. */
export function FolderSelect({ value, onChange }: { value: number | null; onChange: (id: number | null) => void }) {
  const t = useT()
  const { data } = useFolders()
  const [name, setName] = useState("")
  const create = useCreateFolder()
  const refused = useFormRefusal()
  const add = () => {
    if (!name.trim()) return
    create.mutate(name.trim(), {
      onSuccess: ({ id }) => {
        onChange(id)
        setName("")
      },
      onError: refused,
    })
  }
  return (
    <Select
      allowClear
      aria-label={t("code.folder")}
      placeholder={t("code.noFolder")}
      value={value}
      onChange={(id?: number | null) => onChange(id ?? null)}
      options={(data?.items ?? []).map((folder) => ({ value: folder.id, label: readable(folder.name) }))}
      popupRender={(menu) => (
        <>
          {menu}
          <Space.Compact style={{ display: "flex", padding: 6 }}>
            <Input
              size="small"
              aria-label={t("code.newFolder")}
              placeholder={t("code.newFolder")}
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.target.value)}
              onKeyDown={(event) => event.stopPropagation()}
              onPressEnter={add}
            />
            <Button size="small" icon={<PlusOutlined />} aria-label={t("action.add")} loading={create.isPending} onClick={add} />
          </Space.Compact>
        </>
      )}
    />
  )
}
