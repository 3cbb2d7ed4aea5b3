import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"

const sessionsKey = ["sessions"] as const

/** What the sign-in page needs to know; the answer also brings the CSRF cookie. */
export function useDoor() {
  return useQuery({ queryKey: ["door"], queryFn: ({ signal }) => answer(api.GET("/api/session", { signal })), staleTime: 0 })
}

export function useSignIn() {
  return useMutation({
    mutationFn: (body: { username: string; password: string; totp?: string }) => answer(api.POST("/api/session", { body })),
  })
}

export function useSessions() {
  return useQuery({ queryKey: sessionsKey, queryFn: ({ signal }) => answer(api.GET("/api/me/sessions", { signal })) })
}

export function useEndOtherSessions() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.DELETE("/api/me/sessions")),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsKey }),
  })
}

export function useEndSession() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => answer(api.DELETE("/api/me/sessions/{sign_in_id}", { params: { path: { sign_in_id: id } } })),
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

/** Answers with the recovery codes, which are shown once; the page says when they have been read. */
export function useConfirmTotp() {
  return useMutation({
    mutationFn: (code: string) => answer(api.POST("/api/me/totp/confirm", { body: { code } })),
  })
}

export function useTurnOffTotp() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (password: string) => answer(api.POST("/api/me/totp/off", { body: { password } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["me"] }),
  })
}
