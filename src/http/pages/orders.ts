/** What a person can order from a page: the buttons of a target, and the one dialog that asks why. */
import { html } from 'hono/html'
import type { TargetView } from '../../core/report.ts'
import { PAUSE_MINUTES_MAX, REASON_CHARS_MAX } from '../../schemas/api-requests.ts'
import { say } from '../../words/say.ts'
import { inert } from '../inert.ts'
import { faultMenu } from './faults.ts'
import type { Visit } from './visit.ts'
import { type Html, phrase } from './words.ts'

type OrderName = 'recover' | 'resume' | 'pause' | 'arm'

/** Orders are JSON, so that no other site's form can send one: without the script there are no buttons. */
export function orderButtons(target: TargetView, visit: Visit): Html {
  const { language } = visit
  const resumable = target.paused !== undefined || target.breaker.kind === 'open'
  const button = (order: OrderName, text: string, more: Html | '' = '') =>
    html`<button type="button" id="${order}-${target.id}" data-order="${order}" data-target="${target.id}"${more}>${text}</button>`
  // The dialog shows them as they are: one that would have to be changed for that is not offered.
  const units = target.workloads.map(({ unit }) => unit).filter((unit) => inert(unit) === unit)
  return html`<div class="orders">
${button('recover', say(language, 'Recover'), html` data-units="${JSON.stringify(units)}"`)}
${resumable ? button('resume', say(language, 'Resume'), html` data-breaker="${target.breaker.kind}"`) : ''}
${target.paused === undefined ? button('pause', say(language, 'Pause')) : ''}
${target.armed ? '' : button('arm', say(language, 'Arm'))}
${visit.faults.length === 0 ? '' : faultMenu(target.id, visit)}
</div>`
}

/** For a page without its script: the same orders, as commands. */
export function orderCommands(target: TargetView, { language }: Visit): Html {
  const { id, armed, paused, breaker } = target
  const commands = [
    `nightguard recover ${id} --action auto --reason "…"`,
    ...(paused === undefined ? [`nightguard pause ${id} --minutes 60 --reason "…"`] : []),
    ...(paused === undefined ? [] : [`nightguard resume ${id} --reason "…"`]),
    ...(breaker.kind === 'open' ? [`nightguard resume ${id} --close-breaker --reason "…"`] : []),
    ...(armed ? [] : [`nightguard arm ${id} --reason "…"`]),
  ]
  return html`<noscript><div class="commands"><p>${say(language, 'Buttons need JavaScript. The same orders from a terminal:')}</p>
<ul>${commands.map((command) => html`<li><code>${command}</code></li>`)}</ul></div></noscript>`
}

/** Where orders would be, were there a script. */
export function orderHint({ language }: Visit): Html {
  const command = html`<code>nightguard</code>`
  return html`<noscript><p class="aside">${phrase(language, 'This page shows the state. Orders need JavaScript, or the {command} command.', { command })}</p></noscript>`
}

export function orderDialog(visit: Visit): Html {
  const { language } = visit
  return html`<dialog id="order" aria-labelledby="order-title" aria-describedby="order-says">
<form id="order-form">
<h2 id="order-title"></h2>
<p id="order-says"></p>
${choices(visit)}
<label>${say(language, 'Reason')}
<input name="reason" type="text" maxlength="${REASON_CHARS_MAX}" autocomplete="off" required placeholder="${say(language, 'Why, in a few words')}"></label>
<label class="check" data-for="recover"><input name="force" type="checkbox"><span>${say(language, 'Use force: also on a healthy target, or with the breaker open')}</span></label>
<label class="check" data-for="resume" data-breaker-label><input name="closeBreaker" type="checkbox"><span>${say(language, 'Close the breaker too')}</span></label>
<output id="order-outcome" aria-live="polite"></output>
<div class="choices">
<button type="button" data-close>${say(language, 'Cancel')}</button>
<button type="button" data-preview data-for="recover">${say(language, 'Preview')}</button>
<button type="submit" class="primary">${say(language, 'Do it')}</button>
</div>
</form>
</dialog>`
}

function choices({ language }: Visit): Html {
  const option = (value: string, text: string) => html`
<option value="${value}">${text}</option>`
  return html`<label data-for="recover">${say(language, 'Action')}
<select name="action">${[
    option('auto', say(language, 'auto – the least violent that fits')),
    option('restart-workload', say(language, 'restart-workload – recreate a container')),
    option('reboot', say(language, 'reboot – over SSH, graceful')),
    option('reset', say(language, 'reset – by Compute, hard')),
    option('start', say(language, 'start – a VM that is down')),
  ]}
</select></label>
<label data-for="recover" data-units-label>${say(language, 'Unit')}
<select name="unit"></select></label>
<label data-for="pause">${say(language, 'Minutes')}
<input name="minutes" type="number" inputmode="numeric" min="1" max="${PAUSE_MINUTES_MAX}" value="60"></label>`
}
