/** A target's workloads, secrets (names, versions, ages; never a value) and what its budgets still allow. */
import { html } from 'hono/html'
import type { BudgetView, SecretView, TargetView, WorkloadView } from '../../core/report.ts'
import { inert } from '../inert.ts'
import { count, duration, type Html, moment, type Tone } from './words.ts'

export function targetDetails(target: TargetView, now: number): Html {
  const open = target.verdict === 'healthy' ? '' : html` open`
  const spent = target.budgets.filter((budget) => budget.used > 0).length
  const budgets = spent === 0 ? 'budgets full' : `${count(spent, 'budget')} in use`
  return html`<details class="details" id="details-${target.id}"${open}>
<summary id="summary-${target.id}">${count(target.workloads.length, 'workload')}, ${count(target.secrets.length, 'secret')}, ${budgets}</summary>
<h4>Workloads</h4>
${workloads(target.workloads)}
<h4>Secrets</h4>
${secrets(target.secrets, now)}
<h4>Budgets</h4>
${budgetList(target.budgets)}
</details>`
}

function workloads(list: readonly WorkloadView[]): Html {
  if (list.length === 0) return html`<p class="none">None is configured: only the VM itself is watched.</p>`
  return html`<ul class="rows">${list.map(
    (workload) => html`
<li><span class="dot" data-tone="${workloadTone(workload)}"></span><code>${inert(workload.unit)}</code>
<span class="value">${inert([workload.state ?? 'not asked lately', workload.health].filter(Boolean).join(', '))}</span></li>`,
  )}</ul>`
}

function workloadTone({ state, health }: WorkloadView): Tone {
  if (state === undefined) return 'quiet'
  if (health === 'unhealthy' || state === 'failed' || state === 'inactive') return 'bad'
  if (health === 'starting' || state === 'activating') return 'warn'
  return state.startsWith('active') || state === 'running' ? 'good' : 'quiet'
}

function secrets(list: readonly SecretView[], now: number): Html {
  if (list.length === 0) return html`<p class="none">None is wanted here.</p>`
  return html`<ul class="rows">${list.map(
    (secret) => html`
<li><span class="dot" data-tone="${secret.applied === undefined ? 'warn' : 'good'}"></span><code>${inert(secret.name)}</code>
<span class="value">${applied(secret, now)}</span></li>`,
  )}</ul>`
}

function applied(secret: SecretView, now: number): Html {
  const wanted = secret.wanted === 'latest' ? 'latest' : `version ${secret.wanted}`
  if (secret.applied === undefined) return html`not put yet, ${inert(wanted)} is wanted`
  const since = secret.appliedAt === undefined ? '' : html`, put ${moment(secret.appliedAt, now, 'at')}`
  return html`version ${inert(secret.applied)}${secret.wanted === 'latest' ? ' (latest)' : ''}${since}`
}

function budgetList(list: readonly BudgetView[]): Html {
  if (list.length === 0) return html`<p class="none">None is kept.</p>`
  return html`<ul class="rows">${list.map((budget) => {
    const left = Math.max(0, budget.max - budget.used)
    const unit = budget.unit === undefined ? '' : html` <code>${inert(budget.unit)}</code>`
    return html`
<li><span class="pips" aria-hidden="true">${pips(budget)}</span><span class="name">${inert(budget.rung)}${unit}</span>
<span class="value">${left} of ${budget.max} left in ${duration(budget.windowMs)}</span></li>`
  })}</ul>`
}

const PIPS_MAX = 8

function pips(budget: BudgetView): readonly Html[] {
  const { used, max } = budget
  return Array.from({ length: Math.min(max, PIPS_MAX) }, (_, index) =>
    index < max - used ? html`<i></i>` : html`<i class="spent"></i>`,
  )
}
