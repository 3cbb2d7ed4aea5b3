import { readable } from "./readable"

interface Row {
  id: number
  parent_id: number | null
  name: string
}

export interface DepartmentNode {
  value: number
  key: number
  title: string
  children: DepartmentNode[]
}

/** The tree out of its rows. A row whose parent is not among them (out of scope) stands at the top. */
export function departmentTree(rows: readonly Row[]): DepartmentNode[] {
  const nodes = new Map<number, DepartmentNode>(
    rows.map(({ id, name }) => [id, { value: id, key: id, title: readable(name) || `#${id}`, children: [] }]),
  )
  const top: DepartmentNode[] = []
  for (const { id, parent_id } of rows) {
    const node = nodes.get(id)
    if (!node) continue
    const parent = parent_id === null || parent_id === id ? undefined : nodes.get(parent_id)
    ;(parent?.children ?? top).push(node)
  }
  return top
}
