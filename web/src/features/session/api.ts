import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"

const sessionsKey = ["sessions"] as const

export function useSignIn() {
  return useMutation({
    mutationFn: (body: { username: string; password: string; totp?: string }) => answer(api.POST("/api/session", { body })),
  })
}

export function useSessions() {
  return useQuery({ queryKey: sessionsKey, queryFn: ({ signal }) => answer(api.GET("/api/me/sessions", { signal })) })
}

export function useEndSession() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/api/me/sessions/{id}", { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsKey }),
  })
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (body: { current: string; new: string }) => answer(api.POST("/api/me/password", { body })),
  })
}

export function useStartTotp() {
  return useMutation({ mutationFn: () => answer(api.POST("/api/me/totp/start")) })
}

export function useConfirmTotp() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (code: string) => answer(api.POST("/api/me/totp/confirm", { body: { code } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["me"] }),
  })
}

export function useTurnOffTotp() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (password: string) => answer(api.POST("/api/me/totp/off", { body: { password } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["me"] }),
  })
}
