import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useEffect, useRef } from "react"

import { answer, api } from "../api/client"
import type { Me } from "../api/schema"
import { useFormRefusal } from "../components/useFormRefusal"
import { type Language, useLanguage } from "../i18n"
import { meKey } from "../lib/viewer"

/**
 * The account speaks the language last chosen, on whichever machine. A choice made here, at the door or later, becomes
 * the account's; without one this device follows the account.
 */
export function useAccountLanguage(me: Me | undefined) {
  const { t, chosen, follow } = useLanguage()
  const client = useQueryClient()
  const refused = useFormRefusal()
  const kept = me?.account.language
  const spoken = useRef(t.language)
  const { mutate: keep } = useMutation({
    mutationFn: (language: Language) => answer(api.PATCH("/api/me", { body: { language } })),
    onSuccess: (changed) => client.setQueryData(meKey, changed),
    onError: refused,
  })

  useEffect(() => {
    if (!kept) return
    if (chosen && chosen !== kept) keep(chosen)
    else if (chosen || kept !== t.language) follow(kept)
    // only a choice or another account is a reason; that words of the language have arrived is none
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [kept, chosen])

  useEffect(() => {
    if (spoken.current === t.language) return
    spoken.current = t.language
    // What the server says in words is asked anew; a first answer still on its way would otherwise be kept.
    void client.cancelQueries().then(() => client.invalidateQueries())
  }, [client, t.language])
}
