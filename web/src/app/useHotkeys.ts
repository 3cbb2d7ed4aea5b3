import { useEffect } from "react"

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** "/" goes to the page's own search field, or to the palette where there is none; ⌘K or Ctrl-K always to the palette. */
export function useHotkeys({ openPalette }: { openPalette: () => void }) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.altKey) {
        event.preventDefault()
        openPalette()
      } else if (event.key === "/" && !event.metaKey && !event.ctrlKey && !event.altKey && !isTyping(event.target)) {
        event.preventDefault()
        const field = document.querySelector<HTMLInputElement>("main [data-page-search] input, main input[data-page-search]")
        if (field) field.focus()
        else openPalette()
      }
    }
    window.addEventListener("keydown", press)
    return () => window.removeEventListener("keydown", press)
  }, [openPalette])
}
