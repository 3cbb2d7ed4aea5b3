import createClient, { type Middleware } from "openapi-fetch"

import { ApiError, type RefusalBody } from "./errors"
import type { paths } from "./schema"

export { ApiError } from "./errors"

const CHANGES = new Set(["POST", "PUT", "PATCH", "DELETE"])
const signedOutListeners = new Set<() => void>()

/** Called when any request learns that the session has ended. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener)
  return () => signedOutListeners.delete(listener)
}

export function readCookie(name: string): string | undefined {
  const prefix = `${name}=`
  const found = document.cookie.split("; ").find((each) => each.startsWith(prefix))
  return found && decodeURIComponent(found.slice(prefix.length))
}

export async function refusalOf(response: Response): Promise<ApiError> {
  const body = (await response
    .clone()
    .json()
    .catch(() => ({}))) as Partial<RefusalBody>
  const waiting = Number(response.headers.get("Retry-After"))
  return new ApiError(response.status, {
    ...body,
    retry_after_seconds: body.retry_after_seconds ?? (Number.isFinite(waiting) && waiting > 0 ? waiting : undefined),
  })
}

const conventions: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", document.documentElement.lang.startsWith("en") ? "en" : "zh")
    if (CHANGES.has(request.method)) {
      const token = readCookie("yutang_csrf")
      if (token) request.headers.set("X-CSRFToken", token)
    }
    return request
  },
  async onResponse({ request, response }) {
    if (response.ok) return response
    const error = await refusalOf(response)
    const signingIn = request.method === "POST" && new URL(request.url).pathname === "/api/session"
    if (error.status === 401 && !signingIn) signedOutListeners.forEach((listener) => listener())
    throw error
  },
  onError({ error }) {
    if (error instanceof Error && error.name === "AbortError") return error
    return new ApiError(0, { code: "unreachable", message: "" })
  },
}

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: "same-origin",
  // looked up at each call, so that tests may put their server in between
  fetch: (request) => globalThis.fetch(request),
  querySerializer: { array: { style: "form", explode: true } },
})
api.use(conventions)

/** The body of an answer. Refusals have been thrown as ApiError before this is reached. */
export async function answer<Data>(call: Promise<{ data?: Data }>): Promise<Data> {
  const { data } = await call
  return data as Data
}

/** A multipart body for endpoints that take a file. */
export function formData(values: Record<string, string | Blob>): () => FormData {
  return () => {
    const form = new FormData()
    for (const [name, value] of Object.entries(values)) form.set(name, value)
    return form
  }
}
