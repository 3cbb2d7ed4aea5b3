// The HTTP contract the console is written against, until the generated schema takes its place.
type Op<In, Out> = {
  parameters: { header?: never; cookie?: never } & (In extends { query: infer Q } ? { query?: Q } : { query?: never }) &
    (In extends { path: infer P } ? { path: P } : { path?: never })
  responses: { 200: { headers: Record<string, unknown>; content: { "application/json": Out } } }
} & (In extends { body: infer B } ? { requestBody: { content: { "application/json": B } } } : { requestBody?: never })

interface Paged {
  limit?: number
  cursor?: string
}
export interface Page<Item> {
  items: Item[]
  next: string | null
  total: { count: number; exact: boolean }
}

export interface Person {
  id: string
  name: string
  avatar: string | null
}
export interface TagOut {
  id: string
  name: string
  group_id: string
  group_name: string
  color: string | null
  kind: "corp" | "own" | "rule"
  customer_count?: number
}
export interface TagGroupOut {
  id: string
  name: string
  kind: "corp" | "own"
  corp_id: string | null
  tags: TagOut[]
}
export interface CustomerRow extends Person {
  remark: string | null
  stage: string
  source: string | null
  phone_masked: string | null
  tags: TagOut[]
  owners: Person[]
  store_name: string | null
  order_count: number
  spent_fen: number
  currency: string
  added_at: string | null
  last_seen_at: string | null
  state: string
}
export interface Owner {
  id: string
  member: Person
  state: string
  remark: string | null
  added_at: string
  ended_at: string | null
  source: string | null
}
export interface Identity {
  id: string
  kind: string
  issuer: string
  value: string
  source: string
  valid_from: string
  valid_to: string | null
}
export interface Consent {
  purpose: string
  channel: string
  state: "granted" | "refused" | "unknown"
  at: string | null
  source: string | null
}
export interface CustomField {
  id: string
  key: string
  label: string
  kind: "text" | "number" | "date" | "choice" | "boolean"
  choices: string[]
}
export interface CustomerProfile extends CustomerRow {
  owners_history: Owner[]
  consents: Consent[]
  fields: Record<string, unknown>
  merged_from: { merge_id: string; name: string; at: string }[]
  created_at: string
}
export interface EventRow {
  id: string
  name: string
  title: string
  customer_id: string | null
  customer_name: string | null
  at: string
  summary: string | null
  data: Record<string, unknown>
}
export interface OrderRow {
  id: string
  number: string
  source: string
  customer_id: string | null
  customer_name: string | null
  state: string
  placed_at: string
  total_fen: number
  currency: string
  line_count: number
}

export interface ContractPaths {
  "/api/overview": { get: Op<object, Overview> }
  "/api/search": { get: Op<{ query: { q: string } }, SearchResults> }
  "/api/customers": { get: Op<{ query: Paged & Record<string, string | number | undefined> }, Page<CustomerRow>> }
}
export interface SearchHit {
  kind: string
  id: string
  title: string
  subtitle: string | null
}
export interface SearchResults {
  items: SearchHit[]
}
export interface Overview {
  customers: { total: number; today: number; yesterday: number }
  added_today: number
  lost_today: number
  orders: { total: number; today: number; amount_fen: number; currency: string }
  live_codes: { active: number; scans_today: number }
  days: { day: string; added: number; lost: number }[]
  attention: { kind: string; count: number }[]
}
