import { AppstoreAddOutlined, EditOutlined, LockOutlined, TeamOutlined } from "@ant-design/icons"
import { Button, Form, Input, Modal, Select, Skeleton, Switch, Tooltip } from "antd"
import { useState } from "react"
import { Link, useNavigate, useParams } from "react-router"

import type { BoardOut, CardOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { Panel } from "../../components/Panel"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { BoardEditor } from "./BoardEditor"
import { useBoard, useBoards, useCard, useMakeBoard } from "./boards"
import { ReportView } from "./ReportView"
import "./insights.css"

/** Reports somebody wants to see together; each viewer sees their own people's figures. */
export function BoardPage() {
  const t = useT()
  const { may } = useViewer()
  const navigate = useNavigate()
  const { id } = useParams()
  const { data: boards, error, refetch } = useBoards()
  const shown = id === undefined ? boards?.[0]?.id : Number(id)
  const [making, setMaking] = useState(false)
  const mayEdit = may("insights.edit")
  const make = mayEdit && (
    <Button icon={<AppstoreAddOutlined />} type={boards?.length ? "default" : "primary"} onClick={() => setMaking(true)}>
      {t("board.new")}
    </Button>
  )
  return (
    <>
      <PageHeader
        title={t("nav.boards")}
        help={t("board.help")}
        actions={
          boards &&
          boards.length > 0 && (
            <>
              <Select
                aria-label={t("board.one")}
                value={boards.some((board) => board.id === shown) ? shown : undefined}
                placeholder={t("board.one")}
                options={boards.map((board) => ({
                  value: board.id,
                  label: board.mine ? readable(board.name) : `${readable(board.name)} · ${readable(board.owner)}`,
                }))}
                onChange={(chosen: number) => void navigate(`/insights/boards/${chosen}`)}
                style={{ minWidth: 150, maxWidth: 240 }}
                popupMatchSelectWidth={false}
              />
              {make}
            </>
          )
        }
      />
      {error ? (
        <LoadFailed error={error} what={t("nav.boards")} onRetry={() => void refetch()} />
      ) : !boards ? (
        <Skeleton active />
      ) : shown === undefined ? (
        <EmptyState title={t("board.none")} help={t(mayEdit ? "board.noneHelp" : "board.noneShared")} action={make} />
      ) : (
        <OneBoard key={shown} id={shown} mayEdit={mayEdit} />
      )}
      {making && <MakeDialog onClose={() => setMaking(false)} />}
    </>
  )
}

function OneBoard({ id, mayEdit }: { id: number; mayEdit: boolean }) {
  const t = useT()
  const { data: board, error, refetch } = useBoard(id)
  const [editing, setEditing] = useState(false)
  if (error) return <LoadFailed error={error} what={t("board.one")} onRetry={() => void refetch()} />
  if (!board) return <Skeleton active />
  if (editing) {
    const leave = () => {
      setEditing(false)
      void refetch()
    }
    return <BoardEditor board={board} onDone={leave} />
  }
  return (
    <div className="stack">
      <div className="row board-head">
        <h2>{readable(board.name)}</h2>
        <Sharing board={board} />
        {mayEdit && (
          <Button size="small" icon={<EditOutlined />} onClick={() => setEditing(true)}>
            {t("action.edit")}
          </Button>
        )}
      </div>
      {board.cards.length === 0 ? (
        <EmptyState
          title={t("board.empty")}
          help={t("board.emptyHelp")}
          action={
            <Link to="/insights/dashboard">
              <Button type="primary">{t("nav.dashboard")}</Button>
            </Link>
          }
        />
      ) : (
        <div className="insight-halves board-cards">
          {board.cards.map((card) => (
            <Card key={card.id} board={board} card={card} />
          ))}
        </div>
      )}
    </div>
  )
}

function Sharing({ board }: { board: BoardOut }) {
  const t = useT()
  return (
    <Tooltip title={t(board.shared ? "board.sharedHelp" : "board.privateHelp")}>
      <span className="muted small">
        {board.shared ? <TeamOutlined /> : <LockOutlined />} {t(board.shared ? "board.shared" : "board.private")}
      </span>
    </Tooltip>
  )
}

function Card({ board, card }: { board: BoardOut; card: CardOut }) {
  const t = useT()
  const { data, error, refetch } = useCard(board.id, card.id)
  const title = readable(card.title)
  const period = data && `${data.period.since} – ${data.period.until}`
  return (
    <Panel title={title} extra={<span className="muted small numeric">{period}</span>} flush={data && data.answer.rows.length > 0}>
      {error ? (
        <LoadFailed error={error} what={title} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton active />
      ) : data.answer.rows.length === 0 ? (
        <EmptyState compact title={t("insight.nothing")} />
      ) : (
        <div className="board-card">
          <ReportView report={data} title={title} asTable={card.as_table} />
        </div>
      )}
    </Panel>
  )
}

function MakeDialog({ onClose }: { onClose: () => void }) {
  const t = useT()
  const navigate = useNavigate()
  const [form] = Form.useForm<{ name: string; shared: boolean }>()
  const refused = useFormRefusal(form)
  const make = useMakeBoard()
  return (
    <Modal open title={t("board.new")} okText={t("action.save")} onCancel={onClose} confirmLoading={make.isPending} onOk={() => form.submit()}>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ name: "", shared: false }}
        onFinish={(given) =>
          make.mutate(given, {
            onError: refused,
            onSuccess: ({ id }) => {
              onClose()
              void navigate(`/insights/boards/${id}`)
            },
          })
        }
      >
        <Form.Item name="name" label={t("board.name")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item name="shared" label={t("board.share")} valuePropName="checked" extra={t("board.sharedHelp")}>
          <Switch />
        </Form.Item>
      </Form>
    </Modal>
  )
}
