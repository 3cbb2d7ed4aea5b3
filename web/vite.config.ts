/// <reference types="vitest/config" />
import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

const backend = `http://127.0.0.1:${process.env.YUTANG_PORT ?? "8000"}`

export default defineConfig({
  plugins: [react()],
  build: { target: "es2022", chunkSizeWarningLimit: 900, reportCompressedSize: false, manifest: true },
  server: {
    host: "127.0.0.1",
    port: Number(process.env.WEB_PORT ?? "5173"),
    proxy: { "/api": { target: backend, changeOrigin: false } },
  },
  test: {
    maxWorkers: 2,
    projects: [
      // pure functions need no browser, and start at once without one
      { test: { name: "functions", environment: "node", include: ["src/**/*.test.ts"] } },
      {
        plugins: [react()],
        test: {
          name: "pages",
          environment: "jsdom",
          setupFiles: ["tests/setup.ts"],
          include: ["tests/**/*.test.tsx"],
          testTimeout: 60_000,
        },
      },
    ],
  },
})
