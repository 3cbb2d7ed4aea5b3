import { Fragment, type ReactNode } from "react"

/** A sentence with controls in its blanks, in the order the language wants them. */
export function Sentence({ text, parts }: { text: string; parts: Record<string, ReactNode> }) {
  const pieces = text.split(/(\{\w+\})/).filter((piece) => piece.trim())
  return (
    <span className="rule-sentence">
      {pieces.map((piece, index) => {
        const name = /^\{(\w+)\}$/.exec(piece)?.[1]
        return <Fragment key={name ?? index}>{name ? parts[name] : <span>{piece.trim()}</span>}</Fragment>
      })}
    </span>
  )
}
