// A phone: a frame with a stack of screens, each loaded from the server and loaded again when there is news.
import { attempt } from './api.js'
import { h } from './dom.js'
import { clockText } from './time.js'

/**
 * A screen is {load, render, update?, name}. `load` fetches its data, `render` makes its node; with `update(node, data)`
 * it takes news in place, so that what a person is typing stays.
 */
export class Phone {
  constructor(kind, label) {
    this.kind = kind
    this.stack = []
    this.view = h('div', { class: 'view' })
    this.overlay = h('div', { class: 'overlay', hidden: true })
    this.time = h('span', { class: 'status-time' }, clockText())
    const status = h('div', { class: 'status', 'aria-hidden': 'true' }, this.time, h('span', { class: 'island' }),
      h('span', { class: 'status-icons' }, h('i', { class: 'signal' }), h('i', { class: 'battery' })))
    this.node = h('section', { class: `phone ${kind}`, 'aria-label': label }, h('div', { class: 'glass' }, status, this.view, this.overlay,
      h('div', { class: 'home-bar', 'aria-hidden': 'true' })))
    this.node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.overlay.hidden ? this.back() : this.closeOverlay()
    })
    setInterval(() => { this.time.textContent = clockText() }, 5000)
    this.generation = 0
  }

  get top() { return this.stack.at(-1) }

  async open(screen) {
    this.stack.push({ screen })
    await this.show('push')
  }

  async reset(screen) {
    this.stack = [{ screen }]
    this.closeOverlay()
    await this.show('')
  }

  async back() {
    if (this.stack.length < 2) return
    this.stack.pop()
    await this.show('pop')
  }

  /** Replace what is above the first screen by another one. */
  async goTo(screen) {
    this.stack = [this.stack[0], { screen }]
    await this.show('push')
  }

  async show(motion) {
    const entry = this.top
    const generation = ++this.generation
    const data = await attempt(() => entry.screen.load())
    if (data === undefined || generation !== this.generation) return
    entry.node = entry.screen.render(data)
    entry.node.classList.add('screen')
    if (motion) entry.node.classList.add(`enter-${motion}`)
    this.view.replaceChildren(entry.node)
    entry.screen.shown?.(entry.node, data)
  }

  /** There is news: load the visible screen again, once for a burst of it. */
  refresh() {
    this.pending ??= setTimeout(() => { this.pending = null; this.reload() }, 100)
  }

  async reload() {
    const entry = this.top
    if (!entry?.node || entry.screen.still) return
    const data = await entry.screen.load().catch(() => undefined)
    if (data === undefined || entry !== this.top) return
    if (entry.screen.update) return entry.screen.update(entry.node, data)
    const scroller = entry.node.querySelector('.scroll')
    const position = scroller?.scrollTop
    const node = entry.screen.render(data)
    node.classList.add('screen')
    entry.node.replaceWith(node)
    entry.node = node
    const after = node.querySelector('.scroll')
    if (after && position) after.scrollTop = position
  }

  showOverlay(node) {
    this.overlay.replaceChildren(node)
    this.overlay.hidden = false
    node.tabIndex = -1
    const first = node.querySelector('.btn.wide, .dialog-buttons button') ?? node
    first.focus({ preventScroll: true })
  }

  closeOverlay() {
    this.overlay.hidden = true
    this.overlay.replaceChildren()
  }
}
