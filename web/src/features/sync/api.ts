import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { SyncKind } from "../../api/schema"

const isUnderWay = (state: string) => state === "waiting" || state === "running"

export function useSyncRuns(corp_id: number, cursor: string | undefined) {
  return useQuery({
    queryKey: ["sync-runs", corp_id, cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/corps/{corp_id}/syncs", { params: { path: { corp_id }, query: { cursor, limit: 20 } }, signal }),
      ),
    placeholderData: keepPreviousData,
    // progress is asked for while something runs, besides what the live updates say
    refetchInterval: ({ state }) => (state.data?.items.some((run) => isUnderWay(run.state)) ? 2_000 : false),
  })
}

export function useGaps(corp_id: number, cursor: string | undefined) {
  return useQuery({
    queryKey: ["gaps", corp_id, cursor],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/corps/{corp_id}/gaps", { params: { path: { corp_id }, query: { cursor, limit: 20 } }, signal })),
    placeholderData: keepPreviousData,
  })
}

function useSyncChange<Input>(change: (input: Input) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ["sync-runs"] }) })
}

export const useStartSync = (corp_id: number) =>
  useSyncChange((kinds: SyncKind[]) =>
    answer(api.POST("/api/corps/{corp_id}/syncs", { params: { path: { corp_id } }, body: { kinds } })),
  )

export const useCancelSync = () =>
  useSyncChange((run_id: number) => answer(api.POST("/api/sync-runs/{run_id}/cancel", { params: { path: { run_id } } })))
