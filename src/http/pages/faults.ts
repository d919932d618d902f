/** The sandbox's menu to break a target on purpose, within its card; production has no faults, and so no menu. */
import { html } from 'hono/html'
import type { Language } from '../../core/channel.ts'
import { say } from '../../words/say.ts'
import { inert } from '../inert.ts'
import type { Html } from './words.ts'

export type Fault = { readonly name: string; readonly says: string }

export function faultMenu(
  target: string,
  { faults, language }: { readonly faults: readonly Fault[]; readonly language: Language },
): Html {
  return html`<details class="faults" id="faults-${target}">
<summary id="break-${target}">${say(language, 'Break it')}</summary>
<ul>${faults.map(
    ({ name, says }) => html`
<li><button type="button" id="fault-${target}-${name}" data-fault="${name}">${inert(name)}</button><span>${say(language, inert(says))}</span></li>`,
  )}
</ul>
</details>`
}
