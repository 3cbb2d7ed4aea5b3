import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { HandedTagIn, SegmentEdit, SegmentIn, SegmentState } from "../../api/schema"
import type { Filters } from "../../lib/useUrlFilters"
import { countsOf, type Group, type Rule, ruleOf } from "./rules"

export const segmentStates = ["live", "draft", "frozen", "archived"] as const
export const segmentFilters = ["q", "state"] as const

const LOOK_AGAIN = 1_500 // milliseconds, while people are being computed

const path = (segment_id: number) => ({ path: { segment_id } })

/** A rule as the API's types have it: data whose form is published apart from them. */
export const sent = (rule: Rule) => rule as unknown as Record<string, unknown>
export const received = (rule: Record<string, unknown>) => rule as unknown as Rule

export function useSegments(filters: Filters<(typeof segmentFilters)[number]>, cursor: string | undefined) {
  return useQuery({
    queryKey: ["segments", "list", filters, cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/segments", {
          params: {
            query: { q: filters.q, state: filters.state ? [filters.state as SegmentState] : undefined, cursor, limit: 50 },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.items.some((each) => each.state === "live" && !each.is_ready) ? LOOK_AGAIN : false,
  })
}

export function useSegment(id: number) {
  return useQuery({
    queryKey: ["segments", id],
    queryFn: ({ signal }) => answer(api.GET("/api/segments/{segment_id}", { params: path(id), signal })),
    enabled: Number.isFinite(id),
    refetchInterval: ({ state }) =>
      state.data?.state === "live" && !state.data.is_ready ? LOOK_AGAIN : false,
  })
}

export function useVocabulary() {
  return useQuery({
    queryKey: ["segments", "vocabulary"],
    queryFn: ({ signal }) => answer(api.GET("/api/segments/vocabulary", { signal })),
    staleTime: 60_000,
  })
}

/** What a rule means, asked anew when it changes; an answer no longer wanted is called off. */
export function usePreview(root: Group | null, compareWith: readonly number[]) {
  const rule = root && ruleOf(root)
  return useQuery({
    queryKey: ["segment-preview", rule, compareWith],
    queryFn: async ({ signal }) => {
      const shape = root as Group
      const preview = await answer(
        api.POST("/api/segments/preview", {
          body: { rule: sent(ruleOf(shape)), compare_with: [...compareWith] },
          signal,
        }),
      )
      return { ...preview, counts: countsOf(shape, preview.parts) }
    },
    enabled: root !== null,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  })
}

export function useMembersOf(id: number, cursor: string | undefined) {
  return useQuery({
    queryKey: ["segments", id, "members", cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/segments/{segment_id}/members", { params: { ...path(id), query: { cursor, limit: 50 } }, signal }),
      ),
    placeholderData: keepPreviousData,
  })
}

export function useChanges(id: number, cursor: string | undefined) {
  return useQuery({
    queryKey: ["segments", id, "changes", cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/segments/{segment_id}/changes", { params: { ...path(id), query: { cursor, limit: 50 } }, signal }),
      ),
    placeholderData: keepPreviousData,
  })
}

export function useFlow(id: number, days: number) {
  return useQuery({
    queryKey: ["segments", id, "flow", days],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/segments/{segment_id}/flow", { params: { ...path(id), query: { days } }, signal })),
    placeholderData: keepPreviousData,
  })
}

export function useVersions(id: number) {
  return useQuery({
    queryKey: ["segments", id, "versions"],
    queryFn: ({ signal }) => answer(api.GET("/api/segments/{segment_id}/versions", { params: path(id), signal })),
    enabled: Number.isFinite(id),
  })
}

export function useDiff(id: number, before: number, after: number) {
  return useQuery({
    queryKey: ["segments", id, "diff", before, after],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/segments/{segment_id}/versions/{before}/diff/{after}", {
          params: { path: { segment_id: id, before, after } },
          signal,
        }),
      ),
    staleTime: Infinity, // versions never change
  })
}

export function useWhy(id: number, customerId: number | undefined) {
  return useQuery({
    queryKey: ["segments", id, "why", customerId],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/segments/{segment_id}/why/{customer_id}", {
          params: { path: { segment_id: id, customer_id: customerId ?? 0 } },
          signal,
        }),
      ),
    enabled: customerId !== undefined,
  })
}

function useSegmentChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: ["segments"] }),
  })
}

export const useCreateSegment = () =>
  useSegmentChange((body: SegmentIn) => answer(api.POST("/api/segments", { body })))

export const useEditSegment = (id: number) =>
  useSegmentChange((body: SegmentEdit) =>
    answer(api.PATCH("/api/segments/{segment_id}", { params: path(id), body })),
  )

export const useArchiveSegment = (id: number) =>
  useSegmentChange(() => answer(api.DELETE("/api/segments/{segment_id}", { params: path(id) })))

export const useChooseTag = (id: number) =>
  useSegmentChange((body: HandedTagIn) =>
    answer(api.PUT("/api/segments/{segment_id}/tag", { params: path(id), body })),
  )

export const useEndTag = (id: number) =>
  useSegmentChange(() => answer(api.DELETE("/api/segments/{segment_id}/tag", { params: path(id) })))

export const useFreezeSegment = (id: number) =>
  useSegmentChange((name: string) =>
    answer(api.POST("/api/segments/{segment_id}/freeze", { params: path(id), body: { name } })),
  )

/** The segment as it is at this moment, past what is kept here. */
export const loadSegment = (id: number) =>
  answer(api.GET("/api/segments/{segment_id}", { params: path(id) }))
