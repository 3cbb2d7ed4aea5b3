import { Tooltip } from "antd"

import { useLive } from "../api/live"
import { useT } from "../i18n"

export function LiveIndicator() {
  const { state } = useLive()
  const t = useT()
  const help = { open: t("live.openHelp"), connecting: t("live.connectingHelp"), lost: t("live.lostHelp") }[state]
  const label = { open: t("live.open"), connecting: t("live.connecting"), lost: t("live.lost") }[state]
  return (
    <Tooltip title={help}>
      <span className="live-indicator" data-state={state} role="status">
        <i aria-hidden="true" />
        <span>{label}</span>
      </span>
    </Tooltip>
  )
}
