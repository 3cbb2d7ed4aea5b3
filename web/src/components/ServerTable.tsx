import { LeftOutlined, RightOutlined } from "@ant-design/icons"
import { Button, Table, type TableProps } from "antd"
import type { ColumnType } from "antd/es/table"
import { type KeyboardEvent, type ReactNode, useState } from "react"

import { useT } from "../i18n"
import { formatCount } from "../lib/money"
import type { Pager } from "../lib/usePager"
import { LoadFailed } from "./LoadFailed"

export type Column<Row> = ColumnType<Row>

/** What every list answers with. */
export interface Page<Row> {
  items: Row[]
  next: string | null
  total: { count: number; exact: boolean }
}

interface Query<Row> {
  data: Page<Row> | undefined
  error: unknown
  isPending: boolean
  isPlaceholderData: boolean
  refetch(): unknown
}

interface Props<Row> {
  query: Query<Row>
  pager: Pager
  columns: Column<Row>[]
  rowKey: keyof Row & string
  label: string
  empty: ReactNode
  onOpen?: (row: Row) => void
  rowSelection?: TableProps<Row>["rowSelection"]
  expandable?: TableProps<Row>["expandable"]
  /** The narrowest the table gets before it scrolls sideways, in pixels. */
  minWidth?: number
  toolbar?: ReactNode
}

const PLACEHOLDERS = Array.from({ length: 10 }, (_, index) => index)

function rowOf(event: KeyboardEvent<HTMLElement>): HTMLElement | null {
  return event.target === event.currentTarget ? event.currentTarget : null
}

function beside(row: HTMLElement, step: "nextElementSibling" | "previousElementSibling"): HTMLElement | null {
  let found = row[step]
  while (found && !found.classList.contains("server-table-row")) found = found[step]
  return found as HTMLElement | null
}

/**
 * A page of a list the server holds. Arrows walk the rows, Enter opens one, left and right turn the page; the old page
 * stays, dimmed, until the new one is there.
 */
export function ServerTable<Row extends object>(props: Props<Row>) {
  const { query, pager, columns, rowKey, label, empty, onOpen, minWidth = 800 } = props
  const t = useT()
  const [active, setActive] = useState(0)
  const page = query.data

  if (query.error && !page) return <LoadFailed error={query.error} what={label} onRetry={() => query.refetch()} />
  if (query.isPending) return <Waiting columns={columns} minWidth={minWidth} />
  if (!page || (page.items.length === 0 && pager.depth === 0)) return <div className="server-table-empty">{empty}</div>

  const press = (event: KeyboardEvent<HTMLElement>, row: Row) => {
    const line = rowOf(event)
    if (!line) return
    const target = {
      ArrowDown: () => beside(line, "nextElementSibling")?.focus(),
      ArrowUp: () => beside(line, "previousElementSibling")?.focus(),
      ArrowRight: () => page.next && pager.next(page.next),
      ArrowLeft: () => pager.depth > 0 && pager.previous(),
      Enter: () => onOpen?.(row),
    }[event.key]
    if (!target) return
    event.preventDefault()
    target()
  }
  return (
    <div className="server-table" data-stale={query.isPlaceholderData || undefined}>
      {props.toolbar}
      <Table<Row>
        size="small"
        aria-label={label}
        rowKey={rowKey}
        columns={columns}
        dataSource={page.items}
        pagination={false}
        scroll={{ x: minWidth }}
        rowSelection={props.rowSelection}
        expandable={props.expandable}
        rowClassName={onOpen ? "server-table-row server-table-open" : "server-table-row"}
        onRow={(row, index) => ({
          tabIndex: index === Math.min(active, page.items.length - 1) ? 0 : -1,
          onFocus: () => setActive(index ?? 0),
          onKeyDown: (event) => press(event, row),
          onClick: (event) => {
            const control = (event.target as HTMLElement).closest("a, button, input, label, .ant-table-selection-column")
            if (!control && !window.getSelection()?.toString()) onOpen?.(row)
          },
        })}
      />
      <footer className="server-table-foot">
        <span className="muted numeric">
          {t("table.total", { count: formatCount(page.total.count, page.total.exact) })}
        </span>
        <span className="row">
          <Button
            size="small"
            icon={<LeftOutlined />}
            disabled={pager.depth === 0}
            onClick={pager.previous}
            aria-label={t("table.previous")}
          />
          <span className="muted small numeric">{t("table.page", { page: pager.depth + 1 })}</span>
          <Button
            size="small"
            icon={<RightOutlined />}
            disabled={!page.next}
            onClick={() => page.next && pager.next(page.next)}
            aria-label={t("table.next")}
          />
        </span>
      </footer>
    </div>
  )
}

function Waiting<Row extends object>({ columns, minWidth }: { columns: Column<Row>[]; minWidth: number }) {
  const bars = columns.map((column, index) => ({
    ...column,
    key: column.key ?? index,
    render: () => <span className="bar-skeleton" />,
  }))
  return (
    <div className="server-table" aria-busy="true">
      <Table<{ id: number }>
        size="small"
        rowKey="id"
        columns={bars as Column<{ id: number }>[]}
        dataSource={PLACEHOLDERS.map((id) => ({ id }))}
        pagination={false}
        scroll={{ x: minWidth }}
      />
    </div>
  )
}
