import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { BoardEdit, BoardIn, BoardOut, CardIn } from "../../api/schema"

const path = (board_id: number) => ({ path: { board_id } })

export function useBoards() {
  return useQuery({
    queryKey: ["boards"],
    queryFn: ({ signal }) => answer(api.GET("/api/insights/boards", { signal })),
  })
}

export function useBoard(id: number | undefined) {
  return useQuery({
    queryKey: ["boards", id],
    queryFn: ({ signal }) => answer(api.GET("/api/insights/boards/{board_id}", { params: path(id ?? 0), signal })),
    enabled: id !== undefined,
  })
}

/** What a card shows today. The card's question is never changed, so its id is enough. */
export function useCard(board_id: number, card_id: number) {
  return useQuery({
    queryKey: ["insights", "card", board_id, card_id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/insights/boards/{board_id}/cards/{card_id}", { params: { path: { board_id, card_id } }, signal }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}

function useBoardChange<Given>(change: (given: Given) => Promise<BoardOut>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async (board) => {
      client.setQueryData(["boards", board.id], board)
      await client.invalidateQueries({ queryKey: ["boards"], exact: true })
    },
  })
}

export const useMakeBoard = () => useBoardChange((body: BoardIn) => answer(api.POST("/api/insights/boards", { body })))

export const useEditBoard = (id: number) =>
  useBoardChange((body: BoardEdit) => answer(api.PATCH("/api/insights/boards/{board_id}", { params: path(id), body })))

/** Adds to a board, or first makes one of the name given. */
export const useAddCard = () =>
  useBoardChange(async ({ board, newBoard, card }: { board?: number; newBoard?: string; card: CardIn }) => {
    const id = board ?? (await answer(api.POST("/api/insights/boards", { body: { name: newBoard ?? "" } }))).id
    return answer(api.POST("/api/insights/boards/{board_id}/cards", { params: path(id), body: card }))
  })

export function useDeleteBoard() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => answer(api.DELETE("/api/insights/boards/{board_id}", { params: path(id) })),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: ["boards", id] })
      return client.invalidateQueries({ queryKey: ["boards"], exact: true })
    },
  })
}
