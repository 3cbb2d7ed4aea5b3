import { useQueryClient } from "@tanstack/react-query"
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react"

export type LiveState = "connecting" | "open" | "lost"

export interface LiveEvent {
  id?: string
  name: string
  customer_id: string | null
  customer_name: string | null
  at: string
  summary?: string | null
}

interface Change {
  topics: string[]
  events?: LiveEvent[]
}

const FIRST_WAIT = 1_000 // milliseconds
const LONGEST_WAIT = 30_000
const GATHER = 300 // milliseconds; changes within this time are one refresh
const REST = 2_000 // between two refreshes, however fast changes come
const PATIENCE = 4_000 // a stream that is back within this time was never lost, as far as people are concerned
const KEPT_EVENTS = 200

interface Live {
  state: LiveState
  events: LiveEvent[]
}

const LiveContext = createContext<Live>({ state: "connecting", events: [] })

/** How long to wait before the next attempt: doubling, with some noise so that many consoles do not come back at once. */
export function waitBefore(attempt: number, random = Math.random()): number {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt) * (0.75 + random / 2)
}

function parseChange(data: string): Change | null {
  try {
    const parsed = JSON.parse(data) as Partial<Change>
    return Array.isArray(parsed.topics) ? { topics: parsed.topics, events: parsed.events } : null
  } catch {
    return null
  }
}

/**
 * Listens to the server's changes and marks what they touch as stale. A query belongs to a topic by the first word of
 * its key; a query nobody looks at is not fetched again before somebody does.
 */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>("connecting")
  const [events, setEvents] = useState<LiveEvent[]>([])
  const gathered = useRef(new Set<string>())

  useEffect(() => {
    let source: EventSource | undefined
    let attempt = 0
    let reconnecting: ReturnType<typeof setTimeout> | undefined
    let refreshing: ReturnType<typeof setTimeout> | undefined
    let worrying: ReturnType<typeof setTimeout> | undefined
    let refreshedAt = 0

    const refresh = () => {
      refreshing = undefined
      refreshedAt = Date.now()
      for (const topic of gathered.current) void client.invalidateQueries({ queryKey: [topic] })
      gathered.current.clear()
    }
    const take = (message: MessageEvent<string>) => {
      const change = parseChange(message.data)
      if (!change) return
      change.topics.forEach((topic) => gathered.current.add(topic))
      if (change.events?.length) setEvents((before) => [...(change.events ?? []), ...before].slice(0, KEPT_EVENTS))
      refreshing ??= setTimeout(refresh, Math.max(GATHER, refreshedAt + REST - Date.now()))
    }
    const connect = () => {
      source = new EventSource("/api/live")
      source.addEventListener("change", take)
      source.onopen = () => {
        // what happened while we were away is unknown, so everything on the page is asked for again
        if (attempt > 0) void client.invalidateQueries()
        attempt = 0
        clearTimeout(worrying)
        worrying = undefined
        setState("open")
      }
      source.onerror = () => {
        source?.close()
        worrying ??= setTimeout(() => setState("lost"), PATIENCE)
        clearTimeout(reconnecting)
        reconnecting = setTimeout(connect, waitBefore(attempt++))
      }
    }
    if (typeof EventSource !== "undefined") connect()
    return () => {
      source?.close()
      clearTimeout(reconnecting)
      clearTimeout(refreshing)
      clearTimeout(worrying)
    }
  }, [client])

  const value = useMemo(() => ({ state, events }), [state, events])
  return <LiveContext.Provider value={value}>{children}</LiveContext.Provider>
}

export const useLive = () => useContext(LiveContext)
