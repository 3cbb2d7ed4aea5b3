import { QueryClientProvider } from "@tanstack/react-query"
import { render } from "@testing-library/react"
import { createMemoryRouter, RouterProvider } from "react-router"

import { newQueryClient } from "../src/app/App"
import { LookAndFeel } from "../src/app/LookAndFeel"
import { routes } from "../src/app/routes"
import { I18nProvider, type Language } from "../src/i18n"
import { AppearanceProvider } from "../src/theme/AppearanceProvider"
import { SeenStyles } from "./styles"

/** Opens the console at an address, as somebody would, with the whole shell around the page, on a device that speaks `language`. */
export function openConsole(address: string, language: Language = "zh") {
  const router = createMemoryRouter(routes, { initialEntries: [address] })
  const { unmount } = render(
    <AppearanceProvider>
      <I18nProvider initial={language}>
        <LookAndFeel>
          <QueryClientProvider client={newQueryClient()}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </LookAndFeel>
      </I18nProvider>
    </AppearanceProvider>,
    { wrapper: SeenStyles },
  )
  return { router, unmount }
}
