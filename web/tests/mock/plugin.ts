import type { IncomingMessage, ServerResponse } from "node:http"

import { getResponse } from "msw"
import type { Plugin } from "vite"

import { handlers } from "./handlers"

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  if (request.method === "GET" || request.method === "HEAD") return undefined
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = new Headers(Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]))
  const body = await bodyOf(request)
  const asked = new Request(`http://localhost${request.url}`, {
    method: request.method,
    headers,
    body: body ? new Uint8Array(body) : undefined,
  })
  const answered = (await getResponse(handlers, asked)) ?? new Response(null, { status: 404 })
  response.writeHead(answered.status, Object.fromEntries(answered.headers))
  const reader = answered.body?.getReader()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) response.write(part.value)
  response.end()
}

/** Answers /api in the dev server from the handlers the tests use, so that pages can be drawn without a backend. */
export function mockApi(): Plugin {
  return {
    name: "mock-api",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith("/api/")) void reply(request, response)
        else next()
      })
    },
  }
}
