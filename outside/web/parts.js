// Parts that both phones are made of: bars, lists, bubbles, the chat itself.
import { avatar, h, icon, iconButton } from './dom.js'
import { t } from './i18n.js'
import { fullTime, shortTime } from './time.js'

export function topBar(title, { onBack, right, subtitle } = {}) {
  return h('div', { class: 'top-bar' },
    onBack ? iconButton('back', t('返回'), onBack) : h('span', { class: 'gap' }),
    h('div', { class: 'top-title' }, h('h2', {}, title), subtitle && h('small', {}, subtitle)),
    right ?? h('span', { class: 'gap' }))
}

export function tabBar(tabs, current, onChange) {
  return h('nav', { class: 'tab-bar' }, tabs.map(({ key, label, glyph, count }) =>
    h('button', { type: 'button', class: key === current ? 'on' : '', 'aria-current': key === current ? 'page' : null, onclick: () => onChange(key) },
      h('span', { class: 'tab-icon' }, icon(glyph, 24), count ? h('em', { class: 'badge' }, count > 99 ? '99+' : String(count)) : null), label)))
}

export function row({ picture, title, note, at, badge, mark, onclick, dim }) {
  return h('button', { type: 'button', class: `row${dim ? ' dim' : ''}`, onclick },
    h('span', { class: 'row-picture' }, typeof picture === 'string' ? avatar(picture, 48) : picture,
      badge ? h('em', { class: 'badge' }, badge === true ? '' : String(badge)) : null),
    h('span', { class: 'row-text' },
      h('span', { class: 'row-head' }, h('b', {}, title), mark ?? null, at ? h('time', {}, shortTime(at)) : null),
      note != null ? h('span', { class: 'row-note' }, note) : null))
}

export const empty = (glyph, text) => h('div', { class: 'empty' }, icon(glyph, 40), h('p', {}, text))

export const line = (label, value) => h('div', { class: 'line' }, h('span', {}, label), h('b', {}, value || '—'))

export const chips = (names, extra = '') => h('span', { class: `chips ${extra}` }, names.map((name) => h('span', { class: 'chip' }, name)))

/** One line of text for a message, as lists show it. */
export function summary(message, other) {
  if (!message) return ''
  if (message.sender === 'system') return note(message.content, other)
  const { msgtype, content } = message
  if (msgtype === 'text' || msgtype === 'markdown') return content.content ?? ''
  const kinds = { image: '[图片]', link: '[链接]', miniprogram: '[小程序]', file: '[文件]', video: '[视频]' }
  return `${t(kinds[msgtype] ?? '[卡片]')} ${content.title ?? content.main_title?.title ?? content.filename ?? ''}`.trim()
}

