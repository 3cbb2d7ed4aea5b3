import { Skeleton } from "antd"
import { lazy, Suspense } from "react"

import type { Series } from "./DayChartCanvas"

const Canvas = lazy(async () => ({ default: (await import("./DayChartCanvas")).DayChartCanvas }))

interface Props {
  days: string[]
  series: Series[]
  label: string
  height?: number
}

/** Figures by day. The drawing library is fetched when the first chart is wanted; the table is for those who listen. */
export function DayChart({ days, series, label, height = 240 }: Props) {
  return (
    <figure style={{ margin: 0 }} aria-label={label}>
      <div aria-hidden="true" style={{ height }}>
        <Suspense fallback={<Skeleton.Node active style={{ width: "100%", height }} />}>
          <Canvas days={days} series={series} height={height} />
        </Suspense>
      </div>
      <table className="visually-hidden">
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col" />
            {series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((day, index) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              {series.map(({ name, values }) => (
                <td key={name}>{values[index]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}
