// The member's WeCom.
import { act, attempt, get } from './api.js'
import { avatar, button, h, icon, iconButton, toast } from './dom.js'
import { t } from './i18n.js'
import { Phone } from './phone.js'
import { chips, confirm, conversation, empty, line, row, shrink, summary, tabBar, topBar } from './parts.js'
import { fullTime, shortTime } from './time.js'

const SOURCES = { 1: '扫描二维码', 2: '搜索手机号', 16: '获客链接', 201: '员工分配', 202: '员工分配' }
const shownName = ({ person, relation }) => relation.remark || person?.name || relation.external_userid

export class MemberPhone extends Phone {
  constructor() {
    super('wecom', t('员工的企业微信'))
    this.tab = 'messages'
  }

  async become(member) {
    this.member = member
    this.tab = 'messages'
    await this.reset(this.home())
  }

  get who() { return { corpid: this.member.corpid, userid: this.member.userid } }

  concerns(news) {
    if (['reset', 'clock', 'directory'].includes(news.topic)) return true
    if (news.topic === 'app_message') return news.to.includes(this.member.userid.toLowerCase())
    return ['relation', 'chat', 'request'].includes(news.topic) && (!news.userid || news.userid === this.member.userid)
  }

  home() {
    const { corpid, userid } = this.who
    return {
      load: () => get(`/phones/member/${encodeURIComponent(corpid)}/${encodeURIComponent(userid)}`),
      render: (data) => {
        const news = data.unread_count
        const tabs = [
          { key: 'messages', label: t('消息'), glyph: 'chat', count: news + this.unseenNotices(data) },
          { key: 'customers', label: t('客户'), glyph: 'people', count: data.requests.length },
          { key: 'me', label: t('我'), glyph: 'me' },
        ]
        const body = { messages: () => this.messages(data), customers: () => this.customers(data), me: () => this.profile(data.me) }[this.tab]()
        const title = { messages: data.me.corp, customers: t('客户'), me: t('我') }[this.tab]
        const subtitle = this.tab === 'customers' ? t('共 {n} 位').replace('{n}', data.customers_count) : null
        return h('div', {}, topBar(title, { subtitle }), body, tabBar(tabs, this.tab, (key) => { this.tab = key; this.reload() }))
      },
    }
  }

  noticeKey() { return `outside.notices.${this.member.corpid}.${this.member.userid}` }

  unseenNotices(data) { return Math.max(0, data.notices.count - Number(localStorage.getItem(this.noticeKey()) ?? 0)) }

  messages(data) {
    const rows = []
    const { last } = data.notices
    if (last) {
      rows.push(row({ picture: h('span', { class: 'glyph blue' }, icon('bell', 26)), title: t('应用消息'), note: `${last.app}：${summary(last)}`, at: last.at,
        badge: this.unseenNotices(data) || null, onclick: () => this.open(this.notices()) }))
    }
    if (data.requests.length) rows.push(this.requestsRow(data.requests))
    rows.push(...data.customers.map((each) => this.chatRow(each)))
    return h('div', { class: 'scroll list' }, rows.length ? rows : empty('people', t('还没有客户。等有人扫码，或到「我」里出示自己的码。')))
  }

  chatRow(each) {
    const { relation } = each
    return row({
      picture: each.person?.avatar, title: shownName(each), at: each.at, note: this.note(each), badge: relation.unread,
      mark: h('span', { class: 'wechat-mark' }, t('@微信')), onclick: () => this.open(this.chat(each)),
    })
  }

  note({ relation, last }) {
    if (relation.status === 'deleted_by_customer') return h('i', { class: 'warn' }, `[${t('客户已将你删除')}]`)
    if (last?.sender === 'system' || !last) return h('i', { class: 'new' }, `[${t('新')}] ${t(SOURCES[relation.add_way] ?? '其他')}`)
    return summary(last)
  }

