// The part of the HTTP contract whose schema is still to come; what is generated leaves this file.
type Op<In, Out> = {
  parameters: { header?: never; cookie?: never } & (In extends { query: infer Q } ? { query?: Q } : { query?: never }) &
    (In extends { path: infer P } ? { path: P } : { path?: never })
  responses: { 200: { headers: Record<string, unknown>; content: { "application/json": Out } } }
} & (In extends { body: infer B } ? { requestBody: { content: { "application/json": B } } } : { requestBody?: never })

type Paged<F extends string = never> = { limit?: number; cursor?: string } & { [Name in F]?: string }

export interface OrderOut {
  id: number
  source: string
  number: string
  kind: string
  customer: { id: number; name: string; avatar: string | null } | null
  placed_at: string
  amount_fen: number
  currency: string
  line_count: number
}

export interface ContractPaths {
  "/api/customers/{customer_id}/orders": {
    get: Op<{ path: { customer_id: number }; query: Paged }, { items: OrderOut[]; next: string | null; total: { count: number; exact: boolean } }>
  }
  "/api/orders": {
    get: Op<{ query: Paged<"q" | "kind" | "source"> }, { items: OrderOut[]; next: string | null; total: { count: number; exact: boolean } }>
  }
}
