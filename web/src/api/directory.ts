import { keepPreviousData, useQuery } from "@tanstack/react-query"

import { answer, api } from "./client"

// What many pages let people choose from: tags, members, customers, stores, departments.

export function useTagGroups() {
  return useQuery({
    queryKey: ["tag-groups"],
    queryFn: ({ signal }) => answer(api.GET("/api/tag-groups", { signal })),
    staleTime: 60_000,
  })
}

export function useMembers(q: string) {
  return useQuery({
    queryKey: ["members", "choice", q],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/members", { params: { query: { q: q || undefined, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}

export function useCustomerChoice(q: string) {
  return useQuery({
    queryKey: ["customers", "choice", q],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/customers", { params: { query: { q: q || undefined, limit: 30 } }, signal })),
    placeholderData: keepPreviousData,
  })
}

export function useStores() {
  return useQuery({
    queryKey: ["stores", "choice"],
    queryFn: ({ signal }) => answer(api.GET("/api/stores", { params: { query: { limit: 200 } }, signal })),
    staleTime: 60_000,
  })
}

export function useDepartments() {
  return useQuery({
    queryKey: ["departments"],
    queryFn: ({ signal }) => answer(api.GET("/api/departments", { signal })),
    staleTime: 60_000,
  })
}

export function useCorps() {
  return useQuery({
    queryKey: ["corps"],
    queryFn: ({ signal }) => answer(api.GET("/api/corps", { signal })),
    staleTime: 60_000,
  })
}
