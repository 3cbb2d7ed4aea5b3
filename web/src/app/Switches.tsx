import { DesktopOutlined, MoonOutlined, SunOutlined, TranslationOutlined } from "@ant-design/icons"
import { Button, Dropdown, Tooltip } from "antd"

import { type Language, useLanguage, useT } from "../i18n"
import { type AppearanceChoice, useAppearance } from "../theme/AppearanceProvider"

const languages: { key: Language; label: string }[] = [
  { key: "zh", label: "中文" },
  { key: "en", label: "English" },
]

export function LanguageSwitch() {
  const { t, choose } = useLanguage()
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: languages,
        selectedKeys: [t.language],
        selectable: true,
        onClick: ({ key }) => choose(key as Language),
      }}
    >
      <Button type="text" icon={<TranslationOutlined />} aria-label={t("shell.language")} />
    </Dropdown>
  )
}

const icons = { light: <SunOutlined />, dark: <MoonOutlined />, system: <DesktopOutlined /> }

export function AppearanceSwitch() {
  const t = useT()
  const { choice, appearance, choose } = useAppearance()
  const items = [
    { key: "system", icon: icons.system, label: t("theme.system") },
    { key: "light", icon: icons.light, label: t("theme.light") },
    { key: "dark", icon: icons.dark, label: t("theme.dark") },
  ]
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items,
        selectedKeys: [choice],
        selectable: true,
        onClick: ({ key }) => choose(key as AppearanceChoice),
      }}
    >
      <Tooltip title={t("theme.title")}>
        <Button type="text" icon={icons[appearance]} aria-label={t("theme.title")} />
      </Tooltip>
    </Dropdown>
  )
}
