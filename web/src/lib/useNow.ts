import { useSyncExternalStore } from "react"

const STEP = 30_000 // milliseconds; relative times need no finer clock
let now = new Date()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void) {
  listeners.add(listener)
  now = new Date()
  timer ??= setInterval(() => {
    now = new Date()
    listeners.forEach((each) => each())
  }, STEP)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** The time, shared by every relative label on the page so that they change together. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => now)
}
