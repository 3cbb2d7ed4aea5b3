import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

import { expect, test } from "vitest"

import { en } from "./en"
import { zh } from "./zh"

const source = join(import.meta.dirname, "..")

function code(): string {
  return readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/i18n.(zh|en)\.ts$/.test(name) && !name.includes(".test."))
    .map((name) => readFileSync(join(source, name), "utf8"))
    .join("\n")
}

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

test("Chinese and English have the same words", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
})

test("a word has the same blanks in both languages", () => {
  const differing = (Object.keys(zh) as (keyof typeof zh)[]).filter(
    (key) => placeholders(zh[key]).join() !== placeholders(en[key]).join(),
  )
  expect(differing).toEqual([])
})

test("every word is used", () => {
  const text = code()
  const families = [...text.matchAll(/\bt\.of\(\s*"([\w.]+)"/g)].map(([, family]) => `${family}.`)
  const unused = Object.keys(zh).filter(
    (key) => !text.includes(`"${key}"`) && !families.some((family) => key.startsWith(family)),
  )
  expect(unused).toEqual([])
})
