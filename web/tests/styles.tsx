import { StyleProvider } from "@ant-design/cssinjs"
import type { ComponentProps, ReactNode } from "react"

type Transformer = NonNullable<ComponentProps<typeof StyleProvider>["transformers"]>[number]

/** What a test can see of a style: whether something is there, and whether a pointer reaches it. */
const SEEN = ["display", "visibility", "opacity", "pointerEvents", "userSelect", "content"]

const onlyWhatIsSeen: Transformer = {
  visit: (style) =>
    Object.fromEntries(Object.entries(style).filter(([name, value]) => SEEN.includes(name) || holdsRules(value))) as typeof style,
}

/** True of a selector's rules; false of a property's value, which may be an object as well. */
function holdsRules(value: unknown): boolean {
  return typeof value === "object" && value !== null && !("_keyframe" in value || "_skip_check_" in value || "_multi_value_" in value)
}

/**
 * Leaves of the widgets' style sheets what hides an element or shuts it to the pointer.
 *
 * jsdom goes through every rule of the page each time a style is asked for; role queries, `toBeVisible` and clicks ask
 * for the style of every element and its ancestors. With the colours and spaces in them, the sheets took three quarters
 * of the time of a run.
 */
export function SeenStyles({ children }: { children: ReactNode }) {
  return <StyleProvider transformers={[onlyWhatIsSeen]}>{children}</StyleProvider>
}
