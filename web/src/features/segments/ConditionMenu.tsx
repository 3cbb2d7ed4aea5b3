import { PlusOutlined } from "@ant-design/icons"
import { Button, Popover } from "antd"
import { type KeyboardEvent, useId, useMemo, useState } from "react"

import { useT } from "../../i18n"
import { readable } from "../../lib/readable"
import { choicesOf, type ConditionChoice, found } from "./choices"
import type { Leaf } from "./rules"
import { useWords } from "./vocabulary"

interface Props {
  onChoose: (leaf: Leaf) => void
  primary?: boolean
}

/** A button that opens everything a condition can be about, to be searched or looked through. */
export function ConditionMenu({ onChoose, primary }: Props) {
  const t = useT()
  const [open, setOpen] = useState(false)
  const choose = (choice: ConditionChoice) => {
    setOpen(false)
    onChoose(choice.leaf)
  }
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      arrow={false}
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      classNames={{ container: "condition-menu" }}
      content={<Menu onChoose={choose} onClose={() => setOpen(false)} />}
    >
      <Button type={primary ? "primary" : "dashed"} size="small" icon={<PlusOutlined />} aria-haspopup="dialog">
        {t("seg.addCondition")}
      </Button>
    </Popover>
  )
}

function Menu({ onChoose, onClose }: { onChoose: (choice: ConditionChoice) => void; onClose: () => void }) {
  const t = useT()
  const vocabulary = useWords()
  const id = useId()
  const [typed, setTyped] = useState("")
  const [cursor, setCursor] = useState(0)
  const all = useMemo(() => choicesOf(vocabulary, t), [vocabulary, t])
  const groups = found(all, typed)
  const flat = groups.flatMap(({ choices }) => choices)
  const current = Math.min(cursor, flat.length - 1)

  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const chosen = flat[current]
    if (event.key === "ArrowDown") setCursor(Math.min(current + 1, flat.length - 1))
    else if (event.key === "ArrowUp") setCursor(Math.max(current - 1, 0))
    else if (event.key === "Escape") onClose()
    else if (event.key === "Enter" && chosen) onChoose(chosen)
    else return
    event.preventDefault()
  }
  return (
    <div>
      <input
        autoFocus
        className="condition-search"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={flat[current] && `${id}-${current}`}
        aria-label={t("seg.findCondition")}
        placeholder={t("seg.findCondition")}
        value={typed}
        maxLength={60}
        onChange={(event) => {
          setTyped(event.target.value)
          setCursor(0)
        }}
        onKeyDown={press}
      />
      <div id={id} role="listbox" aria-label={t("seg.addCondition")} className="condition-choices">
        {groups.map((group) => (
          <div key={group.label} role="group" aria-label={group.label}>
            <div className="condition-group small muted">{group.label}</div>
            {group.choices.map((choice) => {
              const place = flat.indexOf(choice)
              return (
                <div
                  key={choice.key}
                  id={`${id}-${place}`}
                  role="option"
                  aria-selected={place === current}
                  className="condition-choice"
                  ref={place === current ? (line) => line?.scrollIntoView({ block: "nearest" }) : undefined}
                  onMouseMove={() => setCursor(place)}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => onChoose(choice)}
                >
                  <bdi className="clip">{readable(choice.label)}</bdi>
                </div>
              )
            })}
          </div>
        ))}
        {flat.length === 0 && <p className="muted condition-none">{t("seg.noCondition")}</p>}
      </div>
    </div>
  )
}
