import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

import { mockApi } from "./tests/mock/plugin.ts"

// `npm run dev:mock`: the console without a backend, /api answered from the test fixtures. Never part of a build.
export default defineConfig({
  plugins: [react(), mockApi()],
  server: { host: "127.0.0.1", port: Number(process.env.WEB_PORT ?? "5174") },
})
