import { useQuery } from "@tanstack/react-query"

import { answer, api } from "../../api/client"

export const uploadKey = (id: number) => ["uploads", id] as const
export const uploadContentUrl = (id: number) => `/api/uploads/${id}/content`

export function useUpload(id: number | null) {
  return useQuery({
    queryKey: uploadKey(id ?? 0),
    queryFn: ({ signal }) => answer(api.GET("/api/uploads/{upload_id}", { params: { path: { upload_id: id ?? 0 } }, signal })),
    enabled: Boolean(id),
    staleTime: Infinity, // an upload never changes
  })
}
