import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { ByHand } from "../../api/schema"

const LOOK_MS = 3000 // work asked for shows here within moments

export function useLakeTables() {
  return useQuery({
    queryKey: ["lake", "tables"],
    queryFn: ({ signal }) => answer(api.GET("/api/lake", { signal })),
    refetchInterval: LOOK_MS,
  })
}

export function useLakeRuns(cursor: string | undefined) {
  return useQuery({
    queryKey: ["lake", "runs", cursor],
    queryFn: ({ signal }) => answer(api.GET("/api/lake/runs", { params: { query: { cursor, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_MS,
  })
}

export function useAskForWork() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ table, work }: { table: string; work: ByHand }) =>
      answer(api.POST("/api/lake/{table}/work", { params: { path: { table } }, body: { work } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["lake"] }),
  })
}
