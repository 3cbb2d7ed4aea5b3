/** A refusal from the API, in the shape every endpoint uses. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly advice?: string
  readonly fields: Record<string, string>
  readonly retryAfterSeconds?: number

  constructor(status: number, body: Partial<RefusalBody>) {
    super(body.message ?? `HTTP ${status}`)
    this.name = "ApiError"
    this.status = status
    this.code = body.code ?? `http_${status}`
    this.advice = body.advice ?? undefined
    this.fields = body.fields ?? {}
    this.retryAfterSeconds = body.retry_after_seconds ?? undefined
  }

  /** The same request may succeed later without anyone changing anything. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

export interface RefusalBody {
  code: string
  message: string
  advice?: string | null
  fields?: Record<string, string> | null
  retry_after_seconds?: number | null
}

export function asApiError(error: unknown): ApiError | null {
  return error instanceof ApiError ? error : null
}
