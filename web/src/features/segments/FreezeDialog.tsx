import { Form, Input, Modal } from "antd"
import { useNavigate } from "react-router"

import type { SegmentOut } from "../../api/schema"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { formatCount } from "../../lib/money"
import { readable } from "../../lib/readable"
import { formatDay } from "../../lib/time"
import { useViewer } from "../../lib/viewer"
import { useFreezeSegment } from "./api"

/** The people of now as a list of their own. */
export function FreezeDialog({ segment, onClose }: { segment: SegmentOut; onClose: () => void }) {
  const t = useT()
  const { zone } = useViewer()
  const navigate = useNavigate()
  const [form] = Form.useForm<{ name: string }>()
  const freeze = useFreezeSegment(segment.id)
  const refused = useFormRefusal(form)
  const name = `${readable(segment.name).slice(0, 88)} ${formatDay(new Date().toISOString(), zone)}`
  return (
    <Modal
      open
      title={t("seg.freeze")}
      okText={t("seg.freeze")}
      onCancel={onClose}
      confirmLoading={freeze.isPending}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ name }}
        onFinish={(given) =>
          freeze.mutate(given.name, {
            onSuccess: ({ id }) => {
              onClose()
              void navigate(`/segments/${id}`)
            },
            onError: refused,
          })
        }
      >
        <p style={{ marginBottom: 12 }}>{t("seg.freezeHelp", { count: formatCount(segment.count ?? 0) })}</p>
        <Form.Item name="name" label={t("seg.name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
          <Input maxLength={100} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
