import { useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { Navigate, useLocation, useNavigate } from "react-router"

import { onSignedOut } from "../api/client"
import { asApiError } from "../api/errors"
import { LiveProvider } from "../api/live"
import { LoadFailed } from "../components/LoadFailed"
import { useMe, ViewerProvider } from "../lib/viewer"
import { Shell } from "./Shell"
import { Splash } from "./Splash"
import { useAccountLanguage } from "./useAccountLanguage"

/** Everything behind the door: without a session people are led to the sign-in page and back to where they were. */
export function SignedIn() {
  const { data: me, error, refetch } = useMe()
  const location = useLocation()
  const navigate = useNavigate()
  const client = useQueryClient()
  const here = location.pathname + location.search
  useAccountLanguage(me)

  useEffect(
    () =>
      onSignedOut(() => {
        client.clear()
        void navigate("/sign-in", { state: { from: here }, replace: true })
      }),
    [client, navigate, here],
  )

  if (asApiError(error)?.status === 401) return <Navigate to="/sign-in" state={{ from: here }} replace />
  if (error) {
    return (
      <Splash>
        <LoadFailed error={error} onRetry={() => void refetch()} />
      </Splash>
    )
  }
  if (!me) return <Splash />
  return (
    <ViewerProvider me={me}>
      <LiveProvider>
        <Shell />
      </LiveProvider>
    </ViewerProvider>
  )
}
