import { Button, Tag } from "antd"

import type { Browser } from "../api/schema"
import { useT } from "../i18n"
import { browserName } from "../lib/browserName"
import { readable } from "../lib/readable"
import { TimeText } from "./TimeText"
import "./SessionList.css"

interface Props {
  sessions: Browser[]
  /** Set while this one is being ended. */
  ending?: number
  onEnd: (id: number) => void
}

/** Browsers an account is signed in with; all but the one in front of the viewer can be ended. */
export function SessionList({ sessions, ending, onEnd }: Props) {
  const t = useT()
  return (
    <ul className="session-list">
      {sessions.map((session) => {
        const name = browserName(readable(session.browser)) || t("security.unknownDevice")
        return (
          <li key={session.id}>
            <div className="grow">
              <strong className="clip" title={readable(session.browser)}>
                {name}
              </strong>
              <span className="small muted">
                {t.of("signInMethod", session.method)} · <span className="numeric">{session.address || "—"}</span> ·{" "}
                {t("security.lastSeen")} <TimeText at={session.last_seen_at} />
              </span>
            </div>
            {session.current ? (
              <Tag color="processing">{t("security.thisDevice")}</Tag>
            ) : (
              <Button
                size="small"
                danger
                loading={ending === session.id}
                aria-label={t("security.endOf", { name })}
                onClick={() => onEnd(session.id)}
              >
                {t("security.end")}
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
