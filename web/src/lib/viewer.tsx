import { useQuery, useQueryClient } from "@tanstack/react-query"
import { createContext, type ReactNode, useContext, useMemo } from "react"

import { answer, api } from "../api/client"
import type { Me } from "../api/schema"

export const meKey = ["me"] as const

export function useMe() {
  return useQuery({
    queryKey: meKey,
    queryFn: ({ signal }) => answer(api.GET("/api/me", { signal })),
    staleTime: 60_000,
    retry: (count, error) => count < 2 && !("status" in error && error.status === 401),
  })
}

interface Viewer {
  me: Me
  permissions: ReadonlySet<string>
  may(permission: string): boolean
  zone: string
}

const ViewerContext = createContext<Viewer | null>(null)

export function ViewerProvider({ me, children }: { me: Me; children: ReactNode }) {
  const viewer = useMemo<Viewer>(() => {
    const permissions = new Set(me.permissions)
    return { me, permissions, may: (permission) => permissions.has(permission), zone: me.merchant.time_zone }
  }, [me])
  return <ViewerContext.Provider value={viewer}>{children}</ViewerContext.Provider>
}

/** Who is signed in, and what they may do. Pages are only drawn for somebody who is signed in. */
export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext)
  if (!viewer) throw new Error("useViewer outside of ViewerProvider")
  return viewer
}

/** The merchant's time zone; the device's own where nobody is signed in. */
export function useZone(): string {
  return useContext(ViewerContext)?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Drops everything that was known, so that the next person at this screen sees nothing of the last one's. */
export function useForgetEverything() {
  const client = useQueryClient()
  return () => client.clear()
}
