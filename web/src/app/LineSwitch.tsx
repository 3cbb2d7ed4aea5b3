import { useMutation, useQueryClient } from "@tanstack/react-query"
import { App, Switch, Tooltip } from "antd"

import { answer, api } from "../api/client"
import { useFormRefusal } from "../components/useFormRefusal"
import { useT } from "../i18n"
import { useViewer } from "../lib/viewer"

/** For an account that belongs to a member: whether live codes lead new customers to them. */
export function LineSwitch() {
  const t = useT()
  const { message } = App.useApp()
  const client = useQueryClient()
  const { member } = useViewer().me.account
  const refused = useFormRefusal()
  const change = useMutation({
    mutationFn: (takes_customers: boolean) => answer(api.PUT("/api/me/line", { body: { takes_customers } })),
    onSuccess: ({ takes_customers }) => {
      void message.success(t(takes_customers ? "line.nowOn" : "line.nowOff"))
      return Promise.all(["me", "members"].map((topic) => client.invalidateQueries({ queryKey: [topic] })))
    },
    onError: refused,
  })
  if (!member) return null
  const isOn = change.isPending ? change.variables : member.takes_customers
  return (
    <Tooltip title={t(isOn ? "line.onHelp" : "line.offHelp")}>
      <Switch
        className="line-switch"
        aria-label={t("line.mine")}
        checked={isOn}
        loading={change.isPending}
        checkedChildren={t("line.on")}
        unCheckedChildren={t("line.off")}
        onChange={(wanted) => change.mutate(wanted)}
      />
    </Tooltip>
  )
}
