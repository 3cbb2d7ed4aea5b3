import { QrcodeOutlined } from "@ant-design/icons"
import { Button, Divider } from "antd"

import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { useDoor } from "./api"

/** Sign-in by scanning with WeCom, for the corps that offer it. */
export function CorpSignIn({ then }: { then: string }) {
  const t = useT()
  const { data } = useDoor()
  const corps = data?.wecom ?? []
  if (corps.length === 0) return null
  return (
    <div className="stack">
      <Divider plain style={{ margin: 0 }}>
        {t("signIn.or")}
      </Divider>
      {corps.map((corp) => (
        <Button
          key={corp.id}
          block
          size="large"
          icon={<QrcodeOutlined />}
          href={`/api/session/wecom/${corp.id}/start?then=${encodeURIComponent(then)}`}
        >
          {corps.length > 1 ? t("signIn.wecomOf", { corp: readable(corp.name) }) : t("signIn.wecom")}
        </Button>
      ))}
    </div>
  )
}
