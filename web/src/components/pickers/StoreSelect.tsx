import { Select } from "antd"

import { useStores } from "../../api/directory"
import { readable } from "../../lib/readable"

interface Props {
  label: string
  value: number | undefined
  onChange: (id: number | undefined) => void
  width?: number | string
}

export function StoreSelect({ label, value, onChange, width = "100%" }: Props) {
  const { data, isPending } = useStores()
  return (
    <Select<number>
      aria-label={label}
      placeholder={label}
      allowClear
      loading={isPending}
      value={value}
      onChange={(id?: number) => onChange(id)}
      options={(data?.items ?? []).map((store) => ({ value: store.id, label: readable(store.name) }))}
      showSearch={{ optionFilterProp: "label" }}
      popupMatchSelectWidth={false}
      style={{ width }}
    />
  )
}
