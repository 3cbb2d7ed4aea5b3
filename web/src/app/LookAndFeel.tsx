import { App as AntApp, ConfigProvider } from "antd"
import enUS from "antd/locale/en_US"
import zhCN from "antd/locale/zh_CN"
import dayjs from "dayjs"
import { type ReactNode, useEffect, useMemo } from "react"
import "dayjs/locale/zh-cn"

import { useT } from "../i18n"
import { useAppearance } from "../theme/AppearanceProvider"
import { themeFor } from "../theme/tokens"

/** Dresses the widgets in the theme and the language that were chosen. */
export function LookAndFeel({ children }: { children: ReactNode }) {
  const { appearance } = useAppearance()
  const { language } = useT()
  const theme = useMemo(() => themeFor(appearance), [appearance])

  useEffect(() => {
    dayjs.locale(language === "zh" ? "zh-cn" : "en")
  }, [language])

  return (
    <ConfigProvider theme={theme} locale={language === "zh" ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <AntApp style={{ height: "100%" }} message={{ maxCount: 3 }}>
        {children}
      </AntApp>
    </ConfigProvider>
  )
}
