import type { EventOut } from "./schema"

// The part of the HTTP contract whose schema is still to come; what is generated leaves this file.
type Op<In, Out> = {
  parameters: { header?: never; cookie?: never } & (In extends { query: infer Q } ? { query?: Q } : { query?: never }) &
    (In extends { path: infer P } ? { path: P } : { path?: never })
  responses: { 200: { headers: Record<string, unknown>; content: { "application/json": Out } } }
} & (In extends { body: infer B } ? { requestBody: { content: { "application/json": B } } } : { requestBody?: never })

type Paged<F extends string = never> = { limit?: number; cursor?: string } & { [Name in F]?: string }
export interface Page<Item> {
  items: Item[]
  next: string | null
  total: { count: number; exact: boolean }
}
interface Items<Item> {
  items: Item[]
}

export interface PersonRef {
  id: number
  name: string
  avatar: string | null
}
export interface TagRef {
  id: number
  name: string
}

/* customers ------------------------------------------------------------------------------------------------------- */
export interface CustomerRow {
  id: number
  name: string
  avatar: string | null
  remark: string
  stage: string
  source: string
  source_label: string
  phone: string | null // masked
  tags: TagRef[]
  owners: PersonRef[]
  order_count: number
  amount_fen: number
  currency: string
  added_at: string | null
}
export interface OwnershipOut {
  id: number
  member: PersonRef
  state: string
  remark: string
  description: string
  added_at: string
  ended_at: string | null
  source_label: string
}
export interface TaggingOut {
  id: number
  tag: TagRef
  group: string
  kind: string
  member: PersonRef | null
  at: string
  by: string
  reason: string
}
export interface IdentityOut {
  id: number
  kind: string
  issuer: string
  value: string // phones masked
  source: string
  since: string
  ended_at: string | null
  ended_reason: string
}
export interface ConsentOut {
  purpose: string
  channel: string
  granted: boolean
  at: string
  source: string
}
export interface MergeOut {
  id: number
  other: PersonRef
  reason: string
  at: string
  by: string
}
export interface CustomerProfile extends CustomerRow {
  gender: string
  phones: { identity_id: number; masked: string }[]
  ownerships: OwnershipOut[]
  taggings: TaggingOut[]
  consents: ConsentOut[]
  merges: MergeOut[]
  fields: Record<string, unknown>
  created_at: string
  erased_at: string | null
}
export interface OrderOut {
  id: number
  source: string
  number: string
  kind: string
  customer: PersonRef | null
  placed_at: string
  amount_fen: number
  currency: string
  line_count: number
  quantity: number
}
export interface ReviewOut {
  id: number
  left: CustomerRow
  right: CustomerRow
  reason: string
  evidence: Record<string, unknown>
  state: string
  created_at: string
}
export interface TagOut extends TagRef {
  customers: number
}
export interface TagGroupOut {
  id: number
  name: string
  kind: string
  corp: string | null
  tags: TagOut[]
}
export interface CustomFieldOut {
  id: number
  key: string
  label: string
  kind: string
  options: string[]
}

type Id<Name extends string> = { path: { [Key in Name]: number } }

export interface ContractPaths {
  "/api/overview": { get: Op<object, Overview> }
  "/api/search": { get: Op<{ query: { q: string } }, Items<SearchHit>> }
  "/api/customers": {
    get: Op<
      { query: Paged<"q" | "tag" | "member" | "store" | "stage" | "source" | "state" | "added_from" | "added_to" | "sort"> },
      Page<CustomerRow>
    >
  }
  "/api/customers/{customer_id}": {
    get: Op<Id<"customer_id">, CustomerProfile>
    patch: Op<Id<"customer_id"> & { body: { name?: string; stage?: string; fields?: Record<string, unknown> } }, CustomerProfile>
  }
  "/api/customers/{customer_id}/timeline": { get: Op<Id<"customer_id"> & { query: Paged }, Page<EventOut>> }
  "/api/customers/{customer_id}/orders": { get: Op<Id<"customer_id"> & { query: Paged }, Page<OrderOut>> }
  "/api/customers/{customer_id}/identities": { get: Op<Id<"customer_id">, Items<IdentityOut>> }
  "/api/customers/{customer_id}/tags": {
    post: Op<Id<"customer_id"> & { body: { tag_ids: number[] } }, CustomerProfile>
  }
  "/api/customers/{customer_id}/tags/{tag_id}": { delete: Op<Id<"customer_id" | "tag_id">, CustomerProfile> }
  "/api/customers/{customer_id}/merge": { post: Op<Id<"customer_id"> & { body: { other_id: number } }, CustomerProfile> }
  "/api/customers/{customer_id}/unmerge": { post: Op<Id<"customer_id"> & { body: { merge_id: number } }, CustomerProfile> }
  "/api/customers/{customer_id}/reveal-phone": {
    post: Op<Id<"customer_id"> & { body: { identity_id: number } }, { phone: string }>
  }
  "/api/customers/{customer_id}/consents": {
    post: Op<Id<"customer_id"> & { body: { purpose: string; channel: string; granted: boolean } }, CustomerProfile>
  }
  "/api/customers/{customer_id}/erase": { post: Op<Id<"customer_id"> & { body: { reason: string } }, CustomerProfile> }
  "/api/orders": { get: Op<{ query: Paged<"q" | "kind" | "source"> }, Page<OrderOut>> }
  "/api/tag-groups": { get: Op<object, Items<TagGroupOut>> }
  "/api/custom-fields": { get: Op<object, Items<CustomFieldOut>> }
}


export interface SearchHit {
  kind: string
  id: number
  title: string
  subtitle: string | null
}
export interface Overview {
  customers: number
  added_today: number
  added_yesterday: number
  lost_today: number
  lost_yesterday: number
  orders: number
  amount_fen: number
  currency: string
  scans_today: number
  live_codes: number
  days: { day: string; added: number; lost: number }[]
  attention: { kind: string; count: number }[]
}
