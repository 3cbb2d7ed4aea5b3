import { DeleteOutlined } from "@ant-design/icons"
import { Button, Input, Popconfirm, Skeleton, Space, Table, Typography } from "antd"
import { useState } from "react"

import type { BrandOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { LoadFailed } from "../../components/LoadFailed"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useBrands, useDeleteBrand, useSaveBrand } from "./api"

export function BrandsTab() {
  const t = useT()
  const { may } = useViewer()
  const { data, error, refetch } = useBrands()
  const save = useSaveBrand()
  const remove = useDeleteBrand()
  const refused = useFormRefusal()
  const editable = may("organization.edit")

  if (error) return <LoadFailed error={error} what={t("organization.brands")} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active />
  return (
    <div className="stack" style={{ maxWidth: 640 }}>
      {editable && <NewBrand />}
      <div className="server-table">
        <Table<BrandOut>
          size="small"
          rowKey="id"
          pagination={false}
          dataSource={data.items}
          locale={{ emptyText: <EmptyState compact title={t("brand.none")} /> }}
          columns={[
            {
              title: t("brand.name"),
              key: "name",
              render: (_, brand) => (
                <Typography.Text
                  editable={
                    editable && {
                      maxLength: 200,
                      triggerType: ["icon", "text"],
                      onChange: (name) => {
                        if (name.trim() && name !== brand.name) save.mutate({ id: brand.id, name }, { onError: refused })
                      },
                    }
                  }
                >
                  {readable(brand.name)}
                </Typography.Text>
              ),
            },
            { title: t("organization.stores"), dataIndex: "store_count", width: 80, align: "right", className: "numeric" },
            {
              key: "remove",
              width: 60,
              align: "right",
              render: (_, brand) =>
                editable && (
                  <Popconfirm title={t("brand.remove")} onConfirm={() => remove.mutateAsync(brand.id).catch(refused)}>
                    <Button type="text" danger size="small" icon={<DeleteOutlined />} aria-label={t("brand.remove")} />
                  </Popconfirm>
                ),
            },
          ]}
        />
      </div>
    </div>
  )
}

function NewBrand() {
  const t = useT()
  const [name, setName] = useState("")
  const save = useSaveBrand()
  const refused = useFormRefusal()
  const add = () =>
    name.trim() && save.mutate({ id: null, name: name.trim() }, { onSuccess: () => setName(""), onError: refused })
  return (
    <Space.Compact style={{ maxWidth: 360 }}>
      <Input
        aria-label={t("brand.name")}
        placeholder={t("brand.name")}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={add}
      />
      <Button type="primary" onClick={add} loading={save.isPending} disabled={!name.trim()}>
        {t("action.add")}
      </Button>
    </Space.Compact>
  )
}
