import { DownloadOutlined } from "@ant-design/icons"
import { Button, Skeleton } from "antd"
import { lazy, Suspense, useRef } from "react"

import { useT } from "../i18n"
import type { Drawing } from "./ChartCanvas"

const Canvas = lazy(async () => ({ default: (await import("./ChartCanvas")).ChartCanvas }))

interface Props {
  drawing: Drawing
  /** What the chart shows, for those who listen; also the picture's file name. */
  label: string
  height?: number
  /** Called with the row (and column, or series) somebody clicked. */
  onPick?: (place: Picked) => void
}

export interface Picked {
  index: number
  series: number
}

/** A drawing, fetched with its library when the first one is wanted, which can be kept as a picture. */
export function Chart({ drawing, label, height = 280, onPick }: Props) {
  const t = useT()
  const place = useRef<HTMLDivElement>(null)
  return (
    <figure className="chart" role="img" aria-label={label}>
      <Button
        className="chart-save"
        size="small"
        type="text"
        icon={<DownloadOutlined />}
        aria-label={t("chart.save")}
        title={t("chart.save")}
        onClick={() => void savePicture(place.current, label)}
      />
      <div ref={place} style={{ height }}>
        <Suspense fallback={<Skeleton.Node active style={{ width: "100%", height }} />}>
          <Canvas drawing={drawing} height={height} onPick={onPick} />
        </Suspense>
      </div>
    </figure>
  )
}

/** Draws the chart's SVG on a canvas at twice its size and hands it over as a PNG. */
async function savePicture(place: HTMLDivElement | null, name: string) {
  const svg = place?.querySelector("svg")
  if (!svg) return
  const { width, height } = svg.getBoundingClientRect()
  const copy = svg.cloneNode(true) as SVGSVGElement
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg")
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
  await image.decode()
  const canvas = document.createElement("canvas")
  canvas.width = width * 2
  canvas.height = height * 2
  const pen = canvas.getContext("2d")
  if (!pen) return
  pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--surface") || "#ffffff"
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(image, 0, 0, canvas.width, canvas.height)
  const link = document.createElement("a")
  link.href = canvas.toDataURL("image/png")
  link.download = `${name}.png`
  link.click()
}
