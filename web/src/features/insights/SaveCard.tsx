import { PushpinOutlined } from "@ant-design/icons"
import { App, Button, Form, Input, Modal, Select } from "antd"
import { useState } from "react"
import { useNavigate, useSearchParams } from "react-router"

import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { formatDay } from "../../lib/time"
import { useNow } from "../../lib/useNow"
import { useViewer } from "../../lib/viewer"
import type { ReportAsked, ReportName } from "./api"
import { useAddCard, useBoards } from "./boards"
import { cardAsked } from "./cards"

interface Props {
  title: string
  report: ReportName
  query: ReportAsked
}

/** Keeps a report with its whole question as a card of a board. */
export function SaveCard(props: Props) {
  const t = useT()
  const { may } = useViewer()
  const [open, setOpen] = useState(false)
  if (!may("insights.edit")) return null
  return (
    <>
      <Button
        size="small"
        type="text"
        icon={<PushpinOutlined />}
        title={t("board.save")}
        aria-label={`${t("board.save")} · ${props.title}`}
        onClick={() => setOpen(true)}
      />
      {open && <SaveDialog {...props} onClose={() => setOpen(false)} />}
    </>
  )
}

interface Given {
  title: string
  board: number
  newBoard?: string
}

const NEW = 0 // no board has this id

function SaveDialog({ title, report, query, onClose }: Props & { onClose: () => void }) {
  const t = useT()
  const { zone } = useViewer()
  const { notification } = App.useApp()
  const navigate = useNavigate()
  const today = formatDay(useNow().toISOString(), zone)
  const chosen = useSearchParams()[0].get("range")
  const { data: boards } = useBoards()
  const [form] = Form.useForm<Given>()
  const refused = useFormRefusal(form)
  const add = useAddCard()
  const board = Form.useWatch("board", form)
  const save = (given: Given) =>
    add.mutate(
      {
        board: given.board === NEW ? undefined : given.board,
        newBoard: given.newBoard,
        card: { title: given.title, report, asked: cardAsked(query, today, chosen), as_table: false },
      },
      {
        onError: refused,
        onSuccess: (saved) => {
          onClose()
          notification.success({
            title: t("board.saved", { name: readable(saved.name) }),
            actions: (
              <Button size="small" onClick={() => void navigate(`/insights/boards/${saved.id}`)}>
                {t("board.open")}
              </Button>
            ),
          })
        },
      },
    )
  if (!boards) return null
  return (
    <Modal open title={t("board.save")} okText={t("action.save")} onCancel={onClose} confirmLoading={add.isPending} onOk={() => form.submit()}>
      <Form<Given> form={form} layout="vertical" initialValues={{ title, board: boards[0]?.id ?? NEW }} onFinish={save}>
        <p className="muted small">{t("board.saveHelp")}</p>
        <Form.Item name="title" label={t("board.cardTitle")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="board" label={t("board.one")}>
          <Select
            options={[
              ...boards.map(({ id, name }) => ({ value: id, label: readable(name) })),
              { value: NEW, label: t("board.new") },
            ]}
          />
        </Form.Item>
        {board === NEW && (
          <Form.Item name="newBoard" label={t("board.name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
            <Input maxLength={60} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}
