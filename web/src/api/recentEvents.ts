import { useQuery } from "@tanstack/react-query"

import { answer, api } from "./client"

export function useRecentEvents(limit: number) {
  return useQuery({
    queryKey: ["events", "recent", limit],
    queryFn: ({ signal }) => answer(api.GET("/api/events", { params: { query: { limit } }, signal })),
  })
}
