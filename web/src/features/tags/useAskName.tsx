import { App, Input } from "antd"

import { useFormRefusal } from "../../components/useFormRefusal"

/** Asks for a name in a dialog and hands it on; the dialog stays open when it is refused. */
export function useAskName() {
  const { modal } = App.useApp()
  const refused = useFormRefusal()
  return (title: string, before: string, save: (name: string) => Promise<unknown>) => {
    let name = before
    modal.confirm({
      title,
      icon: null,
      content: (
        <Input aria-label={title} defaultValue={before} maxLength={30} autoFocus onChange={({ target }) => (name = target.value)} />
      ),
      onOk: async () => {
        if (!name.trim() || name.trim() === before) return
        try {
          await save(name.trim())
        } catch (error) {
          refused(error)
          throw error
        }
      },
    })
  }
}
