/** What each column means: a field's name, or null for a column that is left aside. */
export type Meanings = (string | null)[]

/** The server says field → column; people read column → field. */
export function meaningsOf(mapping: Readonly<Record<string, number>>, columns: number): Meanings {
  const meanings: Meanings = Array.from({ length: columns }, () => null)
  for (const [field, position] of Object.entries(mapping)) {
    if (position >= 0 && position < columns) meanings[position] = field
  }
  return meanings
}

export function mappingOf(meanings: Meanings): Record<string, number> {
  return Object.fromEntries(meanings.flatMap((field, position) => (field ? [[field, position]] : [])))
}

/** A field has one column: giving it to another takes it from the first. */
export function give(meanings: Meanings, position: number, field: string | null): Meanings {
  return meanings.map((each, place) => (place === position ? field : field !== null && each === field ? null : each))
}

/** Up to three different values that stand in a column. */
export function samplesOf(rows: readonly string[][], position: number): string[] {
  return [...new Set(rows.map((row) => row[position] ?? "").filter(Boolean))].slice(0, 3)
}
