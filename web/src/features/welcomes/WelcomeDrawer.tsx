import { App, Button, Drawer, Skeleton } from "antd"
import { useState } from "react"

import { asApiError } from "../../api/errors"
import type { WelcomeOut } from "../../api/schema"
import { LoadFailed } from "../../components/LoadFailed"
import { SlotsEditor } from "../../components/message/SlotsEditor"
import { welcomeBody, welcomeDraft } from "../../components/message/welcome"
import { useFormRefusal } from "../../components/useFormRefusal"
import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useViewer } from "../../lib/viewer"
import { type Holder, useSaveWelcome, useWelcome } from "./api"

export function WelcomeDrawer({ holder, onClose }: { holder: Holder; onClose: () => void }) {
  const t = useT()
  const { data, error, refetch } = useWelcome(holder)
  // what was there when the drawer opened: a change by somebody else meanwhile is refused by its version
  const [opened, setOpened] = useState<WelcomeOut>()
  if (!opened && data) setOpened(data)
  const name = opened && (opened.member?.name ?? opened.department?.name ?? opened.corp.name)
  if (!opened) {
    return (
      <Drawer open size={860} onClose={onClose} title={t("nav.welcomes")}>
        {error ? <LoadFailed error={error} onRetry={() => void refetch()} /> : <Skeleton active />}
      </Drawer>
    )
  }
  return <Editor holder={holder} opened={opened} title={t("welcome.of", { name: readable(name) })} onClose={onClose} />
}

interface EditorProps {
  holder: Holder
  opened: WelcomeOut
  title: string
  onClose: () => void
}

function Editor({ holder, opened, title, onClose }: EditorProps) {
  const t = useT()
  const { may } = useViewer()
  const { message } = App.useApp()
  const [draft, setDraft] = useState(() => welcomeDraft(opened.welcome))
  const save = useSaveWelcome()
  const refused = useFormRefusal()
  const put = (welcome: ReturnType<typeof welcomeBody>) =>
    save.mutate(
      { ...holder, version: opened.version, welcome },
      {
        onSuccess: () => {
          void message.success(t("welcome.saved"))
          onClose()
        },
        onError: refused,
      },
    )
  return (
    <Drawer
      open
      size={860}
      onClose={onClose}
      title={title}
      extra={
        may("welcomes.edit") && (
          <div className="row">
            {opened.version !== null && (
              <Button danger onClick={() => put({ slots: [], suppressed_nicknames: [] })}>
                {t("welcome.remove")}
              </Button>
            )}
            <Button type="primary" loading={save.isPending} onClick={() => put(welcomeBody(draft))}>
              {t("action.save")}
            </Button>
          </div>
        )
      }
    >
      <SlotsEditor value={draft} onChange={setDraft} errors={asApiError(save.error)?.fields} />
    </Drawer>
  )
}
