import { useMutation, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { GroupIn } from "../../api/schema"

function useTagChange<Input>(change: (input: Input) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ["tag-groups"] }) })
}

export const useCreateGroup = () => useTagChange((body: GroupIn) => answer(api.POST("/api/tag-groups", { body })))

export const useRenameGroup = () =>
  useTagChange(({ id, name }: { id: number; name: string }) =>
    answer(api.PATCH("/api/tag-groups/{group_id}", { params: { path: { group_id: id } }, body: { name } })),
  )

export const useDeleteGroup = () =>
  useTagChange((group_id: number) => answer(api.DELETE("/api/tag-groups/{group_id}", { params: { path: { group_id } } })))

export const useCreateTag = () =>
  useTagChange(({ group, name }: { group: number; name: string }) =>
    answer(api.POST("/api/tag-groups/{group_id}/tags", { params: { path: { group_id: group } }, body: { name } })),
  )

export const useRenameTag = () =>
  useTagChange(({ id, name }: { id: number; name: string }) =>
    answer(api.PATCH("/api/tags/{tag_id}", { params: { path: { tag_id: id } }, body: { name } })),
  )

export const useDeleteTag = () =>
  useTagChange((tag_id: number) => answer(api.DELETE("/api/tags/{tag_id}", { params: { path: { tag_id } } })))
