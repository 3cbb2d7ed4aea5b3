import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { CorpChange, CorpIn } from "../../api/schema"

const path = (corp_id: number) => ({ path: { corp_id } })

function useCorpChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ["corps"] }) })
}

export const useConnectCorp = () => useCorpChange((body: CorpIn) => answer(api.POST("/api/corps", { body })))

export const useChangeCorp = (id: number) =>
  useCorpChange((body: CorpChange) => answer(api.PATCH("/api/corps/{corp_id}", { params: path(id), body })))

export const useDisconnectCorp = (id: number) =>
  useCorpChange(() => answer(api.DELETE("/api/corps/{corp_id}", { params: path(id) })))

export function useCorp(id: number) {
  return useQuery({
    queryKey: ["corps", id],
    queryFn: ({ signal }) => answer(api.GET("/api/corps/{corp_id}", { params: path(id), signal })),
  })
}

/** The check takes seconds and calls WeCom: it runs when asked, and its last answer is kept for the page. */
export function useCheckCorp(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationKey: ["corp-check", id],
    mutationFn: () => answer(api.POST("/api/corps/{corp_id}/check", { params: path(id) })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["corps"] }),
  })
}

/** Reading the callback's secrets is audited, so it happens only when somebody asks to see them. */
export function useCallbackSecrets(id: number) {
  return useMutation({
    mutationFn: () => answer(api.GET("/api/corps/{corp_id}/callback", { params: path(id) })),
    gcTime: 0,
  })
}

export function useWelcomeFigures(id: number) {
  return useQuery({
    queryKey: ["corps", id, "welcomes"],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/corps/{corp_id}/welcomes", { params: { ...path(id), query: { days: 7 } }, signal })),
  })
}

export function useRefusedCallbacks(id: number) {
  return useQuery({
    queryKey: ["corps", id, "refused"],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/corps/{corp_id}/refused-callbacks", { params: { ...path(id), query: { days: 7 } }, signal })),
  })
}
