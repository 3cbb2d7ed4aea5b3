import { Select } from "antd"

import { useStores } from "../../api/directory"
import { readable } from "../../lib/readable"

interface Shared {
  label: string
  width?: number | string
}

function useStoreOptions({ label, width = "100%" }: Shared) {
  const { data, isPending } = useStores()
  return {
    "aria-label": label,
    placeholder: label,
    allowClear: true,
    loading: isPending,
    options: (data?.items ?? []).map((store) => ({ value: store.id, label: readable(store.name) })),
    showSearch: { optionFilterProp: "label" },
    popupMatchSelectWidth: false as const,
    style: { width },
  }
}

export function StoreSelect(props: Shared & { value: number | undefined; onChange: (id: number | undefined) => void }) {
  const { value, onChange } = props
  return <Select<number> {...useStoreOptions(props)} value={value} onChange={(id?: number) => onChange(id)} />
}

export function StoresSelect(props: Shared & { value: number[]; onChange: (ids: number[]) => void }) {
  const { value, onChange } = props
  return <Select<number[]> {...useStoreOptions(props)} mode="multiple" value={value} onChange={onChange} />
}
