import { Skeleton, Table } from "antd"
import { Link } from "react-router"

import { useDepartments } from "../../api/directory"
import type { DepartmentOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { LoadFailed } from "../../components/LoadFailed"
import { Name } from "../../components/Name"
import { useT } from "../../i18n"

type Node = DepartmentOut & { children?: Node[] }

function treeOf(rows: readonly DepartmentOut[]): Node[] {
  const nodes = new Map<number, Node>(rows.map((row) => [row.id, { ...row }]))
  const top: Node[] = []
  for (const node of nodes.values()) {
    const parent = node.parent_id === null ? undefined : nodes.get(node.parent_id)
    if (parent) parent.children = [...(parent.children ?? []), node]
    else top.push(node)
  }
  return top
}

export function DepartmentsTab() {
  const t = useT()
  const { data, error, refetch } = useDepartments()
  if (error) return <LoadFailed error={error} what={t("organization.departments")} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active paragraph={{ rows: 8 }} />
  if (data.items.length === 0) return <EmptyState title={t("organization.noDepartments")} help={t("organization.noMembersHelp")} />
  return (
    <div className="server-table">
      <Table<Node>
        size="small"
        rowKey="id"
        pagination={false}
        dataSource={treeOf(data.items)}
        expandable={{ defaultExpandAllRows: data.items.length < 200 }}
        columns={[
          {
            title: t("organization.department"),
            key: "name",
            render: (_, row) => <Name text={row.name} fallback={t("organization.withheld", { id: row.id })} />,
          },
          {
            title: t("organization.members"),
            dataIndex: "member_count",
            width: 120,
            align: "right",
            render: (count: number, row) => (
              <Link className="numeric" to={`/organization?tab=members&department=${row.id}`}>
                {count}
              </Link>
            ),
          },
        ]}
      />
    </div>
  )
}
