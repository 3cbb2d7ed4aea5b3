import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react"

import { zh } from "./zh"

export type Key = keyof typeof zh
export type Language = "zh" | "en"
type Words = Record<Key, string>
type Params = Record<string, string | number>

const STORED = "yutang.language"
const loaded: Partial<Record<Language, Words>> = { zh }

async function load(language: Language): Promise<Words> {
  loaded[language] ??= (await import("./en")).en
  return loaded[language]
}

/** The language last spoken on this device; Chinese until someone chooses otherwise. */
export function storedLanguage(): Language | null {
  const stored = localStorage.getItem(STORED)
  return stored === "zh" || stored === "en" ? stored : null
}

export interface Translate {
  (key: Key, params?: Params): string
  /** The word for a value that comes from the server (`t.of("stage", "lead")`); an unknown value is shown as it is. */
  of(family: string, value: string): string
  language: Language
}

function fill(text: string, params?: Params): string {
  return params ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole)) : text
}

export function translator(language: Language, words: Words): Translate {
  const translate = (key: Key, params?: Params) => fill(words[key], params)
  return Object.assign(translate, {
    of: (family: string, value: string) => words[`${family}.${value}` as Key] ?? value,
    language,
  })
}

interface I18n {
  t: Translate
  /** What a person chose on this page and no account has kept yet. */
  chosen: Language | null
  choose(language: Language): void
  /** Speaks what is known to be wanted, without anybody having chosen it here. */
  follow(language: Language): void
}

const I18nContext = createContext<I18n>({
  t: translator("zh", zh),
  chosen: null,
  choose: () => undefined,
  follow: () => undefined,
})

export function I18nProvider({ initial, children }: { initial?: Language; children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(initial ?? storedLanguage() ?? "zh")
  const [words, setWords] = useState<Words | undefined>(loaded[language])
  const [chosen, setChosen] = useState<Language | null>(null)

  useEffect(() => {
    let wanted = true
    void load(language).then((found) => {
      if (!wanted) return
      document.documentElement.lang = language === "zh" ? "zh-CN" : "en"
      setWords(found)
    })
    return () => {
      wanted = false
    }
  }, [language])

  const value = useMemo<I18n | undefined>(() => {
    if (!words) return undefined
    const speak = (next: Language) => {
      localStorage.setItem(STORED, next)
      setLanguage(next)
    }
    return {
      t: translator(words === loaded.zh ? "zh" : "en", words),
      chosen,
      choose: (next) => {
        setChosen(next)
        speak(next)
      },
      follow: (next) => {
        setChosen(null)
        speak(next)
      },
    }
  }, [words, chosen])
  if (!value) return null
  return <I18nContext.Provider value={value}>{children}</I18nContext.Provider>
}

export const useT = (): Translate => useContext(I18nContext).t
export const useLanguage = () => useContext(I18nContext)
