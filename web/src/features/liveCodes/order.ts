/** The order with `id` moved by one place; the same where it stands at the end already. */
export function moved(ids: number[], id: number, by: 1 | -1): number[] {
  const from = ids.indexOf(id)
  const other = ids[from + by]
  if (from < 0 || other === undefined) return ids
  return ids.map((each) => (each === id ? other : each === other ? id : each))
}
