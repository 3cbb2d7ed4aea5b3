import { TreeSelect } from "antd"

import { useDepartments } from "../../api/directory"
import { departmentTree } from "../../lib/departmentTree"

interface Props {
  label: string
  value: number[]
  onChange: (ids: number[]) => void
}

/** Departments as the tree they are; choosing one includes those below it. */
export function DepartmentSelect({ label, value, onChange }: Props) {
  const { data, isPending } = useDepartments()
  return (
    <TreeSelect<number[]>
      aria-label={label}
      placeholder={label}
      allowClear
      multiple
      loading={isPending}
      value={value}
      onChange={onChange}
      treeData={departmentTree(data?.items ?? [])}
      showSearch={{ treeNodeFilterProp: "title" }}
      treeDefaultExpandAll
      style={{ width: "100%" }}
    />
  )
}
