import { LogoutOutlined, SafetyOutlined } from "@ant-design/icons"
import { useQueryClient } from "@tanstack/react-query"
import { Dropdown } from "antd"
import { useNavigate } from "react-router"

import { answer, api } from "../api/client"
import { Avatar } from "../components/Avatar"
import { useT } from "../i18n"
import { readable } from "../lib/readable"
import { useViewer } from "../lib/viewer"

export function AccountMenu() {
  const t = useT()
  const { me } = useViewer()
  const navigate = useNavigate()
  const client = useQueryClient()

  const signOut = async () => {
    await answer(api.DELETE("/api/session")).catch(() => undefined)
    client.clear()
    void navigate("/sign-in", { replace: true })
  }

  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          {
            key: "who",
            disabled: true,
            label: (
              <>
                <bdi>{readable(me.account.name) || me.account.username}</bdi>
                <div className="small">
                  {t.of("role", me.account.role)} · <bdi>{me.scope.label}</bdi>
                </div>
              </>
            ),
          },
          { type: "divider" },
          { key: "security", icon: <SafetyOutlined />, label: t("account.security") },
          { key: "out", icon: <LogoutOutlined />, label: t("account.signOut") },
        ],
        onClick: ({ key }) => (key === "out" ? void signOut() : void navigate("/security")),
      }}
    >
      <button type="button" className="avatar-button" aria-label={t("account.menu")}>
        <Avatar seed={me.account.id} name={me.account.name || me.account.username} src={me.account.avatar} size={30} />
      </button>
    </Dropdown>
  )
}
