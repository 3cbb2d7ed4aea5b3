import { NavLink } from "react-router"

import { useT } from "../i18n"
import { useViewer } from "../lib/viewer"
import { Logo } from "./Logo"
import { type NavItem, isAboveOthers, navigationFor } from "./navigation"
import "./NavMenu.css"

function Item({ item, onNavigate }: { item: NavItem; onNavigate?: () => void }) {
  const t = useT()
  return (
    <NavLink to={item.path} end={isAboveOthers(item.path)} className="nav-item" onClick={onNavigate}>
      <span aria-hidden="true">{item.icon}</span>
      {t(item.label)}
    </NavLink>
  )
}

export function NavMenu({ onNavigate }: { onNavigate?: () => void }) {
  const t = useT()
  const { me, permissions } = useViewer()
  return (
    <nav className="nav" aria-label={t("shell.navigation")}>
      <NavLink to="/" className="nav-brand" onClick={onNavigate}>
        <Logo size={30} />
        <span>
          <strong>{t("app.name")}</strong>
          <bdi className="clip">{me.merchant.name}</bdi>
        </span>
      </NavLink>
      <div className="nav-groups">
        {navigationFor(permissions).map((group) => (
          <section key={group.label ?? "top"} aria-label={group.label ? t(group.label) : undefined}>
            {group.label && <h2>{t(group.label)}</h2>}
            {group.items.map((item) => (
              <Item key={item.path} item={item} onNavigate={onNavigate} />
            ))}
          </section>
        ))}
      </div>
      <footer className="nav-foot">Yutang {me.version}</footer>
    </nav>
  )
}
