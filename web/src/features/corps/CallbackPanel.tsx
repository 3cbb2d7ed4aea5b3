import { Alert, Button } from "antd"

import type { CorpOut } from "../../api/schema"
import { CopyText } from "../../components/CopyText"
import { Facts } from "../../components/Facts"
import { Panel } from "../../components/Panel"
import { TimeText } from "../../components/TimeText"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { useCallbackSecrets, useRefusedCallbacks } from "./api"

/** Where WeCom sends its events, and whether it does. */
export function CallbackPanel({ corp }: { corp: CorpOut }) {
  const t = useT()
  const secrets = useCallbackSecrets(corp.id)
  const refused = useFormRefusal()
  const { data: strangers } = useRefusedCallbacks(corp.id)
  const refusedCount = strangers?.items.reduce((sum, each) => sum + each.count, 0) ?? 0
  return (
    <Panel
      title={t("callback.title")}
      extra={
        !secrets.data && (
          <Button size="small" loading={secrets.isPending} onClick={() => secrets.mutate(undefined, { onError: refused })}>
            {t("callback.show")}
          </Button>
        )
      }
    >
      <div className="stack">
        <p className="muted small">{t("callback.help")}</p>
        <Facts
          items={[
            [t("callback.url"), corp.callback_url ? <CopyText key="url" text={secrets.data?.url ?? corp.callback_url} /> : null],
            ["Token", secrets.data ? <CopyText key="token" text={secrets.data.token} /> : "••••••••"],
            ["EncodingAESKey", secrets.data ? <CopyText key="key" text={secrets.data.aes_key} /> : "••••••••••••••••"],
            [t("callback.verified"), <TimeText key="verified" at={corp.callback_verified_at} absolute />],
            [t("callback.seen"), <TimeText key="seen" at={corp.callback_seen_at} />],
          ]}
        />
        {refusedCount > 0 && (
          <Alert
            type="warning"
            showIcon
            title={t("callback.refused", { count: refusedCount })}
            description={[...new Set(strangers?.items.map(({ label }) => label))].join("；")}
          />
        )}
      </div>
    </Panel>
  )
}
