/**
 * Of the pages' script: the live parts. They are fetched as HTML, and the old elements are changed in place, so that
 * focus, open details and what is read stay. Changes of a verdict are told once; nothing else is.
 */
export const SCRIPT_LIVE = `
const refreshMs = Number(document.body.dataset.refreshMs ?? 0)
const HURRY_MS = 2000
const HURRY_FOR_MS = 60000
const NEWS_MAX = 3
let hurryUntil = 0
let failures = 0
let timer

function morph(from, to) {
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName || (from.id || '') !== (to.id || '')) {
    from.replaceWith(to)
    return
  }
  if (from.nodeType === Node.TEXT_NODE) {
    if (from.data !== to.data) from.data = to.data
    return
  }
  if (from.nodeType !== Node.ELEMENT_NODE) return
  if (from.nodeName === 'TIME' && from.dateTime === to.dateTime && from.dataset.relative === to.dataset.relative) return
  const mine = from.nodeName === 'DETAILS' ? ['open'] : ['title']
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !mine.includes(name)) from.removeAttribute(name)
  }
  for (const { name, value } of [...to.attributes]) {
    if (!mine.includes(name) && from.getAttribute(name) !== value) from.setAttribute(name, value)
  }
  const wanted = [...to.childNodes]
  wanted.forEach((next, index) => {
    let old = from.childNodes[index]
    if (next.id && old?.id !== next.id) {
      const kept = [...from.children].find((child) => child.id === next.id)
      if (kept) {
        from.insertBefore(kept, old ?? null)
        old = kept
      }
    }
    if (old) morph(old, next)
    else from.append(next)
  })
  while (from.childNodes.length > wanted.length) from.lastChild.remove()
}

async function refresh(element) {
  const response = await fetch(element.dataset.fragment, { signal: AbortSignal.timeout(10000) })
  if (!response.ok) throw await toError(response)
  const next = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById(element.id)
  if (!next) throw new Error('The answer is not what was asked for')
  const focused = document.activeElement?.id
  morph(element, document.adoptNode(next))
  if (focused && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true })
  takeClock(element)
  tellTimes(element)
}

function signs() {
  return new Map([...document.querySelectorAll('[data-sign]')].map((element) => [element.id, { ...element.dataset }]))
}

async function refreshAll() {
  const before = signs()
  for (const element of document.querySelectorAll('[data-fragment]:not([data-when])')) await refresh(element)
  const after = signs()
  const news = []
  let changed = false
  for (const [id, sign] of after) {
    const was = before.get(id)
    changed ||= 'busy' in sign || was?.sign !== sign.sign
    if (was?.verdict && was.verdict !== sign.verdict) news.push(sign.target + ': ' + sign.says)
  }
  if (news.length > 0) {
    const more = news.length - NEWS_MAX
    announce(news.slice(0, NEWS_MAX).join(', ') + (more > 0 ? ' ' + say('and {n} more', { n: more }) : ''))
  }
  if (!changed && Date.now() > hurryUntil) return
  for (const element of document.querySelectorAll('[data-fragment][data-when]')) await refresh(element)
}

async function beat() {
  const connection = byId('connection')
  try {
    await refreshAll()
    failures = 0
    connection.hidden = true
  } catch (error) {
    failures += 1
    put(connection, say('What you see may be old.') + ' ' + (error.problem ? error.message : say('The guard does not answer.')))
    connection.hidden = failures < 2 && !error.problem
  }
  plan()
}

function plan() {
  clearTimeout(timer)
  if (document.hidden || !refreshMs || !document.querySelector('[data-fragment]')) return
  const everyMs = Date.now() < hurryUntil ? Math.min(HURRY_MS, refreshMs) : refreshMs
  timer = setTimeout(beat, everyMs * Math.min(8, 2 ** Math.max(0, failures - 1)))
}

function hurry() {
  hurryUntil = Date.now() + HURRY_FOR_MS
  clearTimeout(timer)
  beat()
}

document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : beat()))

let quiet
function announce(text, tone = 'quiet') {
  const announcer = byId('announcer')
  announcer.textContent = text
  announcer.dataset.tone = tone
  clearTimeout(quiet)
  quiet = setTimeout(() => { announcer.textContent = '' }, 12000)
}
`
