// The world's time, which may run ahead of the machine's.
import { currentLanguage, t } from './i18n.js'

let offset = 0
export const setOffset = (seconds) => { offset = seconds }
export const getOffset = () => offset
export const now = () => Date.now() / 1000 + offset

const two = (number) => String(number).padStart(2, '0')
export const clockText = (seconds = now()) => {
  const date = new Date(seconds * 1000)
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

export function shortTime(seconds) {
  const date = new Date(seconds * 1000)
  const today = new Date(now() * 1000)
  const days = Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000)
  if (days === 0) return clockText(seconds)
  if (days === 1) return t('昨天')
  return `${date.getMonth() + 1}/${date.getDate()}`
}

export function fullTime(seconds) {
  return new Date(seconds * 1000).toLocaleString(currentLanguage() === 'zh' ? 'zh-CN' : 'en-GB', {
    year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit',
  })
}
