/** axe-core in a page: what breaks the rules of WCAG 2.2 A and AA, and axe's best practices, in a few words each. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { inPage } from './stage.ts'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Of axe's rules those that look at colours, which are all that a theme changes. */
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/** `rule: element – what is wrong`; none when all is well. */
export async function violations(page: Page, what: 'all' | 'colours'): Promise<readonly string[]> {
  if (!(await inPage<boolean>(page, '"axe" in window'))) await inPage(page, SOURCE)
  const options = JSON.stringify({ runOnly: what === 'all' ? RULES : COLOURS, resultTypes: ['violations'] })
  return inPage(
    page,
    `axe.run(${options}).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => id + ': ' + target.join(' ') + ' – ' + failureSummary)))`,
  )
}
