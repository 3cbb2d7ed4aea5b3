import { createContext, type ReactNode, useContext } from "react"

import type { Vocabulary } from "../../api/schema"

const VocabularyContext = createContext<Vocabulary | null>(null)

export function VocabularyProvider({ vocabulary, children }: { vocabulary: Vocabulary; children: ReactNode }) {
  return <VocabularyContext.Provider value={vocabulary}>{children}</VocabularyContext.Provider>
}

/** What rules can speak of at this merchant's. */
export function useWords(): Vocabulary {
  const vocabulary = useContext(VocabularyContext)
  if (!vocabulary) throw new Error("useWords outside of VocabularyProvider")
  return vocabulary
}
