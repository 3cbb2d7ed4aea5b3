import { Select } from "antd"

import { useTagGroups } from "../../api/directory"
import { readable } from "../../lib/readable"

interface Props {
  label: string
  value: number[]
  onChange: (ids: number[]) => void
  /** One tag only, as a filter takes it. */
  single?: boolean
  width?: number | string
  exclude?: readonly number[]
}

/** Tags by group, found by name. */
export function TagSelect({ label, value, onChange, single, width = "100%", exclude = [] }: Props) {
  const { data, isPending } = useTagGroups()
  const options = (data?.items ?? []).map((group) => ({
    label: readable(group.name),
    title: readable(group.name),
    options: group.tags
      .filter((tag) => !exclude.includes(tag.id))
      .map((tag) => ({ value: tag.id, label: readable(tag.name) })),
  }))
  const shared = {
    "aria-label": label,
    placeholder: label,
    allowClear: true,
    loading: isPending,
    options,
    style: { width },
    popupMatchSelectWidth: false as const,
    showSearch: { optionFilterProp: "label" },
  }
  if (single) return <Select<number> {...shared} value={value[0]} onChange={(id?: number) => onChange(id ? [id] : [])} />
  return <Select<number[]> {...shared} mode="multiple" value={value} onChange={onChange} maxTagCount="responsive" />
}
