import { Button, Form, Modal, Radio } from "antd"
import { useState } from "react"

import type { SegmentOut } from "../../api/schema"
import { Panel } from "../../components/Panel"
import { TagSelect } from "../../components/pickers/TagSelect"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useChooseTag, useEndTag } from "./api"

/** The tag that the segment gives to who is in it. */
export function TagPanel({ segment }: { segment: SegmentOut }) {
  const t = useT()
  const { may } = useViewer()
  const [choosing, setChoosing] = useState(false)
  const handed = segment.hands_out
  const isAtWork = segment.state === "live" || segment.state === "draft"
  const editable = isAtWork && may("segments.edit") && may("customers.edit")
  if (!handed && !editable) return null
  return (
    <Panel
      title={t("seg.tag")}
      extra={
        editable && (
          <Button size="small" onClick={() => setChoosing(true)}>
            {handed ? t("action.edit") : t("customer.chooseTags")}
          </Button>
        )
      }
    >
      {handed ? (
        <>
          <p className="segment-sentence">{readable(handed.sentence)}</p>
          <p className="muted" style={{ marginTop: 6 }}>
            {handed.wearing !== null && <>{t("seg.tagWearing", { count: formatCount(handed.wearing) })} · </>}
            {t.of("tagKind", handed.kind)} · {readable(handed.by)} <TimeText at={handed.since} />
          </p>
        </>
      ) : (
        <p className="muted">{t("seg.tagNone")}</p>
      )}
      {choosing && <TagDialog segment={segment} onClose={() => setChoosing(false)} />}
    </Panel>
  )
}

function TagDialog({ segment, onClose }: { segment: SegmentOut; onClose: () => void }) {
  const t = useT()
  const handed = segment.hands_out
  const [tags, setTags] = useState<number[]>(handed ? [handed.tag.id] : [])
  const [keeps, setKeeps] = useState(handed?.keeps ?? false)
  const choose = useChooseTag(segment.id)
  const end = useEndTag(segment.id)
  const refused = useFormRefusal()
  const [tag] = tags
  const settled = { onSuccess: onClose, onError: refused }
  return (
    <Modal
      open
      title={t("seg.tag")}
      onCancel={onClose}
      footer={
        <div className="row end">
          {handed && (
            <Button
              danger
              style={{ marginInlineEnd: "auto" }}
              loading={end.isPending}
              onClick={() => end.mutate(undefined, settled)}
            >
              {t("seg.tagEnd")}
            </Button>
          )}
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button
            type="primary"
            disabled={tag === undefined}
            loading={choose.isPending}
            onClick={() => tag !== undefined && choose.mutate({ tag, keeps }, settled)}
          >
            {t("action.save")}
          </Button>
        </div>
      }
    >
      <Form layout="vertical">
        <p style={{ marginBottom: 12 }}>{t("seg.tagHelp")}</p>
        <Form.Item label={t("seg.tagWhich")}>
          <TagSelect single label={t("customer.chooseTags")} value={tags} onChange={setTags} />
        </Form.Item>
        <Form.Item label={t("seg.tagOnLeaving")}>
          <Radio.Group
            value={keeps}
            onChange={({ target }) => setKeeps(target.value as boolean)}
            options={[
              { value: false, label: t("seg.tagGoes") },
              { value: true, label: t("seg.tagStays") },
            ]}
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}
