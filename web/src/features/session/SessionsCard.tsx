import { Button, Card, Skeleton } from "antd"

import { LoadFailed } from "../../components/LoadFailed"
import { SessionList } from "../../components/SessionList"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useEndOtherSessions, useEndSession, useSessions } from "./api"

export function SessionsCard() {
  const t = useT()
  const { data, error, refetch, isPending } = useSessions()
  const end = useEndSession()
  const endOthers = useEndOtherSessions()
  const refused = useFormRefusal()
  const others = data?.items.filter(({ current }) => !current).length ?? 0

  const content = () => {
    if (error) return <LoadFailed error={error} what={t("security.sessions")} onRetry={() => void refetch()} />
    if (isPending) return <Skeleton active paragraph={{ rows: 2 }} />
    return (
      <SessionList
        sessions={data.items}
        ending={end.isPending ? end.variables : undefined}
        onEnd={(id) => end.mutate(id, { onError: refused })}
      />
    )
  }
  return (
    <Card
      title={t("security.sessions")}
      extra={
        <Button
          size="small"
          disabled={others === 0}
          loading={endOthers.isPending}
          onClick={() => endOthers.mutate(undefined, { onError: refused })}
        >
          {t("security.endOthers")}
        </Button>
      }
    >
      {content()}
    </Card>
  )
}
