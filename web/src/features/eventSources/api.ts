import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { EventDeclaration, EventSourceEdit, EventSourceIn, FailedState, WhichFailed } from "../../api/schema"
import type { Filters } from "../../lib/useUrlFilters"

export const failedFilters = ["source", "reason", "state"] as const

const ARRIVALS_MS = 2000 // the log tells nobody of what was refused, so the page asks

export function useSources() {
  return useQuery({
    queryKey: ["event-sources"],
    queryFn: ({ signal }) => answer(api.GET("/api/event-sources", { signal })),
  })
}

export function useSource(source_id: number) {
  return useQuery({
    queryKey: ["event-sources", source_id],
    queryFn: ({ signal }) => answer(api.GET("/api/event-sources/{source_id}", { params: { path: { source_id } }, signal })),
  })
}

export function useArrivals(source_id: number, running: boolean) {
  return useQuery({
    queryKey: ["event-sources", source_id, "arrivals"],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/event-sources/{source_id}/arrivals", { params: { path: { source_id } }, signal })),
    refetchInterval: running ? ARRIVALS_MS : false,
    enabled: running,
  })
}

function useChange<Given, Answer>(change: (given: Given) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all(
        [["event-sources"], ["failed-events"], ["events", "learnt"]].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  })
}

export function useCreateSource() {
  return useChange((body: EventSourceIn) => answer(api.POST("/api/event-sources", { body })))
}

export function useChangeSource(source_id: number) {
  return useChange((body: EventSourceEdit) =>
    answer(api.PATCH("/api/event-sources/{source_id}", { params: { path: { source_id } }, body })),
  )
}

export function useRevealKey(source_id: number) {
  return useMutation({
    mutationFn: () => answer(api.POST("/api/event-sources/{source_id}/write-key", { params: { path: { source_id } } })),
  })
}

export function useRotateKey(source_id: number) {
  return useChange((at_once: boolean) =>
    answer(api.POST("/api/event-sources/{source_id}/write-key/rotate", { params: { path: { source_id } }, body: { at_once } })),
  )
}

export function useFailed(filters: Filters<(typeof failedFilters)[number]>, cursor: string | undefined) {
  const { source, reason, state } = filters
  return useQuery({
    queryKey: ["failed-events", "list", source, reason, state, cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/failed-events", {
          params: {
            query: { source_id: source ? Number(source) : undefined, reason, state: state as FailedState | undefined, cursor, limit: 50 },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })
}

export function useReasons() {
  return useQuery({
    queryKey: ["failed-events", "reasons"],
    queryFn: ({ signal }) => answer(api.GET("/api/failed-events/reasons", { signal })),
  })
}

/** Mends what was sent, where it was changed, and sends it again. */
export function useMend(failed_id: number) {
  return useChange(async (body: string | undefined) => {
    const path = { failed_id }
    if (body !== undefined) await answer(api.PATCH("/api/failed-events/{failed_id}", { params: { path }, body: { body } }))
    return answer(api.POST("/api/failed-events/{failed_id}/replay", { params: { path } }))
  })
}

export function useReplayMany() {
  return useChange((body: WhichFailed) => answer(api.POST("/api/failed-events/replay", { body })))
}

export function useDiscard() {
  return useChange((body: WhichFailed) => answer(api.POST("/api/failed-events/discard", { body })))
}

export function useLearnt(source_id: number | undefined) {
  return useQuery({
    queryKey: ["events", "learnt", source_id],
    queryFn: ({ signal }) => answer(api.GET("/api/events/learnt", { params: { query: { source_id } }, signal })),
  })
}

export function useCatalogue() {
  return useQuery({
    queryKey: ["events", "catalogue"],
    queryFn: ({ signal }) => answer(api.GET("/api/events/catalogue", { signal })),
    staleTime: Infinity,
  })
}

export function useDeclare(learnt_id: number) {
  return useChange((body: EventDeclaration) =>
    answer(api.PUT("/api/events/learnt/{learnt_id}/declaration", { params: { path: { learnt_id } }, body })),
  )
}
