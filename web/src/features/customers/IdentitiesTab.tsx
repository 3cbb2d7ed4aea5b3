import { Popconfirm, Button, Skeleton, Table } from "antd"

import type { CustomerProfile, IdentityOut, MergeOut } from "../../api/schema"
import { LoadFailed } from "../../components/LoadFailed"
import { Name } from "../../components/Name"
import { PersonName } from "../../components/PersonName"
import { StateTag } from "../../components/StateTag"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { useIdentities, useUnmerge } from "./api"

export function IdentitiesTab({ customer }: { customer: CustomerProfile }) {
  const t = useT()
  const { data, error, refetch } = useIdentities(customer.id)
  if (error) return <LoadFailed error={error} what={t("customer.identities")} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active />
  return (
    <div className="stack">
      <p className="muted small">{t("identity.help")}</p>
      <Table<IdentityOut>
        size="small"
        rowKey="id"
        pagination={false}
        scroll={{ x: 620 }}
        dataSource={data.items}
        columns={[
          { title: t("identity.kind"), dataIndex: "kind", width: 130, render: (kind: string) => t.of("identityKind", kind) },
          { title: t("identity.value"), dataIndex: "value", render: (value: string) => <Name text={value} width={240} /> },
          { title: t("identity.issuer"), dataIndex: "issuer", width: 130, ellipsis: true, render: (it: string) => readable(it) || "—" },
          { title: t("identity.source"), dataIndex: "source_label", width: 130, ellipsis: true, render: readable },
          { title: t("identity.since"), dataIndex: "since", width: 110, render: (at: string) => <TimeText at={at} /> },
          {
            title: t("identity.state"),
            key: "state",
            width: 100,
            render: (_, identity) => (
              <StateTag tone={identity.ended_at ? "quiet" : "good"}>
                {t(identity.ended_at ? "identity.ended" : "identity.live")}
              </StateTag>
            ),
          },
        ]}
      />
      {customer.merges.length > 0 && <Merges customer={customer} />}
    </div>
  )
}

function Merges({ customer }: { customer: CustomerProfile }) {
  const t = useT()
  const { may } = useViewer()
  const unmerge = useUnmerge(customer.id)
  const refused = useFormRefusal()
  return (
    <section className="stack">
      <h3>{t("merge.title")}</h3>
      <Table<MergeOut>
        size="small"
        rowKey="id"
        pagination={false}
        dataSource={customer.merges}
        columns={[
          { title: t("merge.other"), key: "other", render: (_, { left, right }) => <PersonName {...(right.id === customer.id ? left : right)} /> },
          { title: t("merge.reason"), dataIndex: "reason", render: (reason: string) => t.of("mergeReason", reason) },
          { title: t("merge.at"), dataIndex: "at", render: (at: string) => <TimeText at={at} /> },
          {
            key: "undo",
            align: "right",
            render: (_, merge) =>
              may("customers.merge") && (
                <Popconfirm
                  title={t("merge.undoTitle")}
                  description={t("merge.undoHelp")}
                  onConfirm={() => unmerge.mutateAsync(merge.id).catch(refused)}
                >
                  <Button size="small">{t("merge.undo")}</Button>
                </Popconfirm>
              ),
          },
        ]}
      />
    </section>
  )
}
