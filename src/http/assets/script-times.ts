/** Of the pages' script: words and times. Texts are written in English; the words of other languages stand before it. */
export const SCRIPT_TIMES = `
const root = document.documentElement
root.classList.add('js')
const byId = (id) => document.getElementById(id)
const language = root.lang
const zone = document.body.dataset.zone
let clockOffsetMs = 0

function say(text, values = {}) {
  return (WORDS[text] ?? text).replace(/\\{(\\w+)\\}/g, (slot, name) => values[name] ?? slot)
}

/* The largest unit, rounded down. */
function span(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000)
  if (seconds < 60) return say('{n} s', { n: seconds })
  if (seconds < 3600) return say('{n} min', { n: Math.floor(seconds / 60) })
  if (seconds < 86400) return say('{n} h', { n: Math.floor(seconds / 3600) })
  return say('{n} d', { n: Math.floor(seconds / 86400) })
}

function relative(ms, style) {
  if (style === 'since') return say('for {span}', { span: span(ms) })
  if (ms <= 0 && ms > -2000) return say('just now')
  return ms <= 0 ? say('{span} ago', { span: span(ms) }) : say('in {span}', { span: span(ms) })
}

const format = new Intl.DateTimeFormat('en-US', {
  ...(zone ? { timeZone: zone } : {}),
  hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
})

function clock(at) {
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const date = language === 'ko'
    ? part.year + '년 ' + Number(part.month) + '월 ' + Number(part.day) + '일'
    : part.year + '-' + part.month + '-' + part.day
  return { date, time: part.hour + ':' + part.minute + ':' + part.second }
}

function clockText(at, kind) {
  const { date, time } = clock(at)
  if (kind === 'time') return time
  if (kind === 'date') return date
  const today = kind === 'moment' && clock(Date.now() + clockOffsetMs).date === date
  return today ? time : date + ' ' + time
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/* Clock times are the server's, in the zone that was chosen; where none was, the browser's own is told, once. */
const toldTimes = new WeakMap()

function tellTimes(within) {
  const now = Date.now() + clockOffsetMs
  for (const time of within.querySelectorAll('time')) {
    const at = Date.parse(time.dateTime)
    const { relative: style, clock: kind } = time.dataset
    if (style) put(time, relative(at - now, style))
    if (toldTimes.get(time) === time.dateTime) continue
    toldTimes.set(time, time.dateTime)
    if (kind && !zone) put(time, clockText(at, kind))
    time.title = clockText(at, 'full')
  }
}

function takeClock(element) {
  if (element.dataset.now) clockOffsetMs = Date.parse(element.dataset.now) - Date.now()
}
`
