import { Skeleton } from "antd"

import { Facts } from "../../components/Facts"
import { LoadFailed } from "../../components/LoadFailed"
import { Panel } from "../../components/Panel"
import { useT } from "../../i18n"
import { useWelcomeFigures } from "./api"

/** How many new contacts were greeted within WeCom's twenty seconds. */
export function WelcomePanel({ corpId }: { corpId: number }) {
  const t = useT()
  const { data, error, refetch } = useWelcomeFigures(corpId)
  const seconds = (ms: number | null) => (ms === null ? null : t("welcomeFigures.seconds", { seconds: (ms / 1000).toFixed(2) }))
  return (
    <Panel title={t("welcomeFigures.title")}>
      {error && <LoadFailed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data && (
        <Facts
          items={[
            [t("welcomeFigures.due"), data.due],
            [t("welcomeFigures.sent"), data.sent],
            [t("welcomeFigures.missed"), data.missed],
            [t("welcomeFigures.missedShare"), data.missed_share === null ? null : `${(data.missed_share * 100).toFixed(2)}%`],
            [t("welcomeFigures.unknown"), data.unknown],
            [t("welcomeFigures.others"), data.sent_by_others],
            [t("welcomeFigures.median"), seconds(data.median_ms)],
            [t("welcomeFigures.p99"), seconds(data.p99_ms)],
          ]}
        />
      )}
    </Panel>
  )
}
