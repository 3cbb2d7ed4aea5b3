// The server of this page: what the phones show (/phones), what people do (/control/act), and the news between.
import { toast } from './dom.js'

async function read(response) {
  const body = await response.json().catch(() => ({ error: response.statusText }))
  if (!response.ok) throw new Error(body.error || response.statusText)
  return body
}

export const get = (path, query = {}) => fetch(`${path}?${new URLSearchParams(query)}`).then(read)

export const post = (path, body = {}) =>
  fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }).then(read)

export const act = (name, given) => post(`/control/act/${name}`, given)

/** Do something and show the reason if it is refused. Resolves to undefined then. */
export async function attempt(doing) {
  try {
    return await doing()
  } catch (error) {
    toast(error.message, 'bad')
    return undefined
  }
}

/** Call back with each piece of news; after a broken connection once with {topic: "reset"}. */
export function listen(onNews) {
  let broken = false
  const source = new EventSource('/phones/live')
  source.onmessage = (event) => onNews(JSON.parse(event.data))
  source.onerror = () => { broken = true }
  source.onopen = () => {
    if (broken) onNews({ topic: 'reset' })
    broken = false
  }
}
