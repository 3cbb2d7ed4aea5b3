import { Tag, Tooltip } from "antd"

import { readable } from "../lib/readable"

export interface Chip {
  id: number | string
  name: string
}

interface Props {
  tags: readonly Chip[]
  /** Show this many; the rest are counted and named on demand. */
  limit?: number
  onRemove?: (id: Chip["id"]) => void
}

export function TagChips({ tags, limit = 3, onRemove }: Props) {
  const shown = tags.slice(0, limit)
  const rest = tags.slice(limit)
  return (
    <span className="row" style={{ gap: 4 }}>
      {shown.map((tag) => (
        <Tag
          key={tag.id}
          color="cyan"
          variant="filled"
          closable={Boolean(onRemove)}
          onClose={(event) => {
            // the chip leaves when the server has agreed
            event.preventDefault()
            onRemove?.(tag.id)
          }}
          style={{ marginInlineEnd: 0, maxWidth: 180 }}
        >
          <bdi className="clip" style={{ maxWidth: 140 }}>
            {readable(tag.name)}
          </bdi>
        </Tag>
      ))}
      {rest.length > 0 && (
        <Tooltip title={rest.map((tag) => readable(tag.name)).join("、")}>
          <Tag style={{ marginInlineEnd: 0 }}>+{rest.length}</Tag>
        </Tooltip>
      )}
    </span>
  )
}
