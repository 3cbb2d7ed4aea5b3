import { useQuery } from "@tanstack/react-query"

import { answer, api } from "../../api/client"

export function useOverview() {
  return useQuery({
    queryKey: ["overview"],
    queryFn: ({ signal }) => answer(api.GET("/api/overview", { signal })),
  })
}
