/** `/`: how the fleet is, target by target, and what happened lately. Works, without orders, with no script at all. */
import { html } from 'hono/html'
import type { IncidentView, TargetView } from '../../core/report.ts'
import { incidentList } from './incident-list.ts'
import { page } from './layout.ts'
import { orderDialog } from './orders.ts'
import { type CardOptions, targetCard } from './target-card.ts'
import { count, type Html, icon, moment, VERDICT_TONES } from './words.ts'

export type DashboardOptions = CardOptions & { readonly refreshMs: number; readonly note?: string }

export function dashboardPage(
  fleet: { targets: readonly TargetView[]; incidents: readonly IncidentView[] },
  options: DashboardOptions,
): Html {
  const { now, refreshMs, note } = options
  return page({
    title: `${headline(fleet.targets).text} – Night Guard`,
    refreshMs,
    ...(note === undefined ? {} : { note }),
    body: [
      targetsFragment(fleet.targets, options),
      incidentsFragment(fleet.incidents, now),
      options.mayOrder ? orderDialog() : html``,
    ],
  })
}

/** What the script asks for anew; it replaces the element of the same id. */
export function targetsFragment(targets: readonly TargetView[], options: CardOptions): Html {
  const { text, verdict } = headline(targets)
  return html`<div id="targets" data-fragment="/fragments/targets" data-now="${new Date(options.now).toISOString()}">
<section class="headline" data-tone="${VERDICT_TONES[verdict]}" aria-label="The fleet">
<h1>${icon(verdict)}<span>${text}</span></h1>
<p>${summary(targets, options.now)}</p>
</section>
<section aria-label="Targets">
${
  targets.length === 0
    ? html`<p class="empty">No target is configured. Add one to <code>nightguard.yaml</code> and start the guard again.</p>`
    : html`<div class="fleet">${targets.map((target) => targetCard(target, options))}</div>`
}
</section>
</div>`
}

export function incidentsFragment(incidents: readonly IncidentView[], now: number): Html {
  return html`<section id="incidents" class="incidents" data-fragment="/fragments/incidents" data-when="changed" aria-labelledby="incidents-title">
<h2 id="incidents-title">Incidents</h2>
${incidentList(incidents, now)}
</section>`
}

type Headline = { readonly text: string; readonly verdict: TargetView['verdict'] }

function headline(targets: readonly TargetView[]): Headline {
  const many = (verdict: TargetView['verdict']) =>
    targets.filter((target) => target.verdict === verdict).length
  if (targets.length === 0) return { text: 'Nothing to guard yet', verdict: 'inconclusive' }
  const unhealthy = many('unhealthy')
  if (unhealthy > 0) return { text: `${count(unhealthy, 'target')} in trouble`, verdict: 'unhealthy' }
  if (targets.some((target) => target.trouble !== undefined)) {
    return { text: 'The guard is hindered', verdict: 'unhealthy' }
  }
  const degraded = many('degraded')
  if (degraded > 0) {
    return {
      text: `${count(degraded, 'target')} ${degraded === 1 ? 'needs' : 'need'} a look`,
      verdict: 'degraded',
    }
  }
  if (many('inconclusive') > 0) return { text: 'Not sure yet', verdict: 'inconclusive' }
  return { text: 'All is well', verdict: 'healthy' }
}

function summary(targets: readonly TargetView[], now: number): Html {
  const healthy = targets.filter((target) => target.verdict === 'healthy').length
  // ISO times in UTC sort as text.
  const lastTickAt = targets
    .flatMap((target) => target.lastTickAt ?? [])
    .toSorted()
    .at(-1)
  const looked =
    lastTickAt === undefined ? html`no look yet` : html`last look ${moment(lastTickAt, now, 'at')}`
  return html`${healthy} of ${count(targets.length, 'target')} healthy, ${looked}`
}
