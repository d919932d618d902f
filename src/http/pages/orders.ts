/** What a person can order from a page: the buttons of a target, and the one dialog that asks why. */
import { html } from 'hono/html'
import type { TargetView } from '../../core/report.ts'
import { PAUSE_MINUTES_MAX, REASON_CHARS_MAX } from '../../schemas/api-requests.ts'
import { type Fault, faultMenu } from './faults.ts'
import type { Html } from './words.ts'

/** Orders are JSON, so that no other site's form can send one: without the script there are no buttons. */
export function orderButtons(target: TargetView, faults: readonly Fault[]): Html {
  const units = JSON.stringify(target.workloads.map((workload) => workload.unit))
  const breakerOpen = target.breaker.kind === 'open'
  const resumable = target.paused !== undefined || breakerOpen
  return html`<div class="orders">
<button type="button" id="recover-${target.id}" data-order="recover" data-target="${target.id}" data-units="${units}">Recover</button>
${
  resumable
    ? html`<button type="button" id="resume-${target.id}" data-order="resume" data-target="${target.id}" data-breaker="${target.breaker.kind}">Resume</button>`
    : ''
}
${
  target.paused === undefined
    ? html`<button type="button" id="pause-${target.id}" data-order="pause" data-target="${target.id}">Pause</button>`
    : ''
}
${
  target.armed
    ? ''
    : html`<button type="button" id="arm-${target.id}" data-order="arm" data-target="${target.id}">Arm</button>`
}
${faults.length === 0 ? '' : faultMenu(target.id, faults)}
</div>`
}

export function orderDialog(): Html {
  return html`<noscript><p class="aside">This page shows the state. Orders need JavaScript, or the <code>nightguard</code> command.</p></noscript>
<dialog id="order" aria-labelledby="order-title" aria-describedby="order-says">
<form id="order-form">
<h2 id="order-title"></h2>
<p id="order-says"></p>
<label data-for="recover">Action
<select name="action">
<option value="auto">auto – the least violent that fits</option>
<option value="restart-workload">restart-workload – recreate a container</option>
<option value="reboot">reboot – over SSH, graceful</option>
<option value="reset">reset – by Compute, hard</option>
<option value="start">start – a VM that is down</option>
</select></label>
<label data-for="recover" data-units-label>Unit
<select name="unit"></select></label>
<label data-for="pause">Minutes
<input name="minutes" type="number" inputmode="numeric" min="1" max="${PAUSE_MINUTES_MAX}" value="60"></label>
<label>Reason
<input name="reason" type="text" maxlength="${REASON_CHARS_MAX}" autocomplete="off" required placeholder="Why, in a few words"></label>
<label class="check" data-for="recover"><input name="force" type="checkbox"><span>Use force: also on a healthy target, or with the breaker open</span></label>
<label class="check" data-for="resume" data-breaker-label><input name="closeBreaker" type="checkbox"><span>Close the breaker too</span></label>
<output id="order-outcome" aria-live="polite"></output>
<div class="choices">
<button type="button" data-close>Cancel</button>
<button type="button" data-preview data-for="recover">Preview</button>
<button type="submit" class="primary">Do it</button>
</div>
</form>
</dialog>`
}
