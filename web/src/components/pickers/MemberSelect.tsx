import { Select } from "antd"
import { useDeferredValue, useState } from "react"

import { useMembers } from "../../api/directory"
import { PersonName } from "../PersonName"

interface Props {
  label: string
  value: number[]
  onChange: (ids: number[]) => void
  single?: boolean
  width?: number | string
  /** Names of those chosen before, who may not be among the first found. */
  known?: readonly { id: number; name: string }[]
}

/** Members, asked from the server as one types. */
export function MemberSelect({ label, value, onChange, single, width = "100%", known = [] }: Props) {
  const [typed, setTyped] = useState("")
  const { data, isFetching } = useMembers(useDeferredValue(typed.trim()))
  const found = data?.items ?? []
  const missing = known.filter((one) => value.includes(one.id) && !found.some(({ id }) => id === one.id))
  const options = [...missing.map((one) => ({ ...one, avatar: null, userid: "" })), ...found].map((member) => ({
    value: member.id,
    label: <PersonName id={member.id} name={member.name || member.userid} avatar={member.avatar} size={20} />,
  }))
  const shared = {
    "aria-label": label,
    placeholder: label,
    allowClear: true,
    loading: isFetching,
    options,
    style: { width },
    popupMatchSelectWidth: false as const,
    showSearch: { filterOption: false, onSearch: setTyped },
  }
  if (single) return <Select<number> {...shared} value={value[0]} onChange={(id?: number) => onChange(id ? [id] : [])} />
  return <Select<number[]> {...shared} mode="multiple" value={value} onChange={onChange} maxTagCount="responsive" />
}
