import { Table } from "antd"
import type { ReactNode } from "react"

import type { AnswerOut } from "../../api/schema"
import { Name } from "../../components/Name"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { Hint } from "./Hint"
import { formatValue, type Row, rowsOf } from "./table"

const NUMBERS = new Set(["count", "fen", "share", "number", "days", "seconds", "step"])

const ROW = "#" // no column is called so

interface Props {
  answer: AnswerOut
  currency: string
  label: string
  /** What stands in a cell instead of its plain value. */
  cells?: Record<string, (row: Row) => ReactNode>
  hidden?: string[]
  onOpen?: (row: Row) => void
  pageSize?: number
}

/** An answer as a table: numbers to the right, codes by their names, a question mark at what needs words. */
export function AnswerTable({ answer, currency, label, cells = {}, hidden = [], onOpen, pageSize = 15 }: Props) {
  const t = useT()
  const rows = rowsOf(answer).map((row, place) => ({ ...row, [ROW]: place }))
  const shown = answer.columns.filter(({ key }) => !hidden.includes(key))
  return (
    <Table<Row>
      size="small"
      aria-label={label}
      rowKey={ROW}
      dataSource={rows}
      scroll={{ x: shown.length * 104 }}
      pagination={{ pageSize, size: "small", showSizeChanger: false, hideOnSinglePage: true }}
      rowClassName={onOpen ? "server-table-open" : ""}
      onRow={onOpen && ((row) => ({ onClick: () => onOpen(row), tabIndex: 0, onKeyDown: (event) => event.key === "Enter" && onOpen(row) }))}
      columns={shown.map(({ key, name, kind, definition, labels }) => ({
        key,
        title: (
          <span className="insight-head">
            {name}
            {definition && <Hint figure={definition} />}
          </span>
        ),
        align: NUMBERS.has(kind) ? ("right" as const) : undefined,
        className: NUMBERS.has(kind) ? "numeric" : undefined,
        sorter: (a: Row, b: Row) => compare(a[key], b[key]),
        render: (_: unknown, row: Row) => {
          const cell = cells[key]
          if (cell) return cell(row)
          const value = row[key]
          const text = labels[String(value)]
          if (text !== undefined) return <Name text={readable(text)} width={200} />
          if (kind === "text" && typeof value === "string") return <Name text={readable(value)} width={220} />
          return formatValue(kind, value, currency, t.language) ?? "—"
        },
      }))}
    />
  )
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b
  if (a == null || b == null) return a == null ? (b == null ? 0 : -1) : 1
  return String(a).localeCompare(String(b))
}
