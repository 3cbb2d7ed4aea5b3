import { screen, waitFor } from "@testing-library/react"
import { http, HttpResponse } from "msw"
import { expect, test } from "vitest"

import { addresses } from "../src/app/routes"
import { me } from "./mock/people"
import { openConsole } from "./render"
import { server } from "./server"

const everyPage = [...addresses.map((path) => `/${path.replace(":id", "1")}`), "/sign-in", "/no-such-page", "/live-codes/1/nothing"]

// The heading stands when nothing else does. Pages with their data in them are looked at in a real browser.
const nothing = http.all("*/api/*", () => HttpResponse.json({ code: "gone", message: "没有找到" }, { status: 404 }))

test.each(everyPage)("%s has one heading of the first rank, and the tab is named after the page", async (address) => {
  server.resetHandlers(http.get("*/api/me", () => HttpResponse.json(me)), nothing)
  openConsole(address)
  await waitFor(() => expect(document.querySelector(".shell-content .ant-skeleton, .server-table[aria-busy=true]")).toBeNull())
  const [heading, ...others] = await screen.findAllByRole("heading", { level: 1 })
  expect(others).toEqual([])
  expect(heading).not.toBeEmptyDOMElement()
  if (address !== "/sign-in") expect(document.title).toMatch(/.+ · 鱼塘/)
})
