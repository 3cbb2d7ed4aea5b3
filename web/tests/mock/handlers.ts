import { http, HttpResponse } from "msw"

import { me } from "./people"

const at = (path: string) => `*/api${path}`

export const handlers = [
  http.get(at("/me"), () => HttpResponse.json(me)),
  http.post(at("/session"), () => HttpResponse.json(me)),
  http.delete(at("/session"), () => new HttpResponse(null, { status: 204 })),
  http.get(at("/me/sessions"), () => HttpResponse.json({ items: [] })),
  http.get(at("/search"), () => HttpResponse.json({ items: [] })),
  http.get(at("/live"), () => new HttpResponse(": hello\n\n", { headers: { "content-type": "text/event-stream" } })),
]