  requestsRow(requests) {
    return row({ picture: h('span', { class: 'glyph orange' }, icon('plus', 26)), title: t('新的客户'), note: `${requests.length} ${t('收到的新客户请求')}`,
      badge: requests.length, onclick: () => this.open(this.requests()) })
  }

  customers(data) {
    const rows = data.customers.map((each) => row({
      picture: each.person?.avatar, title: shownName(each), mark: h('span', { class: 'wechat-mark' }, t('@微信')),
      note: each.relation.tags.length || each.relation.personal_tags.length
        ? chips([...each.relation.tags.map((tag) => tag.name), ...each.relation.personal_tags].slice(0, 4), 'small')
        : each.relation.description || t(SOURCES[each.relation.add_way] ?? '其他'),
      badge: each.relation.unread ? true : null, dim: each.relation.status === 'deleted_by_customer', onclick: () => this.open(this.profileOf(each)),
    }))
    return h('div', { class: 'scroll list' }, data.requests.length ? this.requestsRow(data.requests) : null,
      rows.length ? rows : empty('people', t('还没有客户。等有人扫码，或到「我」里出示自己的码。')))
  }

  profile(me) {
    return h('div', { class: 'scroll list' },
      h('div', { class: 'me-card' }, avatar(me.avatar, 64), h('div', {}, h('h3', {}, me.name), h('small', {}, [me.position, me.department].filter(Boolean).join(' · ')))),
      h('div', { class: 'lines' }, line(t('企业'), me.corp), line('userid', me.userid)),
      h('div', { class: 'own-code' }, h('img', { src: `/qr-of?text=${encodeURIComponent(me.qr)}`, alt: t('我的二维码') }), h('small', {}, t('我的二维码'))))
  }

  requests() {
    const { corpid, userid } = this.who
    return {
      load: async () => (await get(`/phones/member/${encodeURIComponent(corpid)}/${encodeURIComponent(userid)}`)).requests,
      render: (requests) => h('div', {}, topBar(t('新的客户'), { onBack: () => this.back() }),
        h('div', { class: 'scroll list' }, requests.length ? requests.map(({ person, at, state }) => h('div', { class: 'row request' }, avatar(person.avatar, 48),
          h('span', { class: 'row-text' }, h('span', { class: 'row-head' }, h('b', {}, person.name), h('time', {}, shortTime(at))), h('span', { class: 'row-note' }, state || t('等待通过'))),
          button(t('接受'), () => this.answer('accept', person), 'primary small'), button(t('拒绝'), () => this.answer('refuse', person), 'small')))
          : empty('check', t('还没有客户。等有人扫码，或到「我」里出示自己的码。')))),
    }
  }

  async answer(action, person) {
    if (await attempt(() => act(action, { ...this.who, person: person.id }))) await this.reload()
  }

  notices() {
    const { corpid, userid } = this.who
    const seen = (rows) => localStorage.setItem(this.noticeKey(), rows.length)
    return {
      load: () => get(`/phones/app_messages/${encodeURIComponent(corpid)}/${encodeURIComponent(userid)}`),
      render: (rows) => {
        seen(rows)
        return h('div', {}, topBar(t('应用消息'), { onBack: () => this.back() }),
          h('div', { class: 'scroll notices' }, rows.length ? rows.map((each) => this.notice(each)) : empty('bell', t('还没有应用消息'))))
      },
      shown: (node) => { const list = node.querySelector('.scroll'); list.scrollTop = list.scrollHeight },
    }
  }

  notice({ id, app, avatar: face, msgtype, content, at }) {
    const head = h('header', {}, avatar(face, 28), h('b', {}, app), h('time', {}, shortTime(at)))
    if (msgtype === 'textcard') return h('article', { class: 'notice' }, head, h('h3', {}, content.title), marked(content.description), go(content.url, content.btntxt))
    if (msgtype === 'news') return h('article', { class: 'notice' }, head, content.articles.map((article) => h('div', { class: 'article' }, h('h3', {}, article.title), h('p', {}, article.description ?? ''), go(article.url))))
    if (msgtype === 'template_card') return this.cardNotice(id, head, content)
    if (msgtype === 'image') return h('article', { class: 'notice' }, head, h('img', { src: content.file_url, alt: t('[图片]') }))
    return h('article', { class: 'notice' }, head, marked(content.content ?? summary({ msgtype, content })))
  }

