import { QrcodeOutlined } from "@ant-design/icons"
import { Button, Popover } from "antd"

import { useT } from "../i18n"
import { QrCard } from "./QrCard"

/** A button that shows the code without leaving the list. */
export function QrThumb({ codeId, name }: { codeId: number; name: string }) {
  const t = useT()
  return (
    <Popover trigger="click" placement="right" destroyOnHidden content={<QrCard codeId={codeId} name={name} />}>
      <Button type="text" icon={<QrcodeOutlined />} aria-label={t("qr.of", { name })} />
    </Popover>
  )
}
