import { App, Button, Modal, Skeleton } from "antd"

import type { AccountOut } from "../../api/schema"
import { EmptyState } from "../../components/EmptyState"
import { LoadFailed } from "../../components/LoadFailed"
import { SessionList } from "../../components/SessionList"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useEndAllSessionsOf, useEndSessionOf, useSessionsOf } from "./api"

/** Where somebody is signed in, and a way to end it: a lost phone, somebody who left. */
export function SessionsDialog({ account, onClose }: { account: AccountOut; onClose: () => void }) {
  const t = useT()
  const { message } = App.useApp()
  const { data, error, refetch } = useSessionsOf(account.id)
  const end = useEndSessionOf(account.id)
  const endAll = useEndAllSessionsOf(account.id)
  const refused = useFormRefusal()
  const name = readable(account.name) || account.username
  const endable = data?.items.filter(({ current }) => !current).length ?? 0

  const endEvery = () =>
    endAll.mutate(undefined, {
      onSuccess: () => void message.success(t("accounts.sessionsEnded", { name })),
      onError: refused,
    })
  return (
    <Modal
      open
      title={t("accounts.sessionsOf", { name })}
      onCancel={onClose}
      footer={[
        <Button key="all" danger disabled={endable === 0} loading={endAll.isPending} onClick={endEvery}>
          {t("accounts.endAll")}
        </Button>,
        <Button key="close" type="primary" onClick={onClose}>
          {t("action.close")}
        </Button>,
      ]}
    >
      {error && <LoadFailed error={error} what={t("security.sessions")} onRetry={() => void refetch()} />}
      {!error && !data && <Skeleton active paragraph={{ rows: 2 }} />}
      {data?.items.length === 0 && <EmptyState compact title={t("accounts.noSessions")} />}
      {data && (
        <SessionList
          sessions={data.items}
          ending={end.isPending ? end.variables : undefined}
          onEnd={(id) => end.mutate(id, { onError: refused })}
        />
      )}
    </Modal>
  )
}
