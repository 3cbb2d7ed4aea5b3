import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { ImportDetailOut, ImportMapping, ImportState } from "../../api/schema"

const path = (import_id: number) => ({ path: { import_id } })

export const isWorking = (state: ImportState) => state === "checking" || state === "running"

export function useImports(cursor: string | undefined) {
  return useQuery({
    queryKey: ["imports", "list", cursor],
    queryFn: ({ signal }) => answer(api.GET("/api/imports", { params: { query: { cursor, limit: 20 } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some((each) => isWorking(each.state)) ? 2_000 : false),
  })
}

export function useImport(id: number) {
  return useQuery({
    queryKey: ["imports", id],
    queryFn: ({ signal }) => answer(api.GET("/api/imports/{import_id}", { params: path(id), signal })),
    refetchInterval: ({ state }) => (state.data && isWorking(state.data.state) ? 1_000 : false),
  })
}

export function useImportFields() {
  return useQuery({
    queryKey: ["import-fields"],
    queryFn: ({ signal }) => answer(api.GET("/api/imports/fields", { signal })),
    staleTime: Infinity,
  })
}

interface Upload {
  files: File[]
  source: string
}

export function useUploadImport() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ files, source }: Upload) => {
      const form = new FormData()
      files.forEach((file) => form.append("file", file))
      form.set("source", source)
      return answer(
        api.POST("/api/imports", { body: { file: files.map(({ name }) => name), source }, bodySerializer: () => form }),
      )
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["imports"] }),
  })
}

function useImportChange<Input>(id: number, change: (input: Input) => Promise<ImportDetailOut>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (detail) => {
      client.setQueryData(["imports", id], detail)
      void client.invalidateQueries({ queryKey: ["imports", "list"] })
    },
  })
}

/** Says what the columns mean and has the whole file checked; nothing is written by it. */
export const useCheckImport = (id: number) =>
  useImportChange(id, async (body: ImportMapping) => {
    await answer(api.PUT("/api/imports/{import_id}/mapping", { params: path(id), body }))
    return answer(api.POST("/api/imports/{import_id}/dry-run", { params: path(id) }))
  })

export const useStartImport = (id: number) =>
  useImportChange(id, (accept_bad_rows: boolean) =>
    answer(api.POST("/api/imports/{import_id}/start", { params: path(id), body: { accept_bad_rows } })),
  )

export const useCancelImport = (id: number) =>
  useImportChange(id, () => answer(api.POST("/api/imports/{import_id}/cancel", { params: path(id) })))

export const useResumeImport = (id: number) =>
  useImportChange(id, () => answer(api.POST("/api/imports/{import_id}/resume", { params: path(id) })))
