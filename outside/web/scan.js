// 扫一扫: codes that lie around in the world, a pasted address, a picture; and the browser inside the phone.
import { attempt, get } from './api.js'
import { avatar, button, h, icon, iconButton, toast } from './dom.js'
import { t } from './i18n.js'
import { topBar } from './parts.js'

export async function scanSheet(phone, text) {
  if (text) return follow(phone, text)
  const codes = await attempt(() => get('/phones/codes'))
  if (codes) phone.showOverlay(finder(phone, codes))
}

function finder(phone, groups) {
  const field = h('input', { type: 'text', inputMode: 'url', placeholder: t('粘贴网址或码里的文字'), 'aria-label': t('粘贴网址或码里的文字') })
  const picker = h('input', { type: 'file', accept: 'image/*', hidden: true, onchange: () => readPicture(phone, picker.files[0]) })
  return h('div', { class: 'finder' },
    h('div', { class: 'finder-top' }, iconButton('close', t('关闭'), () => phone.closeOverlay(), 'light'), h('h2', {}, t('扫一扫')),
      'BarcodeDetector' in window ? iconButton('image', t('从图片识别'), () => picker.click(), 'light') : h('span', { class: 'gap' }), picker),
    h('div', { class: 'beam', 'aria-hidden': 'true' }, h('i')),
    h('p', { class: 'finder-hint' }, t('对准一个码')),
    h('div', { class: 'finder-drawer' },
      h('form', { class: 'finder-field', onsubmit: (event) => { event.preventDefault(); if (field.value.trim()) follow(phone, field.value.trim()) } },
        field, h('button', { type: 'submit', class: 'btn primary' }, t('打开'))),
      h('div', { class: 'scroll' }, groups.length ? groups.map((group) => codeGroup(phone, group))
        : h('p', { class: 'finder-none' }, t('还没有码。在产品里建一个活码，它就会出现在这里。')))))
}

function codeGroup(phone, group) {
  return h('section', { class: 'code-group' }, h('h3', {}, t(group.title), group.codes.length > 1 ? h('small', {}, ` ${group.codes.length}`) : null),
    h('div', { class: 'code-grid' }, group.codes.slice(0, 30).map((code) =>
      h('button', { type: 'button', class: `code-tile${code.expired ? ' dim' : ''}`, onclick: () => follow(phone, code.url) },
        code.picture ? h('img', { src: code.picture, alt: '', loading: 'lazy' }) : h('i', { class: 'code-page' }, icon(group.kind === 'page' ? 'globe' : 'qr', 40)),
        h('b', {}, code.title), h('small', {}, code.note)))))
}

async function readPicture(phone, file) {
  const found = await attempt(async () => new window.BarcodeDetector({ formats: ['qr_code'] }).detect(await createImageBitmap(file)))
  if (found?.[0]) follow(phone, found[0].rawValue)
  else if (found) toast(t('没有找到二维码'))
}

/** What a code says is looked up first; a person then presses the button, as on a real phone. */
export async function follow(phone, url) {
  const target = await attempt(() => get('/phones/resolve', { url }))
  if (!target) return
  if (target.kind === 'page') return phone.showOverlay(browser(phone, url))
  if (target.kind === 'text') return toast(t('这段文字不是码'))
  phone.showOverlay(card(phone, target))
}

function card(phone, target) {
  const one = target.count === 1 ? target.members[0] : null
  return h('div', { class: 'sheet' }, topBar('', { onBack: () => phone.closeOverlay() }),
    h('div', { class: 'scroll add-card' },
      h('div', { class: 'add-faces' }, target.members.slice(0, one ? 1 : 3).map((member) => avatar(member.avatar, one ? 84 : 64))),
      h('h3', {}, one ? one.name : target.corp),
      h('p', { class: 'corp-mark' }, one ? `@${target.corp}` : target.kind === 'group' ? '' : t('将由其中一位员工为你服务')),
      one?.position ? h('p', { class: 'quiet' }, one.position) : null,
      h('p', { class: 'quiet' }, t('通过扫一扫添加')),
      target.count || target.kind === 'group'
        ? button(t('添加到通讯录'), (event) => { event.currentTarget.disabled = true; phone.addBy(target.url) }, 'primary wide')
        : h('p', { class: 'quiet' }, t('这个码现在加不上人'))))
}

// A page of the product may name the codes it shows: window.parent.postMessage({type: 'wecom-qr', url}, '*').
function browser(phone, url) {
  const found = new Map()
  const tray = h('div', { class: 'browser-tray', hidden: true })
  const frame = h('iframe', { class: 'browser-page', src: url, title: url, sandbox: 'allow-scripts allow-forms allow-same-origin allow-popups', referrerPolicy: 'no-referrer' })
  const address = h('span', { class: 'browser-address' }, url.replace(/^https?:\/\//, ''))
  const offer = async (code) => {
    if (typeof code !== 'string') return
    const target = await get('/phones/resolve', { url: code }).catch(() => null)
    if (!target || !['member', 'group'].includes(target.kind) || found.has(target.key)) return
    found.set(target.key, target)
    tray.hidden = false
    tray.replaceChildren(...[...found.values()].map(({ url: text, corp, members, count }) =>
      h('button', { type: 'button', class: 'tray-row', onclick: () => follow(phone, text) }, icon('qr', 20),
        h('span', {}, h('b', {}, t('识别图中二维码')), h('small', {}, count === 1 ? `${members[0].name}@${corp}` : corp)), icon('go', 16))))
  }
  const onMessage = (event) => {
    if (event.source !== frame.contentWindow || event.data?.type !== 'wecom-qr') return
    for (const code of [event.data.url, ...(event.data.urls ?? [])]) offer(code)
  }
  window.addEventListener('message', onMessage)
  const leave = () => { window.removeEventListener('message', onMessage); phone.closeOverlay() }
  const look = () => get('/phones/codes_in', { url }).then(({ codes }) => codes.forEach(offer), () => {})
  look()
  return h('div', { class: 'sheet browser' },
    h('div', { class: 'top-bar' }, iconButton('close', t('关闭'), leave), h('div', { class: 'top-title' }, address), iconButton('qr', t('识别图中二维码'), look)),
    frame, tray)
}
