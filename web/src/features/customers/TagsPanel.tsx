import { PlusOutlined } from "@ant-design/icons"
import { Button, Tag, Tooltip } from "antd"
import { useState } from "react"

import type { CustomerProfile, TaggingOut } from "../../api/schema"
import { Panel } from "../../components/Panel"
import { TagSelect } from "../../components/pickers/TagSelect"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { formatDateTime } from "../../lib/time"
import { useViewer } from "../../lib/viewer"
import { useAddTags, useRemoveTag } from "./api"

export function TagsPanel({ customer }: { customer: CustomerProfile }) {
  const t = useT()
  const { may } = useViewer()
  const [adding, setAdding] = useState(false)
  const remove = useRemoveTag(customer.id)
  const refused = useFormRefusal()
  const editable = may("customers.edit")

  return (
    <Panel
      title={t("customer.tags")}
      extra={
        editable &&
        !adding && (
          <Button size="small" type="text" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t("action.add")}
          </Button>
        )
      }
    >
      <div className="stack">
        {adding && <AddTags customer={customer} onDone={() => setAdding(false)} />}
        {customer.taggings.length === 0 && !adding && <span className="muted">{t("customer.noTags")}</span>}
        {customer.taggings.length > 0 && (
          <div className="row" style={{ gap: 6 }}>
            {customer.taggings.map((tagging) => (
              <Tooltip key={tagging.id} title={<Why tagging={tagging} />}>
                <Tag
                  color="cyan"
                  variant="filled"
                  style={{ marginInlineEnd: 0, opacity: remove.isPending && remove.variables === tagging.tag.id ? 0.4 : 1 }}
                  closable={editable}
                  onClose={(event) => {
                    event.preventDefault()
                    remove.mutate(tagging.tag.id, { onError: refused })
                  }}
                >
                  <bdi className="clip" style={{ maxWidth: 180 }}>
                    {readable(tagging.tag.name)}
                  </bdi>
                </Tag>
              </Tooltip>
            ))}
          </div>
        )}
      </div>
    </Panel>
  )
}

/** Who put the tag there, when and why. */
function Why({ tagging }: { tagging: TaggingOut }) {
  const t = useT()
  const { zone } = useViewer()
  return (
    <>
      {readable(tagging.group)} · {t.of("tagKind", tagging.kind)}
      <br />
      {t(tagging.by_segment === null ? "customer.taggedBy" : "customer.taggedByRule", {
        who: readable(tagging.by),
        when: formatDateTime(tagging.at, zone),
      })}
      {!tagging.settled && (
        <>
          <br />
          {t("customer.tagUnsettled")}
        </>
      )}
      {tagging.reason && tagging.by_segment === null && (
        <>
          <br />
          {readable(tagging.reason)}
        </>
      )}
    </>
  )
}

function AddTags({ customer, onDone }: { customer: CustomerProfile; onDone: () => void }) {
  const t = useT()
  const [chosen, setChosen] = useState<number[]>([])
  const add = useAddTags(customer.id)
  const refused = useFormRefusal()
  return (
    <div className="stack" style={{ gap: 8 }}>
      <TagSelect
        label={t("customer.chooseTags")}
        value={chosen}
        onChange={setChosen}
        exclude={customer.taggings.map((tagging) => tagging.tag.id)}
      />
      <div className="row">
        <Button
          type="primary"
          size="small"
          disabled={chosen.length === 0}
          loading={add.isPending}
          onClick={() => add.mutate(chosen, { onSuccess: onDone, onError: refused })}
        >
          {t("action.add")}
        </Button>
        <Button size="small" onClick={onDone}>
          {t("action.cancel")}
        </Button>
      </div>
    </div>
  )
}
