/** One target on the dashboard: the verdict and its reason first, then who says so, then the details and orders. */
import { html } from 'hono/html'
import type { TargetView } from '../../core/report.ts'
import { inert } from '../inert.ts'
import type { Fault } from './faults.ts'
import { orderButtons } from './orders.ts'
import { targetDetails } from './target-details.ts'
import { evidenceTone, type Html, icon, moment, VERDICT_TONES, witnessName } from './words.ts'

export type CardOptions = {
  readonly now: number
  /** Orders are offered to operators only. */
  readonly mayOrder: boolean
  readonly faults: readonly Fault[]
}

export function targetCard(target: TargetView, options: CardOptions): Html {
  const { id, verdict, phase } = target
  return html`<article class="target" id="target-${id}" aria-labelledby="name-${id}" data-target="${id}" data-verdict="${verdict}" data-phase="${phase}" data-incident="${target.incidentId ?? ''}" data-tone="${VERDICT_TONES[verdict]}">
<header>
<h3 id="name-${id}">${inert(id)}</h3>
<p class="verdict">${icon(verdict)}${verdict}</p>
</header>
<p class="reason">${inert(target.reason)}</p>
${standing(target, options.now)}
${notices(target, options.now)}
${evidence(target)}
${targetDetails(target, options.now)}
${options.mayOrder ? orderButtons(target, options.faults) : ''}
</article>`
}

function standing(target: TargetView, now: number): Html {
  const cause = target.cause === undefined ? '' : html`<span class="tag">${target.cause}</span>`
  const since = target.phaseSince === undefined ? '' : html` ${moment(target.phaseSince, now, 'since')}`
  const looked =
    target.lastTickAt === undefined ? html`not seen yet` : html`seen ${moment(target.lastTickAt, now, 'at')}`
  return html`<p class="standing">${cause}<span><b>${target.phase}</b>${since}</span><span>${looked}</span></p>`
}

function notices(target: TargetView, now: number): Html | '' {
  const { trouble, paused, breaker, arming, incidentId } = target
  const lines = [
    trouble === undefined
      ? undefined
      : html`<li data-tone="bad"><b>The guard can't act:</b> ${inert(trouble)}. Nothing is done until it can.</li>`,
    paused === undefined
      ? undefined
      : html`<li data-tone="warn"><b>Paused</b> by ${inert(paused.by)}, ends ${moment(paused.until, now, 'at')}: ${inert(paused.reason)}</li>`,
    breaker.kind === 'closed'
      ? undefined
      : html`<li data-tone="bad"><b>Breaker open</b> ${moment(breaker.since, now, 'since')}: ${inert(breaker.reason)}</li>`,
    target.armed
      ? undefined
      : html`<li data-tone="warn"><b>Not armed:</b> ${unarmedWords(arming?.kind === 'unarmed' ? arming.why : 'new')}</li>`,
    incidentId === undefined
      ? undefined
      : html`<li data-tone="quiet"><a id="incident-link-${target.id}" href="/incidents/${encodeURIComponent(incidentId)}">See the incident</a></li>`,
  ].filter((line) => line !== undefined)
  return lines.length === 0 ? '' : html`<ul class="notices">${lines}</ul>`
}

function unarmedWords(why: 'new' | 'changed' | 'replaced' | 'state-lost'): string {
  const words = {
    new: 'it is acted on once it has been seen healthy.',
    changed: 'its configuration changed; it is acted on once it has been seen healthy.',
    replaced: 'it is another VM than before; a person has to arm it.',
    'state-lost': 'what was known of it is lost; a person has to arm it.',
  }
  return words[why]
}

function evidence(target: TargetView): Html {
  const witnesses = Object.entries(target.evidence)
  if (witnesses.length === 0) return html`<p class="none">No witness has been asked yet.</p>`
  return html`<dl class="evidence">${witnesses.map(
    ([name, { kind, detail }]) => html`
<div><dt>${inert(witnessName(name))}</dt><dd><span class="dot" data-tone="${evidenceTone(kind)}"></span><span><b>${inert(kind)}</b>${detail === undefined ? '' : html` ${inert(detail, 300)}`}</span></dd></div>`,
  )}
</dl>`
}
