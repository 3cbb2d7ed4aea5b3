import {
  CrownOutlined, FieldTimeOutlined, HeartOutlined, ShoppingOutlined, SmileOutlined, UserDeleteOutlined,
} from "@ant-design/icons"
import type { ReactNode } from "react"
import { Link } from "react-router"

import { useT } from "../../i18n"
import { type Example, examples } from "./examples"

const icons: Record<Example, ReactNode> = {
  sleeping: <FieldTimeOutlined />,
  repeat: <HeartOutlined />,
  unsold: <ShoppingOutlined />,
  spenders: <CrownOutlined />,
  newcomers: <SmileOutlined />,
  leavers: <UserDeleteOutlined />,
}

/** Ready audiences: a click opens one in the builder. */
export function ExampleCards() {
  const t = useT()
  return (
    <ul className="segment-examples" aria-label={t("seg.examples")}>
      {examples.map((name) => (
        <li key={name}>
          <Link to={`/segments/new?example=${name}`}>
            <span className="segment-example-icon" aria-hidden="true">
              {icons[name]}
            </span>
            <span>
              <strong>{t.of("segExample", name)}</strong>
              <span className="small muted">{t.of("segExampleHelp", name)}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
