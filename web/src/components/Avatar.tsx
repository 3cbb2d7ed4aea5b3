import { useState } from "react"

import { hueOf, initial } from "../lib/readable"
import "./Avatar.css"

interface Props {
  name: string | null | undefined
  /** Decides the colour; an id, so that renaming somebody keeps it. */
  seed: string | number
  src?: string | null
  size?: number
}

/** A picture, or the first letter on a colour of its own when there is none or it does not load. */
export function Avatar({ name, seed, src, size = 28 }: Props) {
  const [broken, setBroken] = useState<string>()
  const style = { width: size, height: size, fontSize: Math.round(size * 0.44) }
  if (src && /^(https?:|\/|data:image\/)/.test(src) && broken !== src) {
    return (
      <img
        className="avatar"
        style={style}
        src={src}
        alt=""
        loading="lazy"
        referrerPolicy="no-referrer"
        onError={() => setBroken(src)}
      />
    )
  }
  return (
    <span className="avatar" aria-hidden="true" style={{ ...style, backgroundColor: `hsl(${hueOf(String(seed))} 42% 46%)` }}>
      {initial(name)}
    </span>
  )
}
