/**
 * The pages' script, as text: browsers run it, Node only serves it. It keeps the live parts fresh without losing
 * focus, tells times, and sends orders. It builds no HTML: what it shows of an answer is text.
 */
export const SCRIPT = `
const root = document.documentElement
root.classList.add('js')
const byId = (id) => document.getElementById(id)
const refreshMs = Number(document.body.dataset.refreshMs ?? 0)
const HURRY_MS = 2000
const HURRY_FOR_MS = 60000
let hurryUntil = 0
let clockOffsetMs = 0
let failures = 0
let timer

/* Times */

function relative(ms, style) {
  const past = ms <= 0
  const seconds = Math.round(Math.abs(ms) / 1000)
  const [many, unit] =
    seconds < 100 ? [seconds, 's'] :
    seconds < 6000 ? [Math.round(seconds / 60), 'min'] :
    seconds < 172800 ? [Math.round(seconds / 3600), 'h'] : [Math.round(seconds / 86400), 'd']
  if (style === 'since') return 'for ' + many + ' ' + unit
  if (past && seconds < 2) return 'just now'
  return past ? many + ' ' + unit + ' ago' : 'in ' + many + ' ' + unit
}

function tellTimes(within) {
  const now = Date.now() + clockOffsetMs
  for (const time of within.querySelectorAll('time[data-relative]')) {
    const at = Date.parse(time.dateTime)
    const text = relative(at - now, time.dataset.relative)
    if (time.textContent !== text) time.textContent = text
    time.title = new Date(at).toLocaleString()
  }
}

function takeClock(element) {
  if (element.dataset.now) clockOffsetMs = Date.parse(element.dataset.now) - Date.now()
}

/* Live parts: the old elements are changed in place, so that focus and open details stay. */

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
  morph(element, document.adoptNode(next))
  takeClock(element)
  tellTimes(element)
}

function fleetState() {
  return new Map([...document.querySelectorAll('article.target')].map((card) => [card.dataset.target, {
    verdict: card.dataset.verdict,
    busy: !['watching', 'unarmed', 'gave-up'].includes(card.dataset.phase),
    sign: [card.dataset.verdict, card.dataset.phase, card.dataset.incident].join(' '),
  }]))
}

async function refreshAll() {
  const before = fleetState()
  for (const element of document.querySelectorAll('[data-fragment]:not([data-when])')) await refresh(element)
  const after = fleetState()
  const news = []
  let changed = false
  for (const [target, state] of after) {
    changed ||= state.busy || before.get(target)?.sign !== state.sign
    const was = before.get(target)?.verdict
    if (was && was !== state.verdict) news.push(target + ' is ' + state.verdict)
  }
  if (news.length > 0) announce(news.join(', '))
  if (!changed && Date.now() > hurryUntil) return
  for (const element of document.querySelectorAll('[data-fragment][data-when]')) await refresh(element)
}

async function beat() {
  try {
    await refreshAll()
    failures = 0
    byId('connection').hidden = true
  } catch (error) {
    failures += 1
    const connection = byId('connection')
    connection.textContent = 'What you see may be old. ' + (error.problem ? error.message : 'The guard does not answer.')
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

/* Orders */

async function toError(response) {
  const problem = await response.json().catch(() => undefined)
  const fields = (problem?.errors ?? []).map((entry) => entry.field + ': ' + entry.message)
  const said = problem
    ? [problem.title, fields.length > 0 ? fields.join('; ') : problem.detail, problem.mend]
    : ['The guard answered ' + response.status]
  const error = new Error(said.map((sentence) => sentence.replace(/[.]?$/, '.')).join(' '))
  error.problem = true
  return error
}

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw await toError(response)
  return response.status === 204 ? undefined : response.json().catch(() => undefined)
}

let quiet
function announce(text, tone = 'quiet') {
  const announcer = byId('announcer')
  announcer.textContent = text
  announcer.dataset.tone = tone
  clearTimeout(quiet)
  quiet = setTimeout(() => { announcer.textContent = '' }, 12000)
}

const TITLES = {
  recover: ['Recover', 'The guard looks once more, records what it will do, and does it.'],
  pause: ['Pause', 'The guard goes on watching, and acts on nothing until the pause ends.'],
  resume: ['Resume', 'Ends the pause: the guard acts again when it has to.'],
  arm: ['Arm', 'From now on the guard may act on this target as it is now.'],
}

const dialog = byId('order')
const form = byId('order-form')
let current

function openOrder(button) {
  const { order, target, units, breaker } = button.dataset
  current = { order, target, button }
  form.reset()
  byId('order-title').textContent = TITLES[order][0] + ' ' + target
  byId('order-says').textContent = TITLES[order][1]
  outcome('')
  form.querySelector('[type=submit]').textContent = TITLES[order][0]
  for (const part of form.querySelectorAll('[data-for]')) part.hidden = part.dataset.for !== order
  form.elements.unit.replaceChildren(new Option('the one that needs it', ''), ...JSON.parse(units ?? '[]').map((unit) => new Option(unit, unit)))
  form.querySelector('[data-breaker-label]').hidden = order !== 'resume' || breaker !== 'open'
  showUnits()
  dialog.showModal()
  form.elements.reason.focus()
}

function showUnits() {
  const fits = current.order === 'recover' && ['auto', 'restart-workload'].includes(form.elements.action.value)
  form.querySelector('[data-units-label]').hidden = !fits || form.elements.unit.options.length < 2
  if (!fits) form.elements.unit.value = ''
}

function orderBody() {
  const { action, unit, minutes, reason, force, closeBreaker } = form.elements
  const why = { reason: reason.value }
  switch (current.order) {
    case 'recover': return {
      ...why,
      action: action.value,
      ...(unit.value ? { unit: unit.value } : {}),
      ...(force.checked ? { force: true } : {}),
    }
    case 'pause': return { ...why, minutes: Number(minutes.value) }
    case 'resume': return { ...why, ...(closeBreaker.checked ? { closeBreaker: true } : {}) }
    default: return why
  }
}

function outcome(text, tone = 'quiet') {
  byId('order-outcome').textContent = text
  byId('order-outcome').dataset.tone = tone
}

function told({ report }) {
  const done = (report?.actions ?? []).map((action) => action.rung + ' ' + action.result + (action.detail ? ' (' + action.detail + ')' : ''))
  return done.length > 0 ? done.join(', ') : report?.reason ?? 'Done'
}

function foretold({ report }) {
  const wouldDo = (report?.actions ?? []).map((action) => action.detail ?? action.rung)
  return wouldDo.length > 0 ? wouldDo.join(', ') : 'Nothing would be done: ' + (report?.reason ?? 'the evidence asks for no action')
}

async function send({ dryRun }) {
  const { order, target } = current
  const body = orderBody()
  const buttons = form.querySelectorAll('button')
  for (const button of buttons) button.disabled = true
  outcome(dryRun ? 'Looking …' : 'Working …')
  try {
    const path = '/api/targets/' + encodeURIComponent(target) + '/' + order
    const answer = await post(path, dryRun ? { ...body, reason: body.reason || 'preview', dryRun } : body)
    if (dryRun) {
      outcome(foretold(answer))
      return
    }
    dialog.close()
    announce(TITLES[order][0] + ' ' + target + ': ' + told(answer), 'good')
    hurry()
  } catch (error) {
    outcome(error.message, 'bad')
  } finally {
    for (const button of buttons) button.disabled = false
  }
}

async function breakIt(button) {
  const { target, fault } = button.dataset
  try {
    await post('/sandbox/faults', { target, fault })
    button.closest('details').open = false
    announce(fault + ' on ' + target + '. Watch what the guard makes of it.')
    hurry()
  } catch (error) {
    announce(error.message, 'bad')
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button')
  if (button?.dataset.order) openOrder(button)
  else if (button?.dataset.fault) breakIt(button)
  else if (!event.target.closest('.faults')) for (const menu of document.querySelectorAll('.faults[open]')) menu.open = false
})

document.addEventListener('keydown', (event) => {
  const menu = event.key === 'Escape' ? document.querySelector('.faults[open]') : null
  if (!menu) return
  menu.open = false
  menu.querySelector('summary').focus()
})

if (dialog) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send({ dryRun: false })
  })
  form.elements.action.addEventListener('change', showUnits)
  form.querySelector('[data-close]').addEventListener('click', () => dialog.close())
  form.querySelector('[data-preview]').addEventListener('click', () => send({ dryRun: true }))
  dialog.addEventListener('close', () => byId(current.button.id)?.focus())
}

for (const element of document.querySelectorAll('[data-now]')) takeClock(element)
tellTimes(document)
setInterval(() => { if (!document.hidden) tellTimes(document) }, 1000)
plan()
`
