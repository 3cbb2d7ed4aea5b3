import { SearchOutlined } from "@ant-design/icons"
import { Button, Input, Select } from "antd"
import { type ReactNode, useEffect, useRef, useState } from "react"

import { useT } from "../i18n"
import "./FilterBar.css"

interface BarProps {
  children: ReactNode
  active: number
  onClear: () => void
  end?: ReactNode
}

export function FilterBar({ children, active, onClear, end }: BarProps) {
  const t = useT()
  return (
    <div className="filter-bar" role="search">
      {children}
      {active > 0 && (
        <Button type="link" size="small" onClick={onClear}>
          {t("filter.clear")}
        </Button>
      )}
      {end && <div className="row end">{end}</div>}
    </div>
  )
}

const PAUSE = 300 // milliseconds without a key before the server is asked

/** The page's own search field: "/" leads here, Enter asks at once, Escape empties it. */
export function SearchField(props: { value: string | undefined; placeholder: string; onChange: (value?: string) => void }) {
  const { value, placeholder, onChange } = props
  const [draft, setDraft] = useState({ of: value, text: value ?? "" })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // the address changed by other means (back, clear): follow it
  if (draft.of !== value) setDraft({ of: value, text: value ?? "" })

  useEffect(() => () => clearTimeout(timer.current), [])

  const ask = (text: string) => {
    clearTimeout(timer.current)
    const wanted = text.trim() || undefined
    if (wanted !== value) onChange(wanted)
  }
  return (
    <span data-page-search="" className="filter-search">
      <Input
        allowClear
        prefix={<SearchOutlined className="muted" />}
        placeholder={placeholder}
        aria-label={placeholder}
        maxLength={100}
        value={draft.text}
        onChange={(event) => {
          const text = event.target.value
          setDraft({ of: value, text })
          clearTimeout(timer.current)
          timer.current = setTimeout(() => ask(text), PAUSE)
        }}
        onPressEnter={(event) => !event.nativeEvent.isComposing && ask(draft.text)}
        onKeyDown={(event) => event.key === "Escape" && ask("")}
      />
    </span>
  )
}

interface ChoiceProps {
  label: string
  value: string | undefined
  options: { value: string; label: ReactNode }[]
  onChange: (value?: string) => void
  width?: number
}

export function ChoiceFilter({ label, value, options, onChange, width = 130 }: ChoiceProps) {
  return (
    <Select
      allowClear
      aria-label={label}
      placeholder={label}
      value={value}
      options={options}
      onChange={(next?: string) => onChange(next)}
      style={{ width }}
      popupMatchSelectWidth={false}
    />
  )
}
