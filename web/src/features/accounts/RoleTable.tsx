import { CheckOutlined } from "@ant-design/icons"
import { Skeleton, Table, Tooltip } from "antd"

import { LoadFailed } from "../../components/LoadFailed"
import { useT } from "../../i18n"
import { useRoles } from "./api"

/** Which role may do what: a row for each permission, a column for each role. */
export function RoleTable() {
  const t = useT()
  const { data, error, refetch } = useRoles()
  if (error) return <LoadFailed error={error} what={t("accounts.roles")} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active />
  return (
    <div className="server-table">
      <Table<{ name: string; label: string }>
        size="small"
        rowKey="name"
        pagination={false}
        scroll={{ x: 760 }}
        dataSource={data.permissions}
        columns={[
          { title: t("accounts.permission"), dataIndex: "label", fixed: "left", width: 200 },
          ...data.roles.map((role) => ({
            title: <Tooltip title={role.purpose}>{role.label}</Tooltip>,
            key: role.name,
            align: "center" as const,
            render: (_: unknown, permission: { name: string }) =>
              role.permissions.includes(permission.name) ? (
                <CheckOutlined style={{ color: "var(--good)" }} aria-label={t("common.yes")} />
              ) : (
                <span className="muted" aria-label={t("common.no")}>
                  ·
                </span>
              ),
          })),
        ]}
      />
    </div>
  )
}
