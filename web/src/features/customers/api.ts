import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { CustomerProfile } from "../../api/contract"
import type { Filters } from "../../lib/useUrlFilters"

export const customerFilters = [
  "q", "tag", "member", "store", "stage", "source", "state", "added_from", "added_to", "sort",
] as const
export type CustomerFilters = Filters<(typeof customerFilters)[number]>

const profileKey = (id: number) => ["customers", id, "profile"] as const
const path = (customer_id: number) => ({ path: { customer_id } })

export function useCustomers(filters: CustomerFilters, cursor: string | undefined) {
  return useQuery({
    queryKey: ["customers", "list", filters, cursor],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/customers", { params: { query: { ...filters, cursor, limit: 50 } }, signal })),
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
  useChange(id, (body: { name?: string; stage?: string; fields?: Record<string, unknown> }) =>
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
    answer(api.POST("/api/customers/{customer_id}/unmerge", { params: path(id), body: { merge_id } })),
  )

export const useSetConsent = (id: number) =>
  useChange(id, (body: { purpose: string; channel: string; granted: boolean }) =>
    answer(api.POST("/api/customers/{customer_id}/consents", { params: path(id), body })),
  )

export const useErase = (id: number) =>
  useChange(id, (reason: string) =>
    answer(api.POST("/api/customers/{customer_id}/erase", { params: path(id), body: { reason } })),
  )

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
