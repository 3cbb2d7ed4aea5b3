import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { useState } from "react"
import { createBrowserRouter, RouterProvider } from "react-router"

import { ApiError } from "../api/errors"
import { I18nProvider } from "../i18n"
import { AppearanceProvider } from "../theme/AppearanceProvider"
import { LookAndFeel } from "./LookAndFeel"
import { routes } from "./routes"

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: false,
        // only what can heal by itself is tried again; a refusal is shown at once
        retry: (count, error) => count < 2 && error instanceof ApiError && error.retryable && error.status !== 429,
      },
    },
  })
}

export function App() {
  const [client] = useState(newQueryClient)
  const [router] = useState(() => createBrowserRouter(routes))
  return (
    <AppearanceProvider>
      <I18nProvider>
        <LookAndFeel>
          <QueryClientProvider client={client}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </LookAndFeel>
      </I18nProvider>
    </AppearanceProvider>
  )
}
