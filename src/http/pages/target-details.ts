/** A target's witnesses, workloads, secrets (names, versions, ages; never a value) and what its budgets still allow. */
import { html } from 'hono/html'
import type { BudgetView, SecretView, TargetView, WorkloadView } from '../../core/report.ts'
import { say } from '../../words/say.ts'
import { duration } from '../../words/times.ts'
import { inert } from '../inert.ts'
import { sentenceOf } from './speech.ts'
import type { Visit } from './visit.ts'
import { capital, type Html, moment, named, phrase, type Tone } from './words.ts'

const GOOD_WORDS: readonly string[] = ['ok', 'seen', 'fresh', 'RUNNING', 'in-sync']
const QUIET_WORDS: readonly string[] = ['not-asked', 'absent', 'unavailable', 'unknown', 'none']

const DETAIL_CHARS_MAX = 300

/** What a witness's word means for the eye; an unknown one is taken for bad news. */
export function evidenceTone(kind: string): Tone {
  if (GOOD_WORDS.includes(kind)) return 'good'
  if (QUIET_WORDS.includes(kind)) return 'quiet'
  const [some, all] = countsOf(kind)
  return some !== undefined && all !== undefined && some * 2 > all ? 'good' : 'bad'
}

/** `2 of 3`. */
function countsOf(kind: string): readonly number[] {
  return /^(\d+) of (\d+)$/.exec(kind)?.slice(1).map(Number) ?? []
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
/** A heartbeat is written every 30 s; older than this it is stale. */
const HEARTBEAT_FRESH_MS = 90_000

export function witnesses({ evidence }: TargetView, visit: Visit): Html {
  const { language } = visit
  const words = Object.entries(evidence)
  if (words.length === 0) return html`<p class="none">${say(language, 'No witness has been asked yet.')}</p>`
  return html`<dl class="evidence">${words.map(
    ([name, { kind, detail }]) => html`
<div><dt>${capital(named('witness', name, language))}</dt><dd><span class="dot" data-tone="${witnessTone(kind, detail, visit)}"></span><span><b>${witnessWord(name, kind, visit)}</b>${detail === undefined ? '' : html` <span class="soft">${witnessDetail(detail, visit)}</span>`}</span></dd></div>`,
  )}
</dl>`
}

function witnessTone(kind: string, detail: string | undefined, { now }: Visit): Tone {
  const isOld = detail !== undefined && ISO_TIME.test(detail) && now - Date.parse(detail) > HEARTBEAT_FRESH_MS
  return isOld ? 'bad' : evidenceTone(kind)
}

function witnessWord(name: string, kind: string, { language }: Visit): string {
  const word = name === 'vm' ? named('vm', kind, language) : kind
  if (word !== kind) return word
  const [some, all] = countsOf(kind)
  if (some !== undefined && all !== undefined) return say(language, '{some} of {all}', { some, all })
  return named('word', kind, language)
}

function witnessDetail(detail: string, visit: Visit): Html {
  return ISO_TIME.test(detail) ? moment(detail, visit) : html`${sentenceOf(detail, visit, DETAIL_CHARS_MAX)}`
}

export function workloads(list: readonly WorkloadView[], { language }: Visit): Html {
  if (list.length === 0) {
    return html`<p class="none">${say(language, 'None is configured: only the VM itself is watched.')}</p>`
  }
  return html`<ul class="rows">${list.map((workload) => {
    const state = [workload.state ?? say(language, 'not asked lately'), workload.health].filter(
      (word) => word !== undefined,
    )
    return html`
<li><span class="dot" data-tone="${workloadTone(workload)}"></span><code>${inert(workload.unit)}</code><span class="value">${inert(state.join(', '))}</span></li>`
  })}</ul>`
}

export function workloadTone({ state, health }: WorkloadView): Tone {
  const [word = ''] = state?.split(' ') ?? []
  if (health === 'unhealthy' || ['failed', 'inactive', 'deactivating', 'exited'].includes(word)) return 'bad'
  if (health === 'starting' || ['activating', 'reloading'].includes(word)) return 'warn'
  return ['active', 'running'].includes(word) ? 'good' : 'quiet'
}

export function secrets(list: readonly SecretView[], visit: Visit): Html {
  const { language } = visit
  if (list.length === 0) return html`<p class="none">${say(language, 'None is wanted here.')}</p>`
  return html`<ul class="rows">${list.map(
    (secret) => html`
<li><span class="dot" data-tone="${secret.applied === undefined ? 'warn' : 'good'}"></span><span><code>${inert(secret.name)}</code>${secret.name === secret.secret ? '' : html` <span class="soft">${phrase(language, 'from {secret}', { secret: html`<code>${inert(secret.secret)}</code>` })}</span>`}</span><span class="value">${applied(secret, visit)}</span></li>`,
  )}</ul>`
}

function applied({ wanted, applied: version, appliedAt }: SecretView, visit: Visit): Html {
  const { language } = visit
  if (version === undefined) {
    return phrase(language, 'not put yet, version {wanted} is wanted', { wanted: inert(wanted, 100) })
  }
  const text =
    wanted === 'latest'
      ? phrase(language, 'version {version} (latest)', { version: inert(version, 100) })
      : phrase(language, 'version {version}', { version: inert(version, 100) })
  return appliedAt === undefined
    ? text
    : html`${text}, ${phrase(language, 'put {when}', { when: moment(appliedAt, visit) })}`
}

export function budgets(list: readonly BudgetView[], { language }: Visit): Html {
  if (list.length === 0) return html`<p class="none">${say(language, 'None is kept.')}</p>`
  return html`<ul class="rows">${list.map(({ rung, unit, used, max, windowMs }, index) => {
    const left = Math.max(0, max - used)
    const text = say(language, '{left} of {max} left in {span}', {
      left,
      max,
      span: duration(windowMs, language),
    })
    return html`
<li class="budget"><span id="budget-${index}">${capital(named('budget', rung, language))}${unit === undefined ? '' : html` <code>${inert(unit)}</code>`}</span><span class="value">${text}</span><meter min="0" max="${max}" low="1" optimum="${max}" value="${left}" aria-labelledby="budget-${index}">${text}</meter></li>`
  })}</ul>`
}
