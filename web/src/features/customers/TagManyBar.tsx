import { App, Button } from "antd"
import { useState } from "react"

import { TagSelect } from "../../components/pickers/TagSelect"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useTagMany } from "./api"

/** For the chosen rows: put tags on all of them, or take them off. */
export function TagManyBar({ chosen, onDone }: { chosen: number[]; onDone: () => void }) {
  const t = useT()
  const { message } = App.useApp()
  const [tags, setTags] = useState<number[]>([])
  const change = useTagMany()
  const refused = useFormRefusal()
  const send = (add: number[], remove: number[]) =>
    change.mutate(
      { customer_ids: chosen, add, remove },
      {
        onSuccess: ({ added, removed }) => {
          void message.success(t("customers.tagged", { count: added + removed }))
          onDone()
        },
        onError: refused,
      },
    )
  return (
    <div className="filter-bar" role="toolbar" aria-label={t("organization.chosen", { count: chosen.length })}>
      <span className="small muted">{t("organization.chosen", { count: chosen.length })}</span>
      <TagSelect width={260} label={t("customer.chooseTags")} value={tags} onChange={setTags} />
      <Button type="primary" disabled={tags.length === 0} loading={change.isPending} onClick={() => send(tags, [])}>
        {t("customers.putTags")}
      </Button>
      <Button disabled={tags.length === 0 || change.isPending} onClick={() => send([], tags)}>
        {t("customers.takeTags")}
      </Button>
      <Button type="text" onClick={onDone}>
        {t("action.cancel")}
      </Button>
    </div>
  )
}