const safeUrl = (url) => (/^https?:\/\//i.test(url ?? '') ? url : undefined)

function textWithLinks(text) {
  return text.split(/(https?:\/\/[^\s<>"'，。！？）)]+)/).map((part, place) => (place % 2 ? { url: part } : part))
}

const BODIES = {
  text: (content, open) => h('div', { class: 'bubble' }, textWithLinks(content.content ?? '').map((part) =>
    typeof part === 'string' ? part : h('a', { href: part.url, onclick: (event) => { event.preventDefault(); open(part.url) } }, part.url))),
  image: (content) => content.file_url
    ? h('div', { class: 'bubble picture' }, h('img', { src: content.file_url, alt: t('[图片]') }))
    : h('div', { class: 'bubble' }, t('[图片]')),
  link: (content, open) => h('button', { type: 'button', class: 'bubble card', onclick: () => safeUrl(content.url) && open(content.url) },
    h('b', {}, content.title), h('span', { class: 'card-body' }, h('span', {}, content.desc ?? ''),
      safeUrl(content.picurl) ? h('img', { src: content.picurl, alt: '' }) : h('i', { class: 'card-mark' }, icon('globe', 24)))),
  miniprogram: (content) => h('div', { class: 'bubble card mini' }, h('small', {}, h('i', { class: 'mini-dot' }), content.appid ?? ''), h('b', {}, content.title),
    content.file_url ? h('img', { class: 'cover', src: content.file_url, alt: '' }) : h('i', { class: 'cover' }), h('small', { class: 'foot' }, icon('mini', 13), t('小程序'))),
  file: (content) => h('a', { class: 'bubble card file', href: safeUrl(content.file_url) ?? '#', target: '_blank', rel: 'noopener' },
    h('b', {}, content.filename ?? t('[文件]')), h('small', {}, content.size ? `${Math.ceil(content.size / 1024)} KB` : '')),
  video: (content) => content.file_url ? h('div', { class: 'bubble picture' }, h('video', { src: content.file_url, controls: true })) : h('div', { class: 'bubble' }, t('[视频]')),
}

const NOTES = { added: '你已添加了{name}，现在可以开始聊天了。', refused: '消息已发出，但被对方拒收了。' }
const note = (content, other) => (NOTES[content.event] ? t(NOTES[content.event]).replace('{name}', other.name) : content.content)

/** side: whose phone this is. Bubbles of the own side stand right. */
export function bubbles(messages, side, people, open) {
  const nodes = []
  let last = 0
  for (const message of messages) {
    if (message.at - last > 300) nodes.push(h('time', { class: 'bubble-time' }, fullTime(message.at)))
    last = message.at
    if (message.sender === 'system') {
      nodes.push(h('p', { class: 'bubble-note' }, note(message.content, side === 'customer' ? people.member : people.customer)))
      continue
    }
    const speaker = message.sender === 'customer' ? 'customer' : 'member'
    const body = (BODIES[message.msgtype] ?? ((content) => h('div', { class: 'bubble' }, JSON.stringify(content))))(message.content, open)
    nodes.push(h('div', { class: `said ${speaker === side ? 'mine' : 'theirs'}`, 'data-id': message.id }, avatar(people[speaker].avatar, 40), body))
  }
  return nodes
}

/** The scrolling part of a chat and the field below; `say` sends a text. */
export function conversation({ side, open, say, sendPicture, locked }) {
  const list = h('div', { class: 'bubbles scroll', role: 'log', 'aria-live': 'polite' })
  const field = h('textarea', { rows: 1, placeholder: t('说点什么…'), 'aria-label': t('说点什么…'), disabled: Boolean(locked) })
  const send = h('button', { type: 'submit', class: 'send', disabled: true }, t('发送'))
  const grow = () => { field.style.height = 'auto'; field.style.height = `${Math.min(field.scrollHeight, 120)}px`; send.disabled = !field.value.trim() }
  field.addEventListener('input', grow)
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit() }
  })
  const picker = h('input', { type: 'file', accept: 'image/*', hidden: true, onchange: () => { if (picker.files[0]) sendPicture(picker.files[0]); picker.value = '' } })
  const form = h('form', { class: 'composer', onsubmit: async (event) => {
    event.preventDefault()
    const text = field.value.trim()
    if (!text) return
    field.value = ''
    grow()
    if (await say(text) === undefined) { field.value = text; grow() }
    field.focus()
  } }, sendPicture ? iconButton('image', t('发送图片'), () => picker.click()) : null, picker, field, send)
  let shown = ''
  const fill = (messages, people) => {
    const key = messages.map((message) => message.id).join()
    if (key === shown) return
    shown = key
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80
    list.replaceChildren(...bubbles(messages, side, people, open))
    if (atEnd) list.scrollTop = list.scrollHeight
    for (const image of list.querySelectorAll('img')) image.addEventListener('load', () => { if (atEnd) list.scrollTop = list.scrollHeight }, { once: true })
  }
  return { node: h('div', { class: 'conversation' }, list, form), fill, toEnd: () => { list.scrollTop = list.scrollHeight } }
}

/** A question in the phone, answered by one of two buttons. Resolves to true or false. */
export function confirm(phone, question, doing) {
  return new Promise((resolve) => {
    const end = (answer) => { phone.closeOverlay(); resolve(answer) }
    phone.showOverlay(h('div', { class: 'dialog-shade', onclick: (event) => event.target === event.currentTarget && end(false) },
      h('div', { class: 'dialog', role: 'alertdialog' }, h('p', {}, question),
        h('div', { class: 'dialog-buttons' },
          h('button', { type: 'button', onclick: () => end(false) }, t('取消')),
          h('button', { type: 'button', class: 'danger', onclick: () => end(true) }, doing)))))
  })
}

/** A picture as a data address no larger than a chat needs. */
export function shrink(file, longest = 900) {
  return new Promise((resolve, reject) => {
    const image = new Image()
    image.onload = () => {
      const scale = Math.min(1, longest / Math.max(image.width, image.height))
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width * scale, height: image.height * scale })
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
      URL.revokeObjectURL(image.src)
      resolve(canvas.toDataURL('image/jpeg', 0.8))
    }
    image.onerror = () => reject(new Error('not a picture'))
    image.src = URL.createObjectURL(file)
  })
}
