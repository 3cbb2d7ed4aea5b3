import "@testing-library/jest-dom/vitest"

import { cleanup, configure } from "@testing-library/react"
import { afterAll, afterEach, beforeAll } from "vitest"

import { server } from "./server"

configure({
  // pages are fetched when first opened, which takes a busy machine its time
  asyncUtilTimeout: 15_000,
  // asking of every element whether it is hidden takes jsdom longer than all the rest of a test
  defaultHidden: true,
  getElementError: (message) => new Error(message ?? "not found"),
})

// what a browser has and jsdom does not
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    onchange: null,
    dispatchEvent: () => false,
  }) as MediaQueryList
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
// jsdom answers for the element itself and prints that it did
const styleOf = window.getComputedStyle.bind(window)
window.getComputedStyle = (element) => styleOf(element)
Element.prototype.scrollIntoView ??= () => undefined

beforeAll(() => server.listen({ onUnhandledRequest: "error" }))
afterEach(() => {
  cleanup()
  server.resetHandlers()
  localStorage.clear()
  document.documentElement.lang = "zh-CN"
})
afterAll(() => server.close())
