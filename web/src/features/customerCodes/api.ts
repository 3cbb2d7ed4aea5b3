import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { CustomerCodeBatch } from "../../api/schema"
import type { Filters } from "../../lib/useUrlFilters"

export const cardStates = ["waiting", "opened", "joined"] as const
export const cardFilters = ["q", "code", "state"] as const

export function useCustomerCodes(filters: Filters<(typeof cardFilters)[number]>, cursor: string | undefined) {
  return useQuery({
    queryKey: ["customer-codes", filters, cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/customer-codes", {
          params: {
            query: {
              q: filters.q,
              code: filters.code ? Number(filters.code) : undefined,
              state: filters.state as (typeof cardStates)[number] | undefined,
              cursor,
              limit: 50,
            },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })
}

export function useIssueCards() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: CustomerCodeBatch) => answer(api.POST("/api/customer-codes/batch", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["customer-codes"] }),
  })
}

/** Live codes by name, to lead cards to. */
export function useCodeChoice(q: string) {
  return useQuery({
    queryKey: ["live-codes", "choice", q],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/live-codes", { params: { query: { q: q || undefined, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
  })
}
