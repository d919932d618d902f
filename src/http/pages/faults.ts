/** The sandbox's menu to break a target on purpose; production has no faults, and so no menu. */
import { html } from 'hono/html'
import { say } from '../../words/say.ts'
import { inert } from '../inert.ts'
import type { Visit } from './visit.ts'
import type { Html } from './words.ts'

export type Fault = { readonly name: string; readonly says: string }

export function faultMenu(target: string, { faults, language }: Visit): Html {
  return html`<details class="faults" id="faults-${target}">
<summary id="break-${target}">${say(language, 'Break it')}</summary>
<ul>${faults.map(
    ({ name, says }) => html`
<li><button type="button" id="fault-${target}-${name}" data-fault="${name}" data-target="${target}">${inert(name)}</button><span>${say(language, inert(says))}</span></li>`,
  )}
</ul>
</details>`
}
