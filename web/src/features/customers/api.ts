import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { ConsentIn, CustomerEdit, CustomerProfile, operations, OwnershipState, Stage } from "../../api/schema"
import { dayEnd, dayStart } from "../../lib/time"
import type { Filters } from "../../lib/useUrlFilters"

export const customerFilters = [
  "q", "tag", "member", "store", "stage", "source", "state", "has_orders", "added_from", "added_to",
] as const
export type CustomerFilters = Filters<(typeof customerFilters)[number]>

const profileKey = (id: number) => ["customers", id, "profile"] as const
const path = (customer_id: number) => ({ path: { customer_id } })

type CustomerQuery = NonNullable<operations["yutang_api_customers_list_customers"]["parameters"]["query"]>

const idOf = (text: string | undefined) => (text ? Number(text) : undefined)

/** What the address says, as the server asks it; days are the merchant's. */
export function customerQuery(filters: CustomerFilters, zone: string): CustomerQuery {
  return {
    q: filters.q,
    tag: filters.tag?.split(",").map(Number),
    member: idOf(filters.member),
    store: idOf(filters.store),
    stage: filters.stage as Stage | undefined,
    state: filters.state as OwnershipState | undefined,
    source: filters.source,
    has_orders: filters.has_orders ? filters.has_orders === "true" : undefined,
    added_from: filters.added_from && dayStart(filters.added_from, zone),
    added_to: filters.added_to && dayEnd(filters.added_to, zone),
  }
}

export function useCustomers(filters: CustomerFilters, cursor: string | undefined, zone: string) {
  return useQuery({
    queryKey: ["customers", "list", filters, cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/customers", { params: { query: { ...customerQuery(filters, zone), cursor, limit: 50 } }, signal }),
      ),
    placeholderData: keepPreviousData,
  })
}

export function useCustomer(id: number) {
  return useQuery({
    queryKey: profileKey(id),
    queryFn: ({ signal }) => answer(api.GET("/api/customers/{customer_id}", { params: path(id), signal })),
  })
}

export function useTimeline(id: number, cursor: string | undefined) {
  return useQuery({
    queryKey: ["customers", id, "timeline", cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/customers/{customer_id}/timeline", { params: { ...path(id), query: { cursor, limit: 30 } }, signal }),
      ),
    placeholderData: keepPreviousData,
  })
}

export function useCustomerOrders(id: number, cursor: string | undefined) {
  return useQuery({
    queryKey: ["orders", "of", id, cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/customers/{customer_id}/orders", { params: { ...path(id), query: { cursor, limit: 30 } }, signal }),
      ),
    placeholderData: keepPreviousData,
  })
}

export function useCustomerSegments(id: number, enabled: boolean) {
  return useQuery({
    queryKey: ["customers", id, "segments"],
    queryFn: ({ signal }) => answer(api.GET("/api/customers/{customer_id}/segments", { params: path(id), signal })),
    enabled,
  })
}

export function useIdentities(id: number) {
  return useQuery({
    queryKey: ["customers", id, "identities"],
    queryFn: ({ signal }) => answer(api.GET("/api/customers/{customer_id}/identities", { params: path(id), signal })),
  })
}

/** A change of one customer whose answer is the customer as it is now. */
function useChange<Input>(id: number, change: (input: Input) => Promise<CustomerProfile>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (profile) => {
      client.setQueryData(profileKey(id), profile)
      void client.invalidateQueries({ queryKey: ["customers"] })
    },
  })
}

export const useEditCustomer = (id: number) =>
  useChange(id, (body: CustomerEdit) =>
    answer(api.PATCH("/api/customers/{customer_id}", { params: path(id), body })),
  )

export const useAddTags = (id: number) =>
  useChange(id, (tag_ids: number[]) =>
    answer(api.POST("/api/customers/{customer_id}/tags", { params: path(id), body: { tag_ids } })),
  )

export const useRemoveTag = (id: number) =>
  useChange(id, (tag_id: number) =>
    answer(
      api.DELETE("/api/customers/{customer_id}/tags/{tag_id}", { params: { path: { customer_id: id, tag_id } } }),
    ),
  )

export const useMerge = (id: number) =>
  useChange(id, (other_id: number) =>
    answer(api.POST("/api/customers/{customer_id}/merge", { params: path(id), body: { other_id } })),
  )

export const useUnmerge = (id: number) =>
  useChange(id, (merge_id: number) =>
    answer(api.POST("/api/customers/merges/{merge_id}/undo", { params: { path: { merge_id } } })),
  )

export const useAddPhone = (id: number) =>
  useChange(id, (phone: string) =>
    answer(api.POST("/api/customers/{customer_id}/phones", { params: path(id), body: { phone } })),
  )

/** Tags on many customers at once. */
export function useTagMany() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { customer_ids: number[]; add: number[]; remove: number[] }) =>
      answer(api.POST("/api/customers/tags", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["customers"] }),
  })
}

export const useSetConsent = (id: number) =>
  useChange(id, (body: ConsentIn) =>
    answer(api.POST("/api/customers/{customer_id}/consents", { params: path(id), body })),
  )

export function useErase(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (reason: string) =>
      answer(api.POST("/api/customers/{customer_id}/erase", { params: path(id), body: { reason } })),
    onSuccess: () => {
      client.removeQueries({ queryKey: ["customers", id] })
      void client.invalidateQueries({ queryKey: ["customers"] })
    },
  })
}

export function useRevealPhone(id: number) {
  return useMutation({
    mutationFn: (identity_id: number) =>
      answer(api.POST("/api/customers/{customer_id}/reveal-phone", { params: path(id), body: { identity_id } })),
    gcTime: 0, // a revealed number is not kept once it has left the screen
  })
}

export function useCustomFields() {
  return useQuery({
    queryKey: ["custom-fields"],
    queryFn: ({ signal }) => answer(api.GET("/api/custom-fields", { signal })),
    staleTime: 60_000,
  })
}
