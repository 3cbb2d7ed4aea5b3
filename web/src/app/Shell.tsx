import { CloseOutlined, MenuOutlined, SearchOutlined } from "@ant-design/icons"
import { Button, Drawer, Skeleton } from "antd"
import { Suspense, useState } from "react"
import { Outlet, useNavigation } from "react-router"

import { useT } from "../i18n"
import { AccountMenu } from "./AccountMenu"
import { LineSwitch } from "./LineSwitch"
import { AppearanceSwitch, LanguageSwitch } from "./Switches"
import { LiveIndicator } from "./LiveIndicator"
import { NavMenu } from "./NavMenu"
import { SearchPalette } from "./SearchPalette"
import { useHotkeys } from "./useHotkeys"
import "./Shell.css"

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent)

export function Shell() {
  const t = useT()
  const [menuOpen, setMenuOpen] = useState(false)
  const [paletteOpen, setPaletteOpen] = useState(false)
  const isMoving = useNavigation().state === "loading"
  useHotkeys({ openPalette: () => setPaletteOpen(true) })

  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        {t("shell.skip")}
      </a>
      <aside className="shell-sider">
        <NavMenu />
      </aside>
      <Drawer
        open={menuOpen}
        onClose={() => setMenuOpen(false)}
        placement="left"
        size={260}
        closable={false}
        classNames={{ body: "shell-drawer" }}
        title={null}
        aria-label={t("shell.menu")}
      >
        <Button
          type="text"
          className="shell-drawer-close"
          icon={<CloseOutlined />}
          aria-label={t("action.close")}
          onClick={() => setMenuOpen(false)}
        />
        <NavMenu onNavigate={() => setMenuOpen(false)} />
      </Drawer>
      <header className="shell-bar">
        <Button
          type="text"
          className="shell-menu-button"
          icon={<MenuOutlined />}
          aria-label={t("shell.menu")}
          onClick={() => setMenuOpen(true)}
        />
        <button type="button" className="shell-search" onClick={() => setPaletteOpen(true)}>
          <SearchOutlined />
          <span className="clip">{t("search.placeholder")}</span>
          <kbd>{isMac ? "⌘K" : "Ctrl K"}</kbd>
        </button>
        <div className="shell-tools">
          <LineSwitch />
          <LiveIndicator />
          <LanguageSwitch />
          <AppearanceSwitch />
          <AccountMenu />
        </div>
        {isMoving && <div className="shell-progress" role="progressbar" aria-label={t("shell.loading")} />}
      </header>
      <main className="shell-content" id="content" tabIndex={-1}>
        <Suspense fallback={<Skeleton active />}>
          <Outlet />
        </Suspense>
      </main>
      {paletteOpen && <SearchPalette onClose={() => setPaletteOpen(false)} />}
    </div>
  )
}
