import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { WelcomeChange } from "../../api/schema"

/** Whose welcome: the corp's default, or one department's or one member's. */
export interface Holder {
  corp_id: number
  department_id?: number
  member_id?: number
}

export function useWelcomes() {
  return useQuery({
    queryKey: ["welcomes"],
    queryFn: ({ signal }) => answer(api.GET("/api/welcomes", { signal })),
  })
}

export function useWelcome(of: Holder) {
  return useQuery({
    queryKey: ["welcomes", "of", of],
    queryFn: ({ signal }) => answer(api.GET("/api/welcomes/of", { params: { query: of }, signal })),
  })
}

export function useSaveWelcome() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: WelcomeChange) => answer(api.PUT("/api/welcomes", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["welcomes"] }),
  })
}
