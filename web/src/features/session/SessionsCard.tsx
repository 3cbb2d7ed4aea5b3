import { Button, Card, Skeleton, Table, Tag } from "antd"

import { LoadFailed } from "../../components/LoadFailed"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import type { Browser } from "../../api/schema"
import { useEndOtherSessions, useEndSession, useSessions } from "./api"

export function SessionsCard() {
  const t = useT()
  const { data, error, refetch, isPending } = useSessions()
  const end = useEndSession()
  const endOthers = useEndOtherSessions()
  const refused = useFormRefusal()

  const content = () => {
    if (error) return <LoadFailed error={error} what={t("security.sessions")} onRetry={() => void refetch()} />
    if (isPending) return <Skeleton active paragraph={{ rows: 2 }} />
    return (
      <Table<Browser>
        size="small"
        rowKey="id"
        pagination={false}
        scroll={{ x: 560 }}
        dataSource={data.items}
        columns={[
          { title: t("security.device"), dataIndex: "browser", ellipsis: true },
          { title: t("security.address"), dataIndex: "address", width: 150 },
          { title: t("security.lastSeen"), dataIndex: "last_seen_at", width: 130, render: (at: string) => <TimeText at={at} /> },
          {
            key: "end",
            align: "right",
            width: 110,
            render: (_, session) =>
              session.current ? (
                <Tag color="processing">{t("security.thisDevice")}</Tag>
              ) : (
                <Button size="small" danger type="text" onClick={() => end.mutate(session.id, { onError: refused })}>
                  {t("security.end")}
                </Button>
              ),
          },
        ]}
      />
    )
  }
  return (
    <Card
      title={t("security.sessions")}
      extra={
        <Button size="small" loading={endOthers.isPending} onClick={() => endOthers.mutate(undefined, { onError: refused })}>
          {t("security.endOthers")}
        </Button>
      }
    >
      {content()}
    </Card>
  )
}
