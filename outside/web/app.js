// The desk: one or two phones, who holds them, the language and the time.
import { get, listen, post } from './api.js'
import { CustomerPhone } from './customer.js'
import { h } from './dom.js'
import { currentLanguage, switchLanguage, t } from './i18n.js'
import { MemberPhone } from './member.js'
import { fullTime, getOffset, now, setOffset } from './time.js'

const path = location.pathname
const asked = new URLSearchParams(location.search)
const shows = { customer: path !== '/phone/member', member: path !== '/phone/customer' }
const desk = document.getElementById('desk')
const bar = document.getElementById('bar')
const remembered = (key) => asked.get(key) ?? localStorage.getItem(`outside.${key}`)
const phones = []
let directory

function chooser(kind, label, options, current, onChange) {
  const select = h('select', { 'aria-label': label, onfocus: () => document.querySelector(`.phone.${kind}`)?.scrollIntoView({ inline: 'center', block: 'nearest', behavior: 'smooth' }), onchange: () => onChange(select.value) }, options.map(({ value, text, group }) =>
    h('option', { value, selected: value === current }, group ? `${text} · ${group}` : text)))
  return h('label', { class: `chooser ${kind}` }, h('span', {}, label), select)
}

const memberKey = (member) => `${member.corpid}/${member.userid}`
const allMembers = () => directory.corps.flatMap((corp) => corp.members)

function choosers() {
  const parts = []
  const person = phones[0]?.person
  if (shows.customer && directory.people.length) {
    parts.push(chooser('wechat', t('客户的微信'), directory.people.map((each) => ({ value: each.id, text: each.name, group: each.company })), person?.id, (id) => {
      localStorage.setItem('outside.person', id)
      phones.find((phone) => phone instanceof CustomerPhone).become(directory.people.find((each) => each.id === id))
    }))
  }
  const holder = phones.find((phone) => phone instanceof MemberPhone)?.member
  if (shows.member && allMembers().length) {
    parts.push(chooser('wecom', t('员工的企业微信'), allMembers().map((each) => ({ value: memberKey(each), text: each.name, group: directory.corps.length > 1 ? each.corp : each.department })),
      holder && memberKey(holder), (key) => {
        localStorage.setItem('outside.member', key)
        phones.find((phone) => phone instanceof MemberPhone).become(allMembers().find((each) => memberKey(each) === key))
      }))
  }
  return parts
}

function timeControl() {
  const shown = h('time', {}, fullTime(now()))
  setInterval(() => { shown.textContent = fullTime(now()) }, 10000)
  const move = (body) => async () => { setOffset((await post('/control/clock', body)).offset); drawBar() }
  return h('span', { class: 'time-control' }, shown, h('button', { type: 'button', onclick: move({ advance: 3600 }) }, t('快进 1 小时')),
    h('button', { type: 'button', onclick: move({ advance: 86400 }) }, t('快进 1 天')),
    Math.abs(getOffset()) > 1 ? h('button', { type: 'button', onclick: move({ offset: 0 }) }, t('回到现在')) : null)
}

function drawBar() {
  const whole = path === '/'
  bar.replaceChildren(h('h1', {}, h('span', { 'aria-hidden': 'true' }, '🌊'), h('span', { class: 'brand' }, t('鱼塘之外'))), h('div', { class: 'choosers' }, choosers()), h('span', { class: 'spring' }),
    ...(whole ? [timeControl()] : []), whole ? h('a', { href: '/console' }, t('管理后台')) : h('a', { href: '/' }, '⇤'),
    h('button', { type: 'button', onclick: () => { switchLanguage(); location.reload() } }, currentLanguage() === 'zh' ? 'English' : '中文'))
}

async function begin() {
  directory = await get('/phones/directory')
  setOffset(directory.offset)
  document.title = t('鱼塘之外')
  const people = directory.people
  const members = allMembers()
  if (!people.length && !members.length) {
    drawBar()
    desk.replaceChildren(h('div', { class: 'nobody' }, h('span', {}, '🏝️'), h('p', {}, t('还没有人。用控制接口或产品的演示数据放几个人进来。')), h('a', { href: '/console' }, t('管理后台'))))
    return
  }
  phones.length = 0
  if (shows.customer && people.length) {
    const phone = new CustomerPhone()
    phones.push(phone)
    await phone.become(people.find((each) => each.id === remembered('person')) ?? people[0])
  }
  if (shows.member && members.length) {
    const phone = new MemberPhone()
    phones.push(phone)
    await phone.become(members.find((each) => memberKey(each) === remembered('member')) ?? members.find((each) => each.serves) ?? members[0])
  }
  document.body.classList.toggle('single', phones.length === 1)
  desk.replaceChildren(...phones.map((phone) => h('div', { class: 'stand' }, phone.node)))
  drawBar()
  if (asked.get('scan')) phones.find((phone) => phone instanceof CustomerPhone)?.scan(asked.get('scan'))
}

await begin()
listen(async (news) => {
  if (news.topic === 'reset') return begin()
  if (news.topic === 'directory') { directory = await get('/phones/directory'); drawBar(); if (!phones.length) return begin() }
  if (news.topic === 'clock') { setOffset((await get('/control/clock')).offset); drawBar() }
  for (const phone of phones) if (phone.concerns(news)) phone.refresh()
})
