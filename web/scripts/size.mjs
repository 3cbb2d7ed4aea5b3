// Measures the compressed script a first visit downloads: the entry, what it imports, and the overview page.
// Fails above the limit, so that a heavy import is noticed in the change that brings it.
import { readFileSync } from "node:fs"
import { gzipSync } from "node:zlib"

const LIMIT_KB = 420
const FIRST_PAGES = ["index.html", "src/features/overview/OverviewPage.tsx"]

const dist = new URL("../dist/", import.meta.url)
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"))
const files = new Set()

function collect(key) {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`${key} is not in the build manifest`)
  if (files.has(chunk.file)) return
  files.add(chunk.file)
  for (const imported of chunk.imports ?? []) collect(imported)
}

FIRST_PAGES.forEach(collect)

let total = 0
for (const file of files) {
  const bytes = gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length
  total += bytes
  console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${file}`)
}
console.log(`${(total / 1000).toFixed(1).padStart(8)} kB  first load, gzip (limit ${LIMIT_KB} kB)`)
if (total > LIMIT_KB * 1000) {
  console.error("The console's first load is above its limit.")
  process.exit(1)
}
