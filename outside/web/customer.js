// The customer's WeChat.
import { act, attempt, get } from './api.js'
import { avatar, button, h, icon, iconButton, toast } from './dom.js'
import { t } from './i18n.js'
import { Phone } from './phone.js'
import { confirm, conversation, empty, line, row, shrink, summary, tabBar, topBar } from './parts.js'
import { scanSheet } from './scan.js'

const seenKey = (person, chat) => `outside.seen.${person}.${chat.member.corpid}.${chat.member.userid}`

export class CustomerPhone extends Phone {
  constructor() {
    super('wechat', t('客户的微信'))
    this.tab = 'chats'
  }

  async become(person) {
    this.person = person
    this.tab = 'chats'
    await this.reset(this.home())
  }

  concerns(news) {
    return ['relation', 'chat', 'request', 'reset', 'clock', 'directory'].includes(news.topic)
  }

  home() {
    return {
      load: () => get(`/phones/customer/${encodeURIComponent(this.person.id)}`),
      render: (data) => {
        const unread = data.chats.filter((chat) => this.isUnread(chat)).length
        const tabs = [
          { key: 'chats', label: t('微信'), glyph: 'chat', count: unread },
          { key: 'contacts', label: t('通讯录'), glyph: 'people' },
          { key: 'me', label: t('我'), glyph: 'me' },
        ]
        const title = { chats: t('微信'), contacts: t('通讯录'), me: t('我') }[this.tab]
        const body = { chats: () => this.chatList(data), contacts: () => this.contactList(data), me: () => this.profile(data.me) }[this.tab]()
        return h('div', {}, topBar(title, { right: iconButton('scan', t('扫一扫'), () => this.scan()) }), body,
          tabBar(tabs, this.tab, (key) => { this.tab = key; this.reload() }))
      },
    }
  }

  isUnread(chat) {
    return chat.last && chat.last.sender !== 'customer' && (localStorage.getItem(seenKey(this.person.id, chat)) ?? '') < chat.last.id
  }

  chatList(data) {
    const waiting = data.waiting.map(({ member, at }) =>
      row({ picture: member.avatar, title: member.name, note: t('等待对方通过验证'), at, dim: true, mark: this.corpMark(member) }))
    const chats = data.chats.map((chat) => row({
      picture: chat.member.avatar, title: chat.member.name, mark: this.corpMark(chat.member), at: chat.at,
      note: summary(chat.last, chat.member), badge: this.isUnread(chat), onclick: () => this.open(this.chat(chat.member)),
    }))
    const rows = [...waiting, ...chats]
    return h('div', { class: 'scroll list' }, rows.length ? rows : [empty('scan', t('还没有聊天。扫一个码，加上第一位好友。')),
      h('p', { class: 'center' }, button(t('扫一扫'), () => this.scan(), 'primary'))])
  }

  corpMark(member) { return h('span', { class: 'corp-mark' }, `@${member.corp}`) }

  contactList(data) {
    const corps = Map.groupBy ? Map.groupBy(data.chats, (chat) => chat.member.corp) : groupBy(data.chats, (chat) => chat.member.corp)
    const parts = [...corps].flatMap(([corp, chats]) => [h('h3', { class: 'list-title' }, corp),
      ...chats.map((chat) => row({ picture: chat.member.avatar, title: chat.member.name, note: chat.member.position || chat.member.department, onclick: () => this.open(this.card(chat)) }))])
    return h('div', { class: 'scroll list' }, parts.length ? parts : empty('people', t('还没有聊天。扫一个码，加上第一位好友。')))
  }

  profile(me) {
    return h('div', { class: 'scroll list' },
      h('div', { class: 'me-card' }, avatar(me.avatar, 64), h('div', {}, h('h3', {}, me.name), h('small', {}, me.phone || me.id))),
      h('div', { class: 'lines' }, line(t('昵称'), me.name), line(t('性别'), t(['未知', '男', '女'][me.gender] ?? '未知')), line(t('手机号'), me.phone),
        me.company ? line(t('公司'), me.company) : null),
      h('div', { class: 'lines' }, h('button', { type: 'button', class: 'line press', onclick: () => this.scan() }, h('span', {}, icon('scan', 20), t('扫一扫')), icon('go', 16))))
  }

  chat(member) {
    const who = { corpid: member.corpid, userid: member.userid, person: this.person.id }
    const person = this.person
    let talk
    const fill = (data) => {
      talk.fill(data.messages, { customer: person, member })
      const last = data.messages.at(-1)
      if (last) localStorage.setItem(seenKey(person.id, { member }), last.id)
    }
    return {
      load: () => get('/phones/chat', who),
      render: () => {
        talk = conversation({
          side: 'customer',
          open: (url) => this.openUrl(url),
          say: (text) => attempt(() => act('customer_says', { ...who, text })),
          sendPicture: (file) => attempt(async () => act('customer_says', { ...who, msgtype: 'image', content: { file_url: await shrink(file) } })),
        })
        return h('div', {}, topBar(member.name, {
          subtitle: `@${member.corp}`, onBack: () => this.back(),
          right: iconButton('more', t('成员资料'), () => this.open(this.card({ member }))),
        }), talk.node)
      },
      shown: (node, data) => { fill(data); talk.toEnd() },
      update: (node, data) => fill(data),
    }
  }

  card({ member }) {
    const who = { corpid: member.corpid, userid: member.userid, person: this.person.id }
    return {
      still: true,
      load: async () => member,
      render: () => h('div', {}, topBar('', { onBack: () => this.back() }),
        h('div', { class: 'scroll list' },
          h('div', { class: 'me-card' }, avatar(member.avatar, 64), h('div', {}, h('h3', {}, member.name), h('small', { class: 'corp-mark' }, `@${member.corp}`))),
          h('div', { class: 'lines' }, line(t('企业'), member.corp), line(t('职务'), member.position), line(t('部门'), member.department)),
          h('div', { class: 'lines actions' },
            h('button', { type: 'button', class: 'line press link', onclick: () => this.goTo(this.chat(member)) }, t('发消息')),
            h('button', { type: 'button', class: 'line press danger', onclick: async () => {
              if (!(await confirm(this, `${t('删除联系人')} ${member.name}？`, t('删除联系人')))) return
              if (await attempt(() => act('delete_member', who))) await this.reset(this.home())
            } }, t('删除联系人'))))),
    }
  }

  scan(text = '') { scanSheet(this, text) }

  openUrl(url) { scanSheet(this, url) }

  async addBy(url) {
    const outcome = await attempt(() => act('scan', { person: this.person.id, url }))
    if (!outcome) return
    this.closeOverlay()
    if (outcome.outcome === 'friends' || outcome.outcome === 'already_friends') {
      const chat = await get('/phones/chat', { corpid: outcome.corpid, userid: outcome.userid, person: this.person.id })
      if (outcome.outcome === 'already_friends') toast(t('已经是好友'))
      this.tab = 'chats'
      await this.goTo(this.chat(chat.member))
    } else if (outcome.outcome === 'waiting') {
      toast(t('已发送好友申请，等待对方通过'))
      await this.reset(this.home())
    } else if (outcome.outcome === 'joined') {
      toast(t('加入了群聊'), 'good')
    } else {
      toast(`${t('这个码现在加不上人')}：${outcome.reason ?? ''}`, 'bad')
    }
  }
}

function groupBy(rows, key) {
  const found = new Map()
  for (const item of rows) found.set(key(item), [...(found.get(key(item)) ?? []), item])
  return found
}
