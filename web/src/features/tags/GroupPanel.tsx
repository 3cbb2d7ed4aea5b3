import { MoreOutlined, PlusOutlined } from "@ant-design/icons"
import { App, Button, Dropdown, Input, Tag, Tooltip } from "antd"
import { useState } from "react"
import { useNavigate } from "react-router"

import type { TagGroupOut, TagOut } from "../../api/schema"
import { Panel } from "../../components/Panel"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useCreateTag, useDeleteGroup, useDeleteTag, useRenameGroup, useRenameTag } from "./api"
import { useAskName } from "./useAskName"

export function GroupPanel({ group }: { group: TagGroupOut }) {
  const t = useT()
  const { may } = useViewer()
  const editable = may("tags.edit") && group.kind !== "rule"
  return (
    <Panel
      title={
        <span className="row">
          <bdi>{readable(group.name)}</bdi>
          <Tag variant="filled">{t.of("tagKind", group.kind)}</Tag>
          {group.corp && <span className="small muted">{readable(group.corp.name)}</span>}
        </span>
      }
      extra={editable && <GroupMenu group={group} />}
    >
      <div className="row">
        {group.tags.map((tag) => (
          <TagButton key={tag.id} tag={tag} editable={editable} />
        ))}
        {editable && <NewTag group={group} />}
      </div>
    </Panel>
  )
}

function GroupMenu({ group }: { group: TagGroupOut }) {
  const t = useT()
  const { modal } = App.useApp()
  const ask = useAskName()
  const rename = useRenameGroup()
  const remove = useDeleteGroup()
  const refused = useFormRefusal()
  const confirm = () =>
    modal.confirm({
      title: t("tags.deleteGroup", { name: readable(group.name) }),
      content: t(group.kind === "corp" ? "tags.deleteCorpHelp" : "tags.deleteHelp"),
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync(group.id).catch(refused),
    })
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "rename", label: t("tags.rename") },
          { key: "delete", label: t("tags.delete"), danger: true },
        ],
        onClick: ({ key }) =>
          key === "delete"
            ? confirm()
            : ask(t("tags.rename"), group.name, (name) => rename.mutateAsync({ id: group.id, name })),
      }}
    >
      <Button size="small" type="text" icon={<MoreOutlined />} aria-label={t("customer.more")} />
    </Dropdown>
  )
}

function TagButton({ tag, editable }: { tag: TagOut; editable: boolean }) {
  const t = useT()
  const navigate = useNavigate()
  const { modal } = App.useApp()
  const ask = useAskName()
  const rename = useRenameTag()
  const remove = useDeleteTag()
  const refused = useFormRefusal()
  const choose = (key: string) => {
    if (key === "show") void navigate(`/customers?tag=${tag.id}`)
    if (key === "rename") ask(t("tags.rename"), tag.name, (name) => rename.mutateAsync({ id: tag.id, name }))
    if (key === "delete") {
      modal.confirm({
        title: t("tags.deleteTag", { name: readable(tag.name) }),
        content: t("tags.deleteHelp"),
        okButtonProps: { danger: true },
        onOk: () => remove.mutateAsync(tag.id).catch(refused),
      })
    }
  }
  const items = [
    { key: "show", label: t("tags.show") },
    ...(editable
      ? [
          { key: "rename", label: t("tags.rename") },
          { key: "delete", label: t("tags.delete"), danger: true },
        ]
      : []),
  ]
  return (
    <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => choose(key) }}>
      <Button size="small">
        <bdi className="clip" style={{ maxWidth: 200 }}>
          {readable(tag.name)}
        </bdi>
        <span className="muted numeric">{formatCount(tag.customers)}</span>
      </Button>
    </Dropdown>
  )
}

function NewTag({ group }: { group: TagGroupOut }) {
  const t = useT()
  const [name, setName] = useState<string>()
  const create = useCreateTag()
  const refused = useFormRefusal()
  if (name === undefined) {
    return (
      <Tooltip title={group.kind === "corp" ? t("tags.toWecom") : undefined}>
        <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => setName("")}>
          {t("tags.new")}
        </Button>
      </Tooltip>
    )
  }
  const add = () => {
    if (!name.trim()) return setName(undefined)
    create.mutate({ group: group.id, name: name.trim() }, { onSuccess: () => setName(""), onError: refused })
  }
  return (
    <Input
      autoFocus
      size="small"
      aria-label={t("tags.new")}
      placeholder={t("tags.new")}
      maxLength={30}
      value={name}
      disabled={create.isPending}
      style={{ width: 140 }}
      onChange={(event) => setName(event.target.value)}
      onPressEnter={(event) => !event.nativeEvent.isComposing && add()}
      onBlur={() => !create.isPending && setName(undefined)}
      onKeyDown={(event) => event.key === "Escape" && setName(undefined)}
    />
  )
}
