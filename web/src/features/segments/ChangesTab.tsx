import { Link } from "react-router"

import type { ChangeOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { PersonName } from "../../components/PersonName"
import { type Column, ServerTable } from "../../components/ServerTable"
import { StateTag } from "../../components/StateTag"
import { TimeText } from "../../components/TimeText"
import { useT } from "../../i18n"
import { usePager } from "../../lib/usePager"
import { useChanges } from "./api"

/** Who entered and who left, and because of what. */
export function ChangesTab({ id }: { id: number }) {
  const t = useT()
  const pager = usePager()
  const columns: Column<ChangeOut>[] = [
    {
      title: t("customer.name"),
      key: "customer",
      render: (_, { customer }) => (
        <Link to={`/customers/${customer.id}`}>
          <PersonName {...customer} fallback={t("customer.numbered", { id: customer.id })} />
        </Link>
      ),
    },
    {
      title: t("seg.change"),
      key: "entered",
      width: 100,
      render: (_, { entered }) => (
        <StateTag tone={entered ? "good" : "bad"}>{t(entered ? "seg.entered" : "seg.left")}</StateTag>
      ),
    },
    {
      title: t("seg.because"),
      key: "because",
      width: 200,
      render: (_, row) => row.event ?? t.of("segBecause", row.because),
    },
    { title: t("seg.at"), key: "at", width: 130, render: (_, { at }) => <TimeText at={at} /> },
    {
      title: "",
      key: "why",
      width: 72,
      render: (_, { customer }) => <Link to={`/segments/${id}?tab=why&person=${customer.id}`}>{t("seg.whyShort")}</Link>,
    },
  ]
  return (
    <ServerTable
      label={t("seg.changes")}
      query={useChanges(id, pager.cursor)}
      pager={pager}
      rowKey="id"
      columns={columns}
      minWidth={700}
      empty={<EmptyState compact title={t("seg.noChanges")} help={t("seg.noChangesHelp")} />}
    />
  )
}
