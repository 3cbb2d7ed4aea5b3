import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react"

import type { Appearance } from "./tokens"

export type AppearanceChoice = Appearance | "system"

const STORED = "yutang.appearance"

function systemDark(): MediaQueryList {
  return window.matchMedia("(prefers-color-scheme: dark)")
}

function subscribeToSystem(listener: () => void) {
  const query = systemDark()
  query.addEventListener("change", listener)
  return () => query.removeEventListener("change", listener)
}

function stored(): AppearanceChoice {
  const value = localStorage.getItem(STORED)
  return value === "light" || value === "dark" ? value : "system"
}

interface AppearanceContextValue {
  appearance: Appearance
  choice: AppearanceChoice
  choose(choice: AppearanceChoice): void
}

const AppearanceContext = createContext<AppearanceContextValue>({
  appearance: "light",
  choice: "system",
  choose: () => undefined,
})

/** Light or dark: the system's wish, unless this device was told otherwise. */
export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState<AppearanceChoice>(stored)
  const isSystemDark = useSyncExternalStore(subscribeToSystem, () => systemDark().matches)
  const appearance: Appearance = choice === "system" ? (isSystemDark ? "dark" : "light") : choice

  useEffect(() => {
    document.documentElement.dataset.theme = appearance
  }, [appearance])

  const value = useMemo(
    () => ({
      appearance,
      choice,
      choose: (next: AppearanceChoice) => {
        localStorage.setItem(STORED, next)
        setChoice(next)
      },
    }),
    [appearance, choice],
  )
  return <AppearanceContext.Provider value={value}>{children}</AppearanceContext.Provider>
}

export const useAppearance = () => useContext(AppearanceContext)
