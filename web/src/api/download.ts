import { refusalOf } from "./client"

/** Fetches a file and hands it to the browser to keep. Unlike a plain link, a refusal is thrown as ApiError. */
export async function downloadFile(address: string, name: string): Promise<void> {
  const response = await fetch(address, {
    credentials: "same-origin",
    headers: { "Accept-Language": document.documentElement.lang.startsWith("en") ? "en" : "zh" },
  })
  if (!response.ok) throw await refusalOf(response)
  const link = document.createElement("a")
  link.href = URL.createObjectURL(await response.blob())
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000) // some browsers read it only after the click has returned
}
