import { BarChart, HeatmapChart, LineChart, SankeyChart } from "echarts/charts"
import { GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent, VisualMapComponent } from "echarts/components"
import * as echarts from "echarts/core"
import { SVGRenderer } from "echarts/renderers"
import { useEffect, useRef } from "react"

import { useAppearance } from "../theme/AppearanceProvider"
import type { Appearance } from "../theme/tokens"
import type { Picked } from "./Chart"

echarts.use([
  BarChart, HeatmapChart, LineChart, SankeyChart, GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent,
  VisualMapComponent, SVGRenderer,
])

export type Hue = "teal" | "blue" | "coral" | "gold" | "violet" | "grey"
type Format = (value: number) => string

export interface Stroke {
  name: string
  values: (number | null)[]
  kind: "line" | "bar"
  hue: Hue
  /** Bars of one stack stand upon each other. */
  stack?: string
  dashed?: boolean
  /** On an axis of its own at the right, from 0 to 1. */
  share?: boolean
}

export interface Band {
  from: number
  to: number
  name: string
}

export type Drawing =
  | { kind: "strokes"; labels: string[]; strokes: Stroke[]; format: Format; lying?: boolean; bands?: Band[] }
  | { kind: "heat"; columns: string[]; rows: string[]; cells: [number, number, number][]; format: Format; tell: (column: number, row: number) => string }
  | { kind: "flow"; links: { from: string; to: string; value: number }[]; format: Format; names: Record<string, string> }

const hues: Record<Appearance, Record<Hue, string>> = {
  light: { teal: "#11988f", blue: "#2f7fb8", coral: "#dd6b62", gold: "#d99a37", violet: "#7d6bb8", grey: "#a9b8be" },
  dark: { teal: "#37c0b5", blue: "#5aa9dd", coral: "#ea8a82", gold: "#e5b05a", violet: "#a394dd", grey: "#5f7581" },
}

interface Look {
  ink: string
  line: string
  tooltip: Record<string, unknown>
  hues: Record<Hue, string>
  ground: string
}

function lookOf(appearance: Appearance): Look {
  const isDark = appearance === "dark"
  const line = isDark ? "#1d323e" : "#e7eef0"
  return {
    ink: isDark ? "#9fb3bc" : "#5c707a",
    line,
    hues: hues[appearance],
    ground: isDark ? "#12303a" : "#eef7f6",
    tooltip: {
      backgroundColor: isDark ? "#152833" : "#ffffff",
      borderColor: line,
      textStyle: { color: isDark ? "#e4eef0" : "#10242f", fontSize: 12 },
      confine: true,
    },
  }
}

function optionFor(drawing: Drawing, look: Look): echarts.EChartsCoreOption {
  switch (drawing.kind) {
    case "strokes":
      return strokes(drawing, look)
    case "heat":
      return heat(drawing, look)
    case "flow":
      return flow(drawing, look)
  }
}

function axisLook(look: Look) {
  return {
    axisTick: { show: false },
    axisLine: { lineStyle: { color: look.line } },
    axisLabel: { color: look.ink, hideOverlap: true, fontSize: 11 },
    splitLine: { lineStyle: { color: look.line } },
  }
}

function strokes(drawing: Extract<Drawing, { kind: "strokes" }>, look: Look): echarts.EChartsCoreOption {
  const { labels, format, lying } = drawing
  const percent = (value: number) => `${Math.round(value * 100)}%`
  const categories = { type: "category", data: labels, inverse: Boolean(lying), ...axisLook(look) }
  const values = {
    type: "value",
    ...axisLook(look),
    axisLine: { show: false },
    axisLabel: { color: look.ink, fontSize: 11, hideOverlap: true, formatter: format },
  }
  const shares = { ...values, min: 0, max: 1, splitLine: { show: false }, axisLabel: { ...values.axisLabel, formatter: percent } }
  const hasShare = drawing.strokes.some(({ share }) => share)
  return {
    animationDuration: 250,
    grid: { left: 4, right: lying ? 40 : 8, top: drawing.strokes.length > 1 ? 34 : 14, bottom: 4, containLabel: true },
    legend: {
      show: drawing.strokes.length > 1,
      type: "scroll",
      top: 0,
      left: 0,
      right: 40,
      itemWidth: 14,
      itemHeight: 8,
      icon: "roundRect",
      textStyle: { color: look.ink },
      pageTextStyle: { color: look.ink },
    },
    tooltip: { trigger: "axis", ...look.tooltip, valueFormatter: (value: unknown) => (value == null ? "—" : format(Number(value))) },
    xAxis: lying ? values : categories,
    yAxis: lying ? categories : hasShare ? [values, shares] : values,
    series: drawing.strokes.map((stroke) => ({
      name: stroke.name,
      type: stroke.kind,
      data: stroke.values,
      stack: stroke.stack,
      smooth: 0.2,
      yAxisIndex: stroke.share ? 1 : 0,
      showSymbol: labels.length < 3,
      barMaxWidth: lying ? 22 : 26,
      lineStyle: { width: 2.2, type: stroke.dashed ? "dashed" : "solid" },
      itemStyle: { color: look.hues[stroke.hue], borderRadius: stroke.stack ? 0 : 3 },
      label: lying ? { show: true, position: "right", color: look.ink, fontSize: 11, formatter: ({ value }: { value: number }) => format(value) } : undefined,
      tooltip: stroke.share ? { valueFormatter: (value: unknown) => (value == null ? "—" : percent(Number(value))) } : undefined,
      markArea: stroke.share && drawing.bands ? bandArea(drawing.bands, look) : undefined,
    })),
  }
}

