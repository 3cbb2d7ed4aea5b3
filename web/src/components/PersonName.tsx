import { Avatar } from "./Avatar"
import { Name } from "./Name"
import "./PersonName.css"

interface Props {
  id: string | number
  name: string | null | undefined
  avatar?: string | null
  detail?: string | null
  size?: number
  fallback?: string
}

/** A person in a row: picture, name, and a quieter line below. */
export function PersonName({ id, name, avatar, detail, size = 28, fallback }: Props) {
  return (
    <span className="person-name">
      <Avatar seed={id} name={name} src={avatar} size={size} />
      <span>
        <Name text={name} fallback={fallback} />
        {detail && (
          <span className="small muted">
            <Name text={detail} />
          </span>
        )}
      </span>
    </span>
  )
}