  cardNotice(msgid, head, content) {
    const press = (key) => attempt(async () => { await act('click_card', { ...this.who, msgid, key }); toast('✓') })
    return h('article', { class: 'notice' }, head, h('h3', {}, content.main_title?.title ?? ''), h('p', {}, content.main_title?.desc ?? content.sub_title_text ?? ''),
      content.emphasis_content ? h('p', { class: 'emphasis' }, content.emphasis_content.title) : null,
      (content.horizontal_content_list ?? []).map((each) => line(each.keyname, each.value)),
      content.replace_text ? h('p', { class: 'quiet' }, content.replace_text)
        : h('div', { class: 'notice-buttons' }, (content.button_list ?? []).map((each) => button(each.text, () => press(each.key), each.style === 2 ? '' : 'primary'))),
      go(content.card_action?.url))
  }

  chat(each) {
    const who = { ...this.who, person: each.person.id }
    const me = this.member
    let talk
    const fill = (data) => {
      talk.fill(data.messages, { customer: each.person, member: me })
      if (data.relation.unread) attempt(() => act('read_chat', who))
    }
    const right = () => iconButton('more', t('客户资料'), () => this.open(this.profileOf(each)))
    return {
      load: () => get('/phones/chat', who),
      render: (data) => {
        talk = conversation({
          side: 'member',
          open: (url) => window.open(url, '_blank', 'noopener'),
          say: (text) => attempt(() => act('member_says', { ...who, text })),
          sendPicture: (file) => attempt(async () => act('member_says', { ...who, msgtype: 'image', content: { file_url: await shrink(file) } })),
        })
        return h('div', {}, topBar(shownName(data), { subtitle: t('@微信'), onBack: () => this.back(), right: right() }),
          data.relation.status === 'deleted_by_customer' ? h('p', { class: 'banner' }, t('你已被对方删除')) : null, talk.node)
      },
      shown: (node, data) => { fill(data); talk.toEnd() },
      update: (node, data) => fill(data),
    }
  }

  profileOf(each) {
    const who = { ...this.who, person: each.person.id }
    return {
      load: () => get('/phones/chat', who),
      render: (data) => {
        const { person, relation } = data
        return h('div', {}, topBar(t('客户资料'), { onBack: () => this.back(), right: h('button', { type: 'button', class: 'text-btn', onclick: () => this.open(this.editor(data)) }, t('编辑')) }),
          h('div', { class: 'scroll list' },
            h('div', { class: 'me-card' }, avatar(person.avatar, 64), h('div', {}, h('h3', {}, h('bdi', {}, shownName(data)), h('span', { class: 'wechat-mark' }, ` ${t('@微信')}`)),
              relation.remark ? h('small', {}, `${t('昵称')}：${person.name}`) : null)),
            h('div', { class: 'lines' }, line(t('备注'), relation.remark), line(t('描述'), relation.description), line(t('电话'), relation.mobiles.join('、')), line(t('公司'), relation.company)),
            h('div', { class: 'lines' }, h('div', { class: 'line' }, h('span', {}, t('标签')), relation.tags.length || relation.personal_tags.length
              ? h('span', {}, chips(relation.tags.map((tag) => tag.name)), chips(relation.personal_tags, 'own')) : h('b', {}, t('没有标签')))),
            h('div', { class: 'lines' }, line(t('来源'), t(SOURCES[relation.add_way] ?? '其他')), line(t('渠道'), relation.state), line(t('添加时间'), fullTime(relation.createtime))),
            h('div', { class: 'lines actions' },
              h('button', { type: 'button', class: 'line press link', onclick: () => this.goTo(this.chat(data)) }, t('发消息')),
              h('button', { type: 'button', class: 'line press danger', onclick: async () => {
                if (!(await confirm(this, `${t('删除客户')} ${shownName(data)}？`, t('删除客户')))) return
                if (await attempt(() => act('delete_customer', who))) await this.reset(this.home())
              } }, t('删除客户')))))
      },
    }
  }