function bandArea(bands: Band[], look: Look) {
  return {
    silent: true,
    itemStyle: { color: look.ground, opacity: 0.75 },
    label: { color: look.ink, fontSize: 10, position: "insideTopRight" },
    data: bands.map(({ from, to, name }) => [{ name, yAxis: from }, { yAxis: to }]),
  }
}

function heat(drawing: Extract<Drawing, { kind: "heat" }>, look: Look): echarts.EChartsCoreOption {
  const most = Math.max(...drawing.cells.map(([, , value]) => value), 0.0001)
  return {
    animationDuration: 200,
    grid: { left: 4, right: 4, top: 4, bottom: 4, containLabel: true },
    tooltip: {
      ...look.tooltip,
      formatter: ({ value }: { value: [number, number, number] }) => drawing.tell(value[0], value[1]),
    },
    visualMap: {
      show: false,
      min: 0,
      max: most,
      inRange: { color: look.line === "#1d323e" ? ["#12252f", "#155e63", "#2bb5ab"] : ["#eef7f6", "#8fd0ca", "#0c8a8a"] },
    },
    xAxis: { type: "category", data: drawing.columns, position: "top", ...axisLook(look), splitLine: { show: false } },
    yAxis: { type: "category", data: drawing.rows, inverse: true, ...axisLook(look), splitLine: { show: false } },
    series: [
      {
        type: "heatmap",
        data: drawing.cells,
        itemStyle: { borderColor: look.line, borderWidth: 1 },
        label: {
          show: drawing.columns.length <= 26,
          fontSize: 11,
          color: look.line === "#1d323e" ? "#e4eef0" : "#10242f",
          formatter: ({ value }: { value: [number, number, number] }) => drawing.format(value[2]),
        },
      },
    ],
  }
}

function flow(drawing: Extract<Drawing, { kind: "flow" }>, look: Look): echarts.EChartsCoreOption {
  const ids = [...new Set(drawing.links.flatMap(({ from, to }) => [from, to]))]
  const palette = [look.hues.teal, look.hues.blue, look.hues.gold, look.hues.coral, look.hues.violet, look.hues.grey]
  const words = [...new Set(ids.map((id) => drawing.names[id] ?? id))]
  return {
    animationDuration: 250,
    tooltip: { ...look.tooltip, valueFormatter: (value: unknown) => drawing.format(Number(value)) },
    series: [
      {
        type: "sankey",
        left: 4,
        right: 110,
        top: 8,
        bottom: 8,
        nodeGap: 10,
        nodeWidth: 12,
        emphasis: { focus: "adjacency" },
        lineStyle: { color: "source", opacity: 0.25 },
        label: { color: look.ink, fontSize: 11, width: 104, overflow: "truncate", formatter: ({ name }: { name: string }) => drawing.names[name] ?? name },
        data: ids.map((id) => ({ name: id, itemStyle: { color: palette[words.indexOf(drawing.names[id] ?? id) % palette.length] } })),
        links: drawing.links.map(({ from, to, value }) => ({ source: from, target: to, value })),
      },
    ],
  }
}

interface Props {
  drawing: Drawing
  height: number
  onPick?: (place: Picked) => void
}

export function ChartCanvas({ drawing, height, onPick }: Props) {
  const { appearance } = useAppearance()
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<echarts.ECharts>(undefined)
  const pick = useRef(onPick)

  useEffect(() => {
    pick.current = onPick
  }, [onPick])

  useEffect(() => {
    const element = place.current
    if (!element) return
    const made = echarts.init(element, null, { renderer: "svg" })
    chart.current = made
    made.on("click", ({ dataIndex, seriesIndex }) => pick.current?.({ index: dataIndex, series: seriesIndex ?? 0 }))
    const follow = new ResizeObserver(() => made.resize())
    follow.observe(element)
    return () => {
      follow.disconnect()
      made.dispose()
    }
  }, [])

  useEffect(() => {
    chart.current?.setOption(optionFor(drawing, lookOf(appearance)), { notMerge: true })
  }, [drawing, appearance])

  return <div ref={place} style={{ height, width: "100%", cursor: onPick ? "pointer" : undefined }} />
}
