import type { ReactNode } from "react"

import { Logo } from "./Logo"
import "./Splash.css"

/** The quiet first picture, until it is known who is here. */
export function Splash({ children }: { children?: ReactNode }) {
  return (
    <div className="splash" aria-busy={!children}>
      {children ?? <Logo size={56} />}
    </div>
  )
}
