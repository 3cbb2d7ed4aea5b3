import type { CustomerRow } from "../api/schema"
import { useT } from "../i18n"
import { readable } from "../lib/readable"
import { MoneyText } from "./MoneyText"
import { PersonName } from "./PersonName"
import type { Column } from "./ServerTable"
import { TagChips } from "./TagChips"
import { TimeText } from "./TimeText"

/** How customers look in a list, wherever they are listed. */
export function useCustomerColumns(): Column<CustomerRow>[] {
  const t = useT()
  return [
    {
      title: t("customer.name"),
      key: "name",
      width: 190,
      render: (_, row) => (
        <PersonName
          id={row.id}
          name={row.name}
          avatar={row.avatar}
          detail={row.remark || null}
          fallback={t("customer.numbered", { id: row.id })}
        />
      ),
    },
    { title: t("customer.phone"), dataIndex: "phone_masked", width: 116, render: (phone: string | null) => <span className="numeric">{phone ?? "—"}</span> },
    { title: t("customer.stage"), dataIndex: "stage", width: 84, render: (stage: string) => t.of("stage", stage) },
    { title: t("customer.tags"), key: "tags", width: 190, render: (_, row) => <TagChips tags={row.tags} limit={2} /> },
    {
      title: t("customer.owners"),
      key: "owners",
      width: 110,
      ellipsis: true,
      render: (_, row) => row.owners.map((owner) => readable(owner.name)).join("、") || "—",
    },
    {
      title: t("customer.source"),
      key: "source",
      ellipsis: true,
      render: (_, row) => readable(row.source_label) || "—",
    },
    { title: t("customer.orders"), dataIndex: "order_count", width: 64, align: "right", className: "numeric" },
    {
      title: t("customer.spent"),
      key: "spent",
      width: 104,
      align: "right",
      render: (_, row) => <MoneyText fen={row.spent_fen} />,
    },
    { title: t("customer.added"), key: "added", width: 104, render: (_, row) => <TimeText at={row.added_at} /> },
  ]
}
