import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { answer, api } from "../../api/client"
import type { BoundsShape, Field, operations } from "../../api/schema"

type Query<Name extends keyof operations> = operations[Name] extends { parameters: { query?: infer Asked } } ? NonNullable<Asked> : never

export type ReportAsked = Query<"yutang_api_insights_report">
export type DashboardAsked = Query<"yutang_api_insights_dashboard">
export type PeopleAsked = Query<"yutang_api_insights_people">
export type ReportName = operations["yutang_api_insights_report"]["parameters"]["path"]["report"]
export type PeopleOf = operations["yutang_api_insights_people"]["parameters"]["path"]["of"]

const FRESH = 15_000 // milliseconds: figures need not be asked for again within a breath

export function useSpan() {
  return useQuery({
    queryKey: ["insights", "span"],
    queryFn: ({ signal }) => answer(api.GET("/api/insights/span", { signal })),
    staleTime: 300_000,
  })
}

export function useDashboard(query: DashboardAsked) {
  return useQuery({
    queryKey: ["insights", "dashboard", query],
    queryFn: ({ signal }) => answer(api.GET("/api/insights/dashboard", { params: { query }, signal })),
    placeholderData: keepPreviousData,
    staleTime: FRESH,
  })
}

export function useReport(report: ReportName, query: ReportAsked, wanted = true) {
  return useQuery({
    queryKey: ["insights", "report", report, query],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/insights/reports/{report}", { params: { path: { report }, query }, signal })),
    placeholderData: keepPreviousData,
    staleTime: FRESH,
    enabled: wanted,
  })
}

export function usePeople(of: PeopleOf, query: PeopleAsked) {
  return useQuery({
    queryKey: ["insights", "people", of, query],
    queryFn: ({ signal }) => answer(api.GET("/api/insights/people/{of}", { params: { path: { of }, query }, signal })),
    placeholderData: keepPreviousData,
    staleTime: FRESH,
  })
}

/** Segments that reports can be narrowed to. */
export function useSegmentChoices() {
  return useQuery({
    queryKey: ["segments", "choices"],
    queryFn: async ({ signal }) => {
      const query = { state: ["live" as const, "frozen" as const], limit: 100 }
      return (await answer(api.GET("/api/segments", { params: { query }, signal }))).items
    },
    staleTime: 60_000,
  })
}

/** The people behind a number as a rule of segments. */
export function useRuleOf() {
  return useMutation({
    mutationFn: ({ of, query }: { of: PeopleOf; query: PeopleAsked }) =>
      answer(api.GET("/api/insights/people/{of}/rule", { params: { path: { of }, query } })),
  })
}

export function useDefinitions() {
  return useQuery({
    queryKey: ["insights", "definitions"],
    queryFn: ({ signal }) => answer(api.GET("/api/insights/definitions", { signal })),
    staleTime: Infinity,
  })
}

export function useOrderSources() {
  return useQuery({
    queryKey: ["insights", "order-sources"],
    queryFn: ({ signal }) => answer(api.GET("/api/insights/order-sources", { signal })),
    staleTime: 60_000,
  })
}

export function useSetSourceField() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, field }: { id: number; field: Field }) =>
      answer(
        api.PUT("/api/insights/order-sources/{source_id}", { params: { path: { source_id: id } }, body: { field } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["insights"] }),
  })
}

export function useSetBounds() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: BoundsShape) => answer(api.PUT("/api/insights/rfm-bounds", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["insights"] }),
  })
}

/** Where a report can be had as a file. */
export function fileAddress(kind: "reports" | "people", name: string, ending: "csv" | "xlsx", query: object): string {
  const asked = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) asked.append(key, String(each))
    }
  }
  return `/api/insights/${kind}/${name}/export.${ending}?${asked}`
}
