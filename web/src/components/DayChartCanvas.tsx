import { BarChart, LineChart } from "echarts/charts"
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components"
import * as echarts from "echarts/core"
import { SVGRenderer } from "echarts/renderers"
import { useEffect, useRef } from "react"

import { useAppearance } from "../theme/AppearanceProvider"
import type { Appearance } from "../theme/tokens"

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

export interface Series {
  name: string
  values: number[]
  kind: "line" | "bar"
  color: "teal" | "blue" | "coral" | "gold"
  /** Drawn downwards, as losses are. */
  negative?: boolean
}

const colors: Record<Appearance, Record<Series["color"], string>> = {
  light: { teal: "#11988f", blue: "#2f7fb8", coral: "#dd6b62", gold: "#d99a37" },
  dark: { teal: "#37c0b5", blue: "#5aa9dd", coral: "#ea8a82", gold: "#e5b05a" },
}

function optionFor(days: string[], series: Series[], appearance: Appearance): echarts.EChartsCoreOption {
  const isDark = appearance === "dark"
  const ink = isDark ? "#8fa5ae" : "#63767f"
  const line = isDark ? "#1d323e" : "#e7eef0"
  return {
    animationDuration: 300,
    grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 8, icon: "roundRect", textStyle: { color: ink } },
    tooltip: {
      trigger: "axis",
      backgroundColor: isDark ? "#152833" : "#ffffff",
      borderColor: line,
      textStyle: { color: isDark ? "#e4eef0" : "#10242f", fontSize: 12 },
      valueFormatter: (value: unknown) => Math.abs(Number(value)).toLocaleString("en-US"),
    },
    xAxis: {
      type: "category",
      data: days.map((day) => day.slice(5)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: { color: ink, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      splitLine: { lineStyle: { color: line } },
      axisLabel: { color: ink, formatter: (value: number) => Math.abs(value).toLocaleString("en-US") },
    },
    series: series.map(({ name, values, kind, color, negative }) => ({
      name,
      type: kind,
      data: negative ? values.map((value) => -value) : values,
      stack: kind === "bar" ? "bars" : undefined,
      smooth: 0.25,
      showSymbol: days.length < 3,
      barMaxWidth: 18,
      lineStyle: { width: 2.5 },
      areaStyle: kind === "line" ? { opacity: 0.1 } : undefined,
      itemStyle: { color: colors[appearance][color], borderRadius: 3 },
    })),
  }
}

export function DayChartCanvas({ days, series, height }: { days: string[]; series: Series[]; height: number }) {
  const { appearance } = useAppearance()
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<echarts.ECharts>(undefined)

  useEffect(() => {
    const element = place.current
    if (!element) return
    chart.current = echarts.init(element, null, { renderer: "svg" })
    const follow = new ResizeObserver(() => chart.current?.resize())
    follow.observe(element)
    return () => {
      follow.disconnect()
      chart.current?.dispose()
    }
  }, [])

  useEffect(() => {
    chart.current?.setOption(optionFor(days, series, appearance), { notMerge: true })
  }, [days, series, appearance])

  return <div ref={place} style={{ height, width: "100%" }} />
}
