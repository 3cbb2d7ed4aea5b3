import { ApartmentOutlined, ShopOutlined, UserOutlined } from "@ant-design/icons"

import type { CodeOut } from "../../api/schema"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { draftOf, sharesOf } from "./draft"

export const assigneeIcons = { member: <UserOutlined />, department: <ApartmentOutlined />, store: <ShopOutlined /> }

/** Who stands behind a code, with share, cap and backups. */
export function Roster({ code }: { code: CodeOut }) {
  const t = useT()
  const { assignees } = draftOf(code)
  const shares = sharesOf(assignees)
  return (
    <div>
      {assignees.map((each, index) => (
        <div key={`${each.kind}-${each.id}`} className="row" style={{ gap: 12 }}>
          <span>
            {assigneeIcons[each.kind]} <bdi>{readable(each.name)}</bdi>
          </span>
          {code.rotation === "ratio" && !each.is_backup && <span className="muted numeric">{shares[index]}%</span>}
          {each.daily_cap !== null && <span className="muted">{t("code.capIs", { cap: each.daily_cap })}</span>}
          {each.is_backup && <span className="muted">{t("code.backup")}</span>}
        </div>
      ))}
    </div>
  )
}
