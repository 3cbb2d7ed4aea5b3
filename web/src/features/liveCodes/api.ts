import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { BatchIn, CodeChange, CodeShape, MoveCodes } from "../../api/schema"
import type { Filters } from "../../lib/useUrlFilters"

export const codeStates = ["live", "failed", "unstaffed", "expired", "archived"] as const
type CodeState = (typeof codeStates)[number]
export const codeFilters = ["q", "folder", "state"] as const

const path = (code_id: number) => ({ path: { code_id } })

export function useLiveCodes(filters: Filters<(typeof codeFilters)[number]>, cursor: string | undefined) {
  return useQuery({
    queryKey: ["live-codes", "list", filters, cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/live-codes", {
          params: {
            query: {
              q: filters.q,
              folder: filters.folder ? Number(filters.folder) : undefined,
              state: filters.state as CodeState | undefined,
              cursor,
              limit: 50,
            },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })
}

export function useLiveCode(id: number) {
  return useQuery({
    queryKey: ["live-codes", id],
    queryFn: ({ signal }) => answer(api.GET("/api/live-codes/{code_id}", { params: path(id), signal })),
    enabled: Number.isFinite(id),
  })
}

export function useStatistics(id: number, from: string, to: string) {
  return useQuery({
    queryKey: ["live-codes", id, "statistics", from, to],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/live-codes/{code_id}/statistics", { params: { ...path(id), query: { from, to } }, signal }),
      ),
    placeholderData: keepPreviousData,
  })
}

export function useFolders() {
  return useQuery({
    queryKey: ["live-code-folders"],
    queryFn: ({ signal }) => answer(api.GET("/api/live-code-folders", { signal })),
  })
}

function useCodeChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all(
        ["live-codes", "live-code-folders"].map((topic) => client.invalidateQueries({ queryKey: [topic] })),
      ),
  })
}

export const useCreateCode = () => useCodeChange((body: CodeShape) => answer(api.POST("/api/live-codes", { body })))

export const useChangeCode = (id: number) =>
  useCodeChange((body: CodeChange) =>
    answer(api.PATCH("/api/live-codes/{code_id}", { params: path(id), body })),
  )

export const useArchiveCode = (id: number) =>
  useCodeChange(() => answer(api.POST("/api/live-codes/{code_id}/archive", { params: path(id) })))

export const useCreateFolder = () =>
  useCodeChange((name: string) => answer(api.POST("/api/live-code-folders", { body: { name } })))

export const useApplyCode = (id: number) =>
  useCodeChange(() => answer(api.POST("/api/live-codes/{code_id}/apply", { params: path(id) })))

export const useRestoreCode = (id: number) =>
  useCodeChange(() => answer(api.POST("/api/live-codes/{code_id}/restore", { params: path(id) })))

export const useCreateBatch = () =>
  useCodeChange((body: BatchIn) => answer(api.POST("/api/live-code-batches", { body })))

export const useRenameFolder = () =>
  useCodeChange(({ id, name }: { id: number; name: string }) =>
    answer(api.PATCH("/api/live-code-folders/{folder_id}", { params: { path: { folder_id: id } }, body: { name } })),
  )

export const useOrderFolders = () =>
  useCodeChange((folder_ids: number[]) => answer(api.PUT("/api/live-code-folders/order", { body: { folder_ids } })))

export const useDeleteFolder = () =>
  useCodeChange((folder_id: number) =>
    answer(api.DELETE("/api/live-code-folders/{folder_id}", { params: { path: { folder_id } } })),
  )

export const useMoveCodes = () => useCodeChange((body: MoveCodes) => answer(api.POST("/api/live-codes/move", { body })))
