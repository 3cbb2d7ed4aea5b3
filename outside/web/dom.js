// Small makers of DOM nodes. Text always goes in as text, so a hostile name stays a name.

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value == null || value === false) continue
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (name === 'class') node.className = value
    else if (name === 'style') Object.assign(node.style, value)
    else if (name in node && name !== 'list' && name !== 'role') node[name] = value
    else node.setAttribute(name, value === true ? '' : value)
  }
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== false))
  return node
}

const ICONS = {
  back: 'M15 4 7 12l8 8',
  plus: 'M12 5v14M5 12h14',
  scan: 'M4 9V5h4M16 5h4v4M20 15v4h-4M8 19H4v-4M4 12h16',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  close: 'M6 6l12 12M18 6 6 18',
  chat: 'M5 5h14v11H10l-5 4z',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-4 3-6 6.5-6s6 2 6.5 6M16 4.5a3.2 3.2 0 0 1 0 6.300M18 14.500c2 .8 3.200 2.600 3.500 5.500',
  me: 'M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 21c.6-5 3.500-7 7.500-7s6.900 2 7.500 7',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l1.500 1.500h-15zM10 21h4',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18',
  go: 'M9 5l7 7-7 7',
  image: 'M4 5h16v14H4zM4 16l5-5 5 5 2-2 4 4M15.500 9h.01',
  qr: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2',
  check: 'M4 12.500 9.500 18 20 6.500',
  mini: 'M12 9v6a3 3 0 1 1-3-3M12 15V9a3 3 0 1 1 3 3M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z',
  trash: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13',
}

export function icon(name, size = 22) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  for (const [key, value] of Object.entries({
    viewBox: '0 0 24 24', width: size, height: size, fill: 'none', stroke: 'currentColor',
    'stroke-width': name === 'more' ? 3 : 1.8, 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true',
  })) svg.setAttribute(key, value)
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', ICONS[name])
  svg.append(path)
  return svg
}

export const avatar = (src, size = 44) => h('img', { class: 'avatar', src, alt: '', width: size, height: size, loading: 'lazy' })

export function button(label, onclick, extra = '') {
  return h('button', { type: 'button', class: `btn ${extra}`, onclick }, label)
}

export function iconButton(name, label, onclick, extra = '') {
  return h('button', { type: 'button', class: `icon-btn ${extra}`, title: label, 'aria-label': label, onclick }, icon(name))
}

export function toast(text, kind = '') {
  const node = h('div', { class: `toast ${kind}` }, text)
  document.getElementById('toasts').append(node)
  setTimeout(() => node.classList.add('gone'), 2600)
  setTimeout(() => node.remove(), 3000)
}
