import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from "@ant-design/icons"
import { Button, Input, Popconfirm, Switch } from "antd"
import { useState } from "react"
import { useNavigate } from "react-router"

import type { BoardOut, CardOut } from "../../api/schema"
import { Panel } from "../../components/Panel"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useDeleteBoard, useEditBoard } from "./boards"
import { canDraw } from "./ReportView"

interface Props {
  board: BoardOut
  onDone: () => void
}

/** A board's name, sharing, and its cards: their titles, their order, and which of them stay. Saved together. */
export function BoardEditor({ board, onDone }: Props) {
  const t = useT()
  const navigate = useNavigate()
  const [opened] = useState(board) // a change made meanwhile is refused, not overwritten
  const [name, setName] = useState(board.name)
  const [shared, setShared] = useState(board.shared)
  const [cards, setCards] = useState(board.cards)
  const edit = useEditBoard(board.id)
  const remove = useDeleteBoard()
  const refused = useFormRefusal()
  const change = (id: number, changes: Partial<CardOut>) =>
    setCards((before) => before.map((card) => (card.id === id ? { ...card, ...changes } : card)))
  const save = () =>
    edit.mutate(
      { version: opened.version, name, shared, cards: cards.map(({ id, title, as_table }) => ({ id, title, as_table })) },
      { onSuccess: onDone, onError: refused },
    )
  const isSound = name.trim() !== "" && cards.every(({ title }) => title.trim() !== "")
  return (
    <Panel
      title={t("board.edit")}
      extra={
        <Popconfirm
          title={t("board.deleteSure")}
          okText={t("board.delete")}
          onConfirm={() => remove.mutate(board.id, { onSuccess: () => void navigate("/insights/boards"), onError: refused })}
        >
          <Button size="small" danger icon={<DeleteOutlined />} loading={remove.isPending}>
            {t("board.delete")}
          </Button>
        </Popconfirm>
      }
    >
      <div className="stack">
        <label className="board-name">
          {t("board.name")}
          <Input maxLength={60} value={name} onChange={({ target }) => setName(target.value)} />
        </label>
        <label className="row">
          <Switch checked={shared} disabled={board.shared && !board.mine} onChange={setShared} />
          {t("board.share")}
          <span className="muted small">{t("board.sharedHelp")}</span>
        </label>
        {cards.length === 0 && <p className="muted">{t("board.noCards")}</p>}
        {cards.map((card, place) => (
          <div key={card.id} className="row board-line">
            <Input
              aria-label={t("board.cardTitle")}
              maxLength={60}
              value={card.title}
              onChange={({ target }) => change(card.id, { title: target.value })}
            />
            {canDraw(card.report) && (
              <label className="row small">
                <Switch size="small" checked={card.as_table} onChange={(as_table) => change(card.id, { as_table })} />
                {t("board.asTable")}
              </label>
            )}
            <Button size="small" type="text" icon={<ArrowUpOutlined />} aria-label={t("insight.earlierStep")} disabled={place === 0} onClick={() => setCards(moved(cards, place, -1))} />
            <Button size="small" type="text" icon={<ArrowDownOutlined />} aria-label={t("insight.laterStep")} disabled={place === cards.length - 1} onClick={() => setCards(moved(cards, place, 1))} />
            <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("board.removeCard")} onClick={() => setCards(cards.filter(({ id }) => id !== card.id))} />
          </div>
        ))}
        <div className="row">
          <Button type="primary" loading={edit.isPending} disabled={!isSound} onClick={save}>
            {t("action.save")}
          </Button>
          <Button onClick={onDone}>{t("action.cancel")}</Button>
        </div>
      </div>
    </Panel>
  )
}

export function moved<Item>(items: Item[], place: number, by: number): Item[] {
  const after = [...items]
  const [item] = after.splice(place, 1)
  if (item !== undefined) after.splice(place + by, 0, item)
  return after
}
