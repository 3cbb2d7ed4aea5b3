import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { AccountIn, NewAccount, Role } from "../../api/schema"

interface Filters {
  q?: string
  role?: string
}

export function useAccounts({ q, role }: Filters, cursor: string | undefined) {
  return useQuery({
    queryKey: ["accounts", "list", q, role, cursor],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/accounts", { params: { query: { q, role: role as Role | undefined, cursor, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
  })
}

export function useRoles() {
  return useQuery({
    queryKey: ["roles"],
    queryFn: ({ signal }) => answer(api.GET("/api/roles", { signal })),
    staleTime: Infinity,
  })
}

function useAccountChange<Input>(change: (input: Input) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ["accounts"] }) })
}

const path = (account_id: number) => ({ path: { account_id } })

export const useCreateAccount = () => useAccountChange((body: NewAccount) => answer(api.POST("/api/accounts", { body })))

export const useChangeAccount = (id: number) =>
  useAccountChange((body: AccountIn) => answer(api.PUT("/api/accounts/{account_id}", { params: path(id), body })))

export const useSwitchAccount = () =>
  useAccountChange(({ id, on }: { id: number; on: boolean }) =>
    on
      ? answer(api.POST("/api/accounts/{account_id}/enable", { params: path(id) }))
      : answer(api.POST("/api/accounts/{account_id}/disable", { params: path(id) })),
  )

export const useResetPassword = () =>
  useAccountChange(({ id, password }: { id: number; password: string }) =>
    answer(api.POST("/api/accounts/{account_id}/password", { params: path(id), body: { password } })),
  )

export const useResetTotp = () =>
  useAccountChange((id: number) => answer(api.DELETE("/api/accounts/{account_id}/totp", { params: path(id) })))

export function useSessionsOf(account_id: number) {
  return useQuery({
    queryKey: ["accounts", account_id, "sessions"],
    queryFn: ({ signal }) => answer(api.GET("/api/accounts/{account_id}/sessions", { params: path(account_id), signal })),
  })
}

export const useEndSessionOf = (account_id: number) =>
  useAccountChange((sign_in_id: number) =>
    answer(
      api.DELETE("/api/accounts/{account_id}/sessions/{sign_in_id}", { params: { path: { account_id, sign_in_id } } }),
    ),
  )

export const useEndAllSessionsOf = (account_id: number) =>
  useAccountChange(() => answer(api.DELETE("/api/accounts/{account_id}/sessions", { params: path(account_id) })))
