// The admin console of the simulated corps: apps and their secrets, where callbacks go, what was called and what went wrong.
import { attempt, get, listen, post } from './api.js'
import { h, toast } from './dom.js'
import { currentLanguage, switchLanguage } from './i18n.js'
import { fullTime } from './time.js'

const both = (zh, en) => (currentLanguage() === 'en' ? en : zh)
const page = document.getElementById('page')
const API_FAULTS = ['latency', 'errcode', 'http_500', 'drop', 'token_expired', 'ip_rejected', 'rate_limited', 'duplicate', 'delay', 'reorder', 'callback_drop', 'same_second']

const copyable = (text) => h('button', { type: 'button', title: both('点击复制', 'click to copy'), onclick: async () => {
  await navigator.clipboard?.writeText(text)
  toast(both('已复制', 'Copied'), 'good')
} }, text)

const random = (length) => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  return [...crypto.getRandomValues(new Uint32Array(length))].map((number) => letters[number % letters.length]).join('')
}

const ROLES = { app: ['自建应用', 'self-built app'], contacts: ['通讯录同步', 'contacts sync'], customer: ['客户联系', 'customer contact'] }

function appPart(app) {
  const url = h('input', { value: app.callback_url, placeholder: 'http://127.0.0.1:8000/…' })
  const token = h('input', { value: app.callback_token })
  const key = h('input', { value: app.callback_aes_key })
  const format = h('select', {}, ['xml', 'json'].map((value) => h('option', { value, selected: value === app.callback_format }, value.toUpperCase())))
  const verdict = h('div', { role: 'status' })
  const save = async (event) => {
    event.preventDefault()
    const answer = await attempt(() => post(`/control/apps/${app.corpid}/${app.agentid}/callback`, { url: url.value.trim(), token: token.value.trim(), aes_key: key.value.trim(), format: format.value }))
    if (!answer) return
    verdict.className = `verdict ${answer.saved ? 'ok' : 'bad'}`
    verdict.textContent = answer.saved ? both('已保存：', 'Saved: ') + answer.reason
      : both('openapi 回调地址请求不通过：', 'The callback address did not pass: ') + answer.reason + (answer.received ? ` · ${both('收到', 'received')} “${answer.received}”` : '')
  }
  const roller = (field, length) => h('button', { type: 'button', class: 'btn', onclick: () => { field.value = random(length) } }, both('随机获取', 'Random'))
  return h('div', { class: 'app' },
    h('h3', {}, app.name, h('small', {}, both(...ROLES[app.role]))),
    h('div', { class: 'keys' }, h('span', {}, 'CorpID ', copyable(app.corpid)), h('span', {}, 'AgentId ', copyable(String(app.agentid))), h('span', {}, 'Secret ', copyable(app.secret))),
    h('form', { class: 'fields', onsubmit: save },
      h('label', {}, 'URL'), url, h('span'),
      h('label', {}, 'Token'), token, roller(token, 16),
      h('label', {}, 'EncodingAESKey'), key, roller(key, 43),
      h('label', {}, both('格式', 'Format')), format, h('button', { type: 'submit', class: 'btn primary' }, both('保存', 'Save'))),
    verdict, rights(app))
}

function rights(app) {
  const change = (fields) => attempt(async () => { await post('/control/apps', { corpid: app.corpid, agentid: app.agentid, ...fields }); toast(both('已保存', 'Saved'), 'good') })
  const ips = h('input', { value: app.trusted_ips.join(' '), placeholder: both('企业可信IP，空为不限', 'trusted IPs, empty for any'), 'aria-label': both('企业可信IP', 'Trusted IPs') })
  ips.addEventListener('change', () => change({ trusted_ips: ips.value.split(/[\s,;，；]+/).filter(Boolean) }))
  return h('div', { class: 'rights' }, check(both('启用', 'Enabled'), app.enabled, (enabled) => change({ enabled })),
    app.role === 'contacts' ? null : check(both('客户联系可调用', 'May call customer contact'), app.callable, (callable) => change({ callable })), ips)
}

const check = (label, on, change, name = label) => {
  const box = h('input', { type: 'checkbox', checked: on, 'aria-label': name, onchange: () => change(box.checked) })
  return h('label', { class: 'check' }, box, label)
}

function membersPart(corp, members) {
  const change = (member, fields) => attempt(() => post('/control/members', { corpid: corp.corpid, userid: member.userid, ...fields }))
  const move = (member, name) => attempt(async () => { await post(`/control/act/${name}`, { corpid: corp.corpid, userid: member.userid }); draw() })
  return h('details', { class: 'members' }, h('summary', {}, both(`成员 ${members.length}`, `Members ${members.length}`)),
    table([both('姓名', 'Name'), 'userid', both('客户联系', 'Customer contact'), both('免验证', 'No verification'), ''], members.slice(0, 100).map((member) => h('tr', {},
      h('td', {}, member.name), h('td', {}, member.userid),
      h('td', {}, check('', member.contact_function, (value) => change(member, { contact_function: value }), both(`${member.name}：客户联系`, `${member.name}: customer contact`))),
      h('td', {}, check('', member.no_verification, (value) => change(member, { no_verification: value }), both(`${member.name}：免验证`, `${member.name}: no verification`))),
      h('td', {}, member.status === 5
        ? h('button', { type: 'button', class: 'btn small', onclick: () => move(member, 'return_to_work') }, both('复职', 'Rehire'))
        : h('button', { type: 'button', class: 'btn small', onclick: () => move(member, 'resign') }, both('离职', 'Resign')))))))
}

