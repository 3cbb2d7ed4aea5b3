import { Select } from "antd"
import { useDeferredValue, useState } from "react"

import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useCodeChoice } from "./api"

interface Props {
  value?: number
  onChange?: (id: number | undefined) => void
  width?: number | string
}

/** A live code, asked from the server as one types. */
export function CodeSelect({ value, onChange, width = "100%" }: Props) {
  const t = useT()
  const [typed, setTyped] = useState("")
  const { data } = useCodeChoice(useDeferredValue(typed.trim()))
  return (
    <Select<number>
      allowClear
      aria-label={t("code.one")}
      placeholder={t("code.one")}
      value={value}
      onChange={(id?: number) => onChange?.(id)}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      options={(data?.items ?? []).map(({ id, name }) => ({ value: id, label: readable(name) }))}
      popupMatchSelectWidth={false}
      style={{ width }}
    />
  )
}
