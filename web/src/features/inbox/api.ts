import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { InboxState } from "../../api/schema"
import type { Filters } from "../../lib/useUrlFilters"

export const inboxFilters = ["state", "kind", "corp"] as const

export function useInbox(filters: Filters<(typeof inboxFilters)[number]>, cursor: string | undefined) {
  const { state, kind, corp } = filters
  return useQuery({
    queryKey: ["inbox", "list", state, kind, corp, cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/inbox", {
          params: {
            query: { state: state as InboxState | undefined, kind, corp_id: corp ? Number(corp) : undefined, cursor, limit: 50 },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })
}

export function useInboxMessage(id: number) {
  return useQuery({
    queryKey: ["inbox", id],
    queryFn: ({ signal }) => answer(api.GET("/api/inbox/{message_id}", { params: { path: { message_id: id } }, signal })),
  })
}

export function useReplay() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (message_id: number) =>
      answer(api.POST("/api/inbox/{message_id}/replay", { params: { path: { message_id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["inbox"] }),
  })
}