  editor(data) {
    const who = { ...this.who, person: data.person.id }
    const { relation } = data
    return {
      still: true,
      load: () => get(`/phones/tags/${encodeURIComponent(this.member.corpid)}`),
      render: (groups) => {
        const chosen = new Set(relation.tags.map((tag) => tag.id))
        const input = (label, value, most, more = {}) => { const node = h('input', { type: 'text', value, maxLength: most, ...more }); return [h('label', { class: 'field' }, h('span', {}, label), node), node] }
        const [remarkRow, remark] = input(t('备注'), relation.remark, 20)
        const [descriptionRow, description] = input(t('描述'), relation.description, 150)
        const [mobilesRow, mobiles] = input(t('电话'), relation.mobiles.join(' '), 200, { placeholder: t('用空格分开'), inputMode: 'tel' })
        const [companyRow, company] = input(t('公司'), relation.company, 20)
        const [ownRow, own] = input(t('个人标签'), relation.personal_tags.join(' '), 200, { placeholder: t('用空格分开') })
        const words = (text) => text.split(/[\s,，、]+/).filter(Boolean)
        const save = async () => {
          const done = await attempt(() => act('edit', { ...who, remark: remark.value.trim(), description: description.value.trim(), company: company.value.trim(),
            mobiles: words(mobiles.value), personal_tags: words(own.value), tags: [...chosen] }))
          if (done) { toast(t('已保存'), 'good'); await this.back() }
        }
        const chip = (tag) => h('button', { type: 'button', class: `chip pick${chosen.has(tag.id) ? ' on' : ''}`, 'aria-pressed': String(chosen.has(tag.id)), onclick: (event) => {
          chosen.has(tag.id) ? chosen.delete(tag.id) : chosen.add(tag.id)
          event.currentTarget.classList.toggle('on', chosen.has(tag.id))
          event.currentTarget.setAttribute('aria-pressed', String(chosen.has(tag.id)))
        } }, tag.name)
        return h('form', { onsubmit: (event) => { event.preventDefault(); save() } },
          topBar(t('编辑'), { onBack: () => this.back(), right: h('button', { type: 'submit', class: 'text-btn strong' }, t('保存')) }),
          h('div', { class: 'scroll list form' }, h('div', { class: 'lines' }, remarkRow, descriptionRow, mobilesRow, companyRow),
            groups.length ? h('h3', { class: 'list-title' }, t('企业标签')) : null,
            groups.map((group) => h('div', { class: 'lines tag-group' }, h('small', {}, group.name), h('span', { class: 'chips' }, group.tags.map(chip)))),
            h('div', { class: 'lines' }, ownRow)))
      },
    }
  }
}

/** The little markup of app messages: <br>, three greys of <div>, <a>, and markdown's marks are shown as plain text. */
function marked(text) {
  const page = new DOMParser().parseFromString(text.replaceAll('\n', '<br>'), 'text/html')
  const copy = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.textContent)
    const children = [...node.childNodes].map(copy).filter(Boolean)
    if (node.nodeName === 'BR') return h('br')
    if (node.nodeName === 'DIV') return h('div', { class: ['gray', 'highlight', 'normal'].includes(node.className) ? node.className : '' }, children)
    if (node.nodeName === 'A' && /^https?:/i.test(node.getAttribute('href') ?? '')) return h('a', { href: node.getAttribute('href'), target: '_blank', rel: 'noopener' }, children)
    return h('span', {}, children)
  }
  return h('div', { class: 'marked' }, [...page.body.childNodes].map(copy).filter(Boolean))
}

const go = (url, label) => (/^https?:/i.test(url ?? '') ? h('a', { class: 'notice-go', href: url, target: '_blank', rel: 'noopener' }, label || t('详情'), icon('go', 16)) : null)
