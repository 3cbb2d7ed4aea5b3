import type { AnswerOut } from "../../api/schema"
import { formatCount, formatMoney } from "../../lib/money"

/** A row of an answer by the keys of its columns. */
export type Row = Record<string, unknown>

export function rowsOf(answer: AnswerOut | null | undefined): Row[] {
  if (!answer) return []
  return answer.rows.map((row) => Object.fromEntries(answer.columns.map(({ key }, place) => [key, row[place]])))
}

export const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0)
export const numberOrNull = (value: unknown): number | null => (typeof value === "number" ? value : null)
export const textOf = (value: unknown): string => (value == null ? "" : String(value))

export function labelOf(answer: AnswerOut, column: string, value: unknown): string {
  const text = textOf(value)
  return answer.columns.find(({ key }) => key === column)?.labels[text] ?? text
}

/** A figure as people read it; null where there is none. */
export function formatValue(kind: string, value: unknown, currency: string, language: "zh" | "en"): string | null {
  if (value == null) return null
  if (typeof value !== "number") return String(value)
  switch (kind) {
    case "fen":
      // beyond ten thousand nobody reads the fen
      return Math.abs(value) < 1_000_000 ? formatMoney(value, currency, language) : wholeMoney(value, currency, language)
    case "share":
      return `${(value * 100).toFixed(1)}%`
    case "seconds":
      return formatDuration(value, language)
    case "number":
    case "lift":
      return value.toLocaleString("en-US", { maximumFractionDigits: 2 })
    default:
      return formatCount(Math.round(value * 100) / 100)
  }
}

function wholeMoney(fen: number, currency: string, language: "zh" | "en"): string {
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB", {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    maximumFractionDigits: 0,
  }).format(fen / 100)
}

/** The first day of a step, as short as its kind allows. */
export function shortDay(day: unknown, grain: string): string {
  return grain === "month" ? textOf(day).slice(0, 7) : textOf(day).slice(5)
}

const steps = [
  [86_400, "天", " d"],
  [3_600, "小时", " h"],
  [60, "分钟", " min"],
] as const

export function formatDuration(seconds: number, language: "zh" | "en"): string {
  for (const [size, zh, en] of steps) {
    if (seconds >= size) return `${(seconds / size).toFixed(1).replace(/\.0$/, "")}${language === "zh" ? zh : en}`
  }
  return `${Math.round(seconds)}${language === "zh" ? "秒" : " s"}`
}

/** Money short enough for an axis: ¥12.3k, ¥1.2M; 万 and 亿 in Chinese. */
export function shortMoney(fen: number, language: "zh" | "en"): string {
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB", {
    notation: "compact",
    maximumFractionDigits: 1,
  }).format(fen / 100)
}

/** How much a figure moved against the one before, as a share; null where there is nothing to compare with. */
export function changeOf(value: number | null, before: number | null): number | null {
  if (value == null || before == null || before === 0) return null
  return (value - before) / Math.abs(before)
}