function corpPart(corp, apps, members) {
  return h('section', {}, h('h2', {}, corp.name), h('p', {}, corp.corpid), apps.filter((app) => app.corpid === corp.corpid).map(appPart),
    membersPart(corp, members.filter((member) => member.corpid === corp.corpid)))
}

function table(heads, rows) {
  return h('div', { class: 'table' }, h('table', {}, h('thead', {}, h('tr', {}, heads.map((head) => h('th', {}, head)))), h('tbody', {}, rows)))
}

async function callbacksPart() {
  const rows = (await get('/control/callbacks', { limit: 30 })).reverse()
  return h('section', { id: 'callbacks' }, h('h2', {}, both('回调', 'Callbacks')), h('p', {}, both('最近 30 条。点开看明文和每次尝试。', 'The last 30. Open one for its plain text and every try.')),
    table([both('时间', 'At'), both('事件', 'Event'), both('结果', 'Result'), ''], rows.map((row) => h('tr', {},
      h('td', {}, h('time', {}, fullTime(row.at))),
      h('td', {}, h('details', {}, h('summary', {}, [row.event, row.change_type].filter(Boolean).join(' / ')), h('pre', {}, JSON.stringify({ plain: row.plain, attempts: row.attempts }, null, 2)))),
      h('td', {}, h('i', { class: `dot ${row.status}` }), row.status, row.attempts.at(-1) ? ` · ${row.attempts.at(-1).status ?? row.attempts.at(-1).error}` : ''),
      h('td', {}, h('button', { type: 'button', class: 'btn small', onclick: () => attempt(() => post(`/control/callbacks/${row.id}/resend`)) }, both('重发', 'Resend')))))))
}

async function callsPart() {
  const rows = (await get('/control/calls', { limit: 40 })).reverse()
  return h('section', { id: 'calls' }, h('h2', {}, both('接口调用', 'API calls')), table([both('时间', 'At'), 'API', 'errcode', 'ms'], rows.map((row) => h('tr', {},
    h('td', {}, h('time', {}, fullTime(row.at))), h('td', {}, h('details', {}, h('summary', {}, `${row.verb} ${row.path}`), h('pre', {}, JSON.stringify(row.given, null, 2)))),
    h('td', { class: 'num' }, h('i', { class: `dot ${row.errcode ? 'failed' : 'delivered'}` }), row.errcode), h('td', { class: 'num' }, (row.seconds * 1000).toFixed(1))))))
}

async function faultsPart() {
  const rows = await get('/control/faults')
  const what = h('select', { 'aria-label': 'what' }, API_FAULTS.map((value) => h('option', { value }, value)))
  const where = h('input', { placeholder: 'externalcontact/*', 'aria-label': 'where' })
  const chance = h('input', { type: 'number', min: 0, max: 1, step: 0.05, value: 1, 'aria-label': 'probability', style: { width: '90px' } })
  const seconds = h('input', { type: 'number', placeholder: both('秒 / 错误码', 'seconds / errcode'), 'aria-label': 'seconds or errcode', style: { width: '150px' } })
  const add = async (event) => {
    event.preventDefault()
    const number = Number(seconds.value)
    await attempt(() => post('/control/faults', { what: what.value, where: where.value || '*', probability: Number(chance.value), ...(seconds.value ? { seconds: number, errcode: number } : {}) }))
    draw()
  }
  return h('section', { id: 'faults' }, h('h2', {}, both('故障', 'Faults')), h('p', {}, both('让世界按概率出错：接口、网络和回调。', 'Make the world go wrong by chance: the API, the network, callbacks.')),
    rows.length ? table(['what', 'where', both('概率', 'chance'), both('发生', 'struck'), ''], rows.map((row) => h('tr', {}, h('td', {}, row.what), h('td', {}, row.where), h('td', { class: 'num' }, row.probability), h('td', { class: 'num' }, row.struck),
      h('td', {}, h('button', { type: 'button', class: 'btn small', onclick: async () => { await fetch(`/control/faults/${row.id}`, { method: 'DELETE' }); draw() } }, both('移除', 'Remove')))))) : null,
    h('form', { class: 'line-form', onsubmit: add }, what, where, chance, seconds, h('button', { type: 'submit', class: 'btn primary' }, both('添加', 'Add'))))
}

async function draw() {
  const [corps, apps, members] = await Promise.all([get('/control/corps'), get('/control/apps'), get('/control/members')])
  document.title = both('管理后台', 'Admin console')
  document.getElementById('bar').replaceChildren(h('h1', {}, '🌊 ', both('管理后台', 'Admin console')), h('span', { class: 'spring' }), h('a', { href: '/' }, both('两部手机', 'The phones')),
    h('button', { type: 'button', onclick: () => { switchLanguage(); location.reload() } }, currentLanguage() === 'zh' ? 'English' : '中文'))
  page.replaceChildren(...(corps.length ? corps.map((corp) => corpPart(corp, apps, members)) : [h('section', {}, h('p', {}, both('还没有企业。', 'No corps yet.')))]),
    await callbacksPart(), await faultsPart(), await callsPart())
}

async function redraw(id, make) {
  const old = document.getElementById(id)
  if (old && !old.querySelector('details[open]')) old.replaceWith(await make())
}

await draw()
let pending
listen((news) => {
  if (news.topic === 'reset') return draw()
  clearTimeout(pending)
  pending = setTimeout(() => { redraw('callbacks', callbacksPart); redraw('calls', callsPart) }, 250)
})
