/** Of the pages' script: a person's orders, and the sandbox's faults. It builds no HTML: what an answer says is text. */
export const SCRIPT_ORDERS = `
/* What may come from anywhere: control, bidi and invisible characters do nothing. */
const plain = (text) => text.replace(/[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]/gu, '·')

/* The API speaks English; the server says its sentences in the page's language. */
async function inWords(texts) {
  if (language === 'en') return texts.map(plain)
  const query = new URLSearchParams(texts.map((text) => ['text', text]))
  query.set('lang', language)
  try {
    const response = await fetch('/fragments/words?' + query, { signal: AbortSignal.timeout(5000) })
    return (response.ok ? (await response.json()).texts : texts).map(plain)
  } catch {
    return texts.map(plain)
  }
}

async function toError(response) {
  const problem = await response.json().catch(() => undefined)
  const fields = (problem?.errors ?? []).map((entry) => entry.field + ': ' + entry.message)
  const bare = (sentence) => sentence.replace(/[.]$/, '')
  if (!problem) return asProblem(say('The guard answered {status}', { status: response.status }) + '.')
  const [title, detail, mend] = await inWords([problem.title, fields.length > 0 ? fields.join('; ') : problem.detail, problem.mend])
  return asProblem(bare(title) + ' – ' + bare(detail) + '. ' + mend)
}

function asProblem(text) {
  const error = new Error(text)
  error.problem = true
  return error
}

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-night-guard-page': '1' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw await toError(response)
  return response.status === 204 ? undefined : response.json().catch(() => undefined)
}

const orderTitle = (order, target) => ({
  recover: say('Recover {target}', { target }),
  pause: say('Pause {target}', { target }),
  resume: say('Resume {target}', { target }),
  arm: say('Arm {target}', { target }),
})[order]
const orderSays = (order) => ({
  recover: say('The guard looks once more, records what it will do, and does it.'),
  pause: say('The guard goes on watching, and acts on nothing until the pause ends.'),
  resume: say('Ends the pause: the guard acts again when it has to.'),
  arm: say('From now on the guard may act on this target as it is now.'),
})[order]

const dialog = byId('order')
const form = byId('order-form')
let current

function openOrder(button) {
  const { order, target, units, breaker } = button.dataset
  current = { order, target, button: button.id }
  form.reset()
  put(byId('order-title'), orderTitle(order, target))
  put(byId('order-says'), orderSays(order))
  outcome('')
  put(form.querySelector('[type=submit]'), button.textContent)
  for (const part of form.querySelectorAll('[data-for]')) part.hidden = part.dataset.for !== order
  form.elements.unit.replaceChildren(new Option(say('the one that needs it'), ''), ...JSON.parse(units ?? '[]').map((unit) => new Option(unit, unit)))
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
  put(byId('order-outcome'), text)
  byId('order-outcome').dataset.tone = tone
}

/* What was done, or would be; where nothing is, the reason why. */
async function told({ report }, none) {
  const actions = report?.actions ?? []
  if (actions.length === 0) {
    const [reason] = await inWords([report?.reason ?? ''])
    return none + (reason ? ' ' + reason : '')
  }
  return (await inWords(actions.map((action) => action.detail ?? action.rung + ' ' + action.result))).join(', ')
}

async function send({ dryRun }) {
  const { order, target } = current
  const body = orderBody()
  const buttons = form.querySelectorAll('button')
  for (const button of buttons) button.disabled = true
  outcome(dryRun ? say('Looking …') : say('Working …'))
  try {
    const path = '/api/targets/' + encodeURIComponent(target) + '/' + order
    const answer = await post(path, dryRun ? { ...body, reason: body.reason || 'preview', dryRun } : body)
    if (dryRun) {
      outcome(await told(answer, say('Nothing would be done:')))
      return
    }
    const news = await told(answer, say('Done.'))
    dialog.close()
    announce(orderTitle(order, target) + ': ' + news, 'good')
    hurry()
  } catch (error) {
    outcome(error.message, 'bad')
  } finally {
    for (const button of buttons) button.disabled = false
  }
}

async function breakIt(button) {
  const { fault } = button.dataset
  const { target } = button.closest('[data-target]').dataset
  try {
    await post('/sandbox/faults', { target, fault })
    button.closest('details').open = false
    announce(say('{fault} on {target}. Watch what the guard makes of it.', { fault, target }))
    hurry()
  } catch (error) {
    announce(error.message, 'bad')
  }
}

if (dialog) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send({ dryRun: false })
  })
  form.elements.action.addEventListener('change', showUnits)
  form.querySelector('[data-close]').addEventListener('click', () => dialog.close())
  form.querySelector('[data-preview]').addEventListener('click', () => send({ dryRun: true }))
  dialog.addEventListener('close', () => byId(current.button)?.focus())
}
`
