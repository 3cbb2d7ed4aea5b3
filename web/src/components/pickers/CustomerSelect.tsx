import { Select } from "antd"
import { type ReactNode, useDeferredValue, useState } from "react"

import { useCustomerChoice } from "../../api/directory"
import { useT } from "../../i18n"
import { PersonName } from "../PersonName"

interface Props {
  label: string
  value: number[]
  onChange: (ids: number[]) => void
  single?: boolean
  width?: number | string
  exclude?: readonly number[]
}

/** Customers, asked from the server as one types. */
export function CustomerSelect({ label, value, onChange, single, width = "100%", exclude = [] }: Props) {
  const t = useT()
  const [typed, setTyped] = useState("")
  const { data, isFetching } = useCustomerChoice(useDeferredValue(typed.trim()))
  const found = (data?.items ?? []).filter(({ id }) => !exclude.includes(id))
  const shared = {
    "aria-label": label,
    placeholder: label,
    allowClear: true,
    loading: isFetching,
    options: found.map((row) => ({
      value: row.id,
      label: (
        <PersonName
          id={row.id}
          name={row.name}
          avatar={row.avatar}
          detail={row.phone_masked}
          size={22}
          fallback={t("customer.numbered", { id: row.id })}
        />
      ),
    })),
    style: { width },
    popupMatchSelectWidth: false as const,
    showSearch: { filterOption: false, onSearch: setTyped },
    labelRender: ({ value: id, label: name }: { value?: number | string; label?: ReactNode }) =>
      name ?? t("customer.numbered", { id: id ?? "" }),
  }
  if (single) return <Select<number> {...shared} value={value[0]} onChange={(id?: number) => onChange(id ? [id] : [])} />
  return <Select<number[]> {...shared} mode="multiple" value={value} onChange={onChange} />
}
