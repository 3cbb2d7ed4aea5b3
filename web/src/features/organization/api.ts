import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { MerchantIn, StoreIn } from "../../api/schema"

export interface MemberFilters {
  q?: string
  department?: string
  store?: string
}

const idOf = (text: string | undefined) => (text ? Number(text) : undefined)

export function useMemberPage({ q, department, store }: MemberFilters, cursor: string | undefined) {
  return useQuery({
    queryKey: ["members", "list", q, department, store, cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/members", {
          params: { query: { q, department_id: idOf(department), store_id: idOf(store), cursor, limit: 50 } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })
}

export function useStorePage(q: string | undefined, cursor: string | undefined) {
  return useQuery({
    queryKey: ["stores", "list", q, cursor],
    queryFn: ({ signal }) => answer(api.GET("/api/stores", { params: { query: { q, cursor, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
  })
}

export function useBrands() {
  return useQuery({ queryKey: ["brands"], queryFn: ({ signal }) => answer(api.GET("/api/brands", { signal })) })
}

/** A change after which the lists of these topics are asked for again. */
function useOrganizationChange<Input>(topics: string[], change: (input: Input) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(topics.map((topic) => client.invalidateQueries({ queryKey: [topic] }))),
  })
}

export const useSaveMerchant = () =>
  useOrganizationChange(["me"], (body: MerchantIn) => answer(api.PUT("/api/merchant", { body })))

export const useSaveStore = (id: number | null) =>
  useOrganizationChange<StoreIn>(["stores", "brands"], (body) =>
    id === null
      ? answer(api.POST("/api/stores", { body }))
      : answer(api.PUT("/api/stores/{store_id}", { params: { path: { store_id: id } }, body })),
  )

export const useSaveBrand = () =>
  useOrganizationChange(["brands", "stores"], ({ id, name }: { id: number | null; name: string }) =>
    id === null
      ? answer(api.POST("/api/brands", { body: { name } }))
      : answer(api.PUT("/api/brands/{brand_id}", { params: { path: { brand_id: id } }, body: { name } })),
  )

export const useDeleteBrand = () =>
  useOrganizationChange(["brands"], (brand_id: number) =>
    answer(api.DELETE("/api/brands/{brand_id}", { params: { path: { brand_id } } })),
  )

export const useMoveMembers = () =>
  useOrganizationChange(["members", "stores"], (body: { member_ids: number[]; store_id: number | null }) =>
    answer(api.POST("/api/members/move", { body })),
  )

export const useSwitchLine = () =>
  useOrganizationChange(["members"], ({ id, takes_customers }: { id: number; takes_customers: boolean }) =>
    answer(api.PUT("/api/members/{member_id}/line", { params: { path: { member_id: id } }, body: { takes_customers } })),
  )
