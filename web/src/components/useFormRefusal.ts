import { App, type FormInstance } from "antd"

import { asApiError } from "../api/errors"
import { useT } from "../i18n"

/** Puts a refusal where it belongs: beside the fields it names, and the rest in a notice that also gives the advice. */
export function useFormRefusal<Values>(form?: FormInstance<Values>) {
  const t = useT()
  const { notification } = App.useApp()
  return (error: unknown) => {
    const refusal = asApiError(error)
    const named = Object.entries(refusal?.fields ?? {})
    if (form && named.length > 0) {
      const known = new Set(Object.keys(form.getFieldsValue() as object))
      const shown = named.filter(([name]) => known.has(name))
      form.setFields(shown.map(([name, message]) => ({ name: name as never, errors: [message] })))
      if (shown.length === named.length) return
    }
    notification.error({
      title: refusal?.message || t(refusal?.code === "unreachable" ? "error.unreachable" : "error.server"),
      description: refusal?.advice,
    })
  }
}
