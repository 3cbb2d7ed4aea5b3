import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons"
import { App, Button, Input, Modal, Skeleton, Space } from "antd"
import { useState } from "react"

import type { CodeFolderOut } from "../../api/schema"
import { LoadFailed } from "../../components/LoadFailed"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useCreateFolder, useDeleteFolder, useFolders, useOrderFolders, useRenameFolder } from "./api"
import { moved } from "./order"
import "./FoldersDialog.css"

export function FoldersDialog({ onClose }: { onClose: () => void }) {
  const t = useT()
  const { data, error, refetch } = useFolders()
  const order = useOrderFolders()
  const refused = useFormRefusal()
  const folders = data?.items ?? []
  const ids = folders.map(({ id }) => id)
  const move = (id: number, by: 1 | -1) => order.mutate(moved(ids, id, by), { onError: refused })
  return (
    <Modal open title={t("folders.manage")} onCancel={onClose} footer={null}>
      <p className="muted small">{t(data && folders.length === 0 ? "folders.none" : "folders.help")}</p>
      {error && <LoadFailed error={error} what={t("folders.manage")} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active paragraph={{ rows: 3 }} />}
      <ul className="folder-list">
        {folders.map((folder, place) => (
          <li key={folder.id}>
            <FolderName key={folder.name} folder={folder} />
            <span className="small muted numeric">{t("folders.codes", { count: folder.codes })}</span>
            <Space.Compact size="small">
              <Button
                icon={<ArrowUpOutlined />}
                aria-label={t("folders.up", { name: readable(folder.name) })}
                disabled={place === 0 || order.isPending}
                onClick={() => move(folder.id, -1)}
              />
              <Button
                icon={<ArrowDownOutlined />}
                aria-label={t("folders.down", { name: readable(folder.name) })}
                disabled={place === folders.length - 1 || order.isPending}
                onClick={() => move(folder.id, 1)}
              />
              <DeleteButton folder={folder} />
            </Space.Compact>
          </li>
        ))}
      </ul>
      <NewFolder />
    </Modal>
  )
}

/** The name, changed where it stands: leaving the field or Enter saves, Escape takes it back. */
function FolderName({ folder }: { folder: CodeFolderOut }) {
  const t = useT()
  const [name, setName] = useState(folder.name)
  const rename = useRenameFolder()
  const refused = useFormRefusal()
  const save = () => {
    const wanted = name.trim()
    if (!wanted) return setName(folder.name)
    if (wanted === folder.name || rename.isPending) return
    rename.mutate(
      { id: folder.id, name: wanted },
      {
        onError: (error) => {
          setName(folder.name)
          refused(error)
        },
      },
    )
  }
  return (
    <Input
      className="grow"
      aria-label={t("folders.nameOf", { name: readable(folder.name) })}
      maxLength={100}
      value={name}
      onChange={({ target }) => setName(target.value)}
      onBlur={save}
      onPressEnter={(event) => !event.nativeEvent.isComposing && event.currentTarget.blur()}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || name === folder.name) return
        event.stopPropagation() // it is the name that is given up, not the dialog
        setName(folder.name)
      }}
    />
  )
}

function DeleteButton({ folder }: { folder: CodeFolderOut }) {
  const t = useT()
  const { modal } = App.useApp()
  const remove = useDeleteFolder()
  const refused = useFormRefusal()
  const confirm = () =>
    modal.confirm({
      title: t("folders.deleteTitle", { name: readable(folder.name) }),
      content: folder.codes > 0 && t("folders.deleteHelp", { count: folder.codes }),
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync(folder.id).catch(refused),
    })
  return (
    <Button danger icon={<DeleteOutlined />} aria-label={t("folders.delete", { name: readable(folder.name) })} onClick={confirm} />
  )
}

function NewFolder() {
  const t = useT()
  const [name, setName] = useState("")
  const create = useCreateFolder()
  const refused = useFormRefusal()
  const add = () => {
    if (name.trim()) create.mutate(name.trim(), { onSuccess: () => setName(""), onError: refused })
  }
  return (
    <Space.Compact style={{ display: "flex" }}>
      <Input
        aria-label={t("code.newFolder")}
        placeholder={t("code.newFolder")}
        maxLength={100}
        value={name}
        onChange={({ target }) => setName(target.value)}
        onPressEnter={(event) => !event.nativeEvent.isComposing && add()}
      />
      <Button icon={<PlusOutlined />} loading={create.isPending} disabled={!name.trim()} onClick={add}>
        {t("action.add")}
      </Button>
    </Space.Compact>
  )
}
