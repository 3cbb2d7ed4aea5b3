import { DeleteOutlined, PlusOutlined } from "@ant-design/icons"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Popconfirm, Skeleton, Table } from "antd"
import { useState } from "react"

import { answer, api } from "../../api/client"
import type { CustomFieldOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { LoadFailed } from "../../components/LoadFailed"
import { PageHeader } from "../../components/PageHeader"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { FieldDialog } from "./FieldDialog"

function useFields() {
  return useQuery({ queryKey: ["custom-fields"], queryFn: ({ signal }) => answer(api.GET("/api/custom-fields", { signal })) })
}

function useRemoveField() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (field_id: number) => answer(api.DELETE("/api/custom-fields/{field_id}", { params: { path: { field_id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["custom-fields"] }),
  })
}

export function CustomFieldPage() {
  const t = useT()
  const { data, error, refetch } = useFields()
  const remove = useRemoveField()
  const refused = useFormRefusal()
  const [open, setOpen] = useState<CustomFieldOut | "new">()
  const create = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen("new")}>
      {t("field.new")}
    </Button>
  )
  return (
    <>
      <PageHeader title={t("nav.customFields")} help={t("field.help")} actions={create} />
      {error && <LoadFailed error={error} what={t("nav.customFields")} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data?.items.length === 0 && (
        <div className="server-table-empty">
          <EmptyState title={t("field.none")} help={t("field.noneHelp")} action={create} />
        </div>
      )}
      {data && data.items.length > 0 && (
        <div className="server-table">
          <Table<CustomFieldOut>
            size="small"
            rowKey="id"
            pagination={false}
            scroll={{ x: 640 }}
            dataSource={data.items}
            columns={[
              { title: t("field.label"), dataIndex: "label", render: (label: string) => <strong>{readable(label)}</strong> },
              { title: t("field.key"), dataIndex: "key", render: (key: string) => <code className="small">{key}</code> },
              { title: t("field.kind"), dataIndex: "kind", render: (kind: string) => t.of("fieldKind", kind) },
              { title: t("field.options"), dataIndex: "options", ellipsis: true, render: (options: string[]) => options.map(readable).join("、") },
              {
                key: "actions",
                align: "right",
                render: (_, field) => (
                  <span className="row" style={{ justifyContent: "flex-end" }}>
                    <Button size="small" onClick={() => setOpen(field)}>
                      {t("action.edit")}
                    </Button>
                    <Popconfirm
                      title={t("field.remove")}
                      description={t("field.removeHelp")}
                      onConfirm={() => remove.mutateAsync(field.id).catch(refused)}
                    >
                      <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t("field.remove")} />
                    </Popconfirm>
                  </span>
                ),
              },
            ]}
          />
        </div>
      )}
      {open && <FieldDialog field={open === "new" ? null : open} onClose={() => setOpen(undefined)} />}
    </>
  )
}
