/** What a VM, a person or an answer says is text on every page, whatever is in it: no element, no script, no turned line. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import {
  at,
  blackBox,
  history,
  historyPoint,
  incident,
  shadowReport,
  targetView,
} from '../http/fake-guard.ts'
import type { World } from '../http/pages-world.ts'
import { startArmed, tickUntil } from '../service/harness.ts'
import { onlyIncident } from '../service/outage.ts'
import { CHROMIUM_IS_HERE, CHROMIUM_NOTE } from './chromium.ts'
import { serveWorld } from './small-service.ts'
import { inPage, LANGUAGES, soon, useBrowser } from './stage.ts'

const MARKUP = `<img src=x onerror="window.hit=1"><script>window.hit=1</script><svg/onload=window.hit=1>`
const BREAKOUT = `"'\`></title></textarea></noscript><a href="javascript:window.hit=1">`
const CONTROLS = '\u001b[2J\u001b]8;;http://evil.example\u0007\u202e\u2066\u200b\u0000'
const EVIL = `${MARKUP}${BREAKOUT}${CONTROLS}`

const [ACTION] = incident().actions
const person = { kind: 'person', who: EVIL, reason: EVIL } as const
const WORLD: World = {
  targets: [
    targetView({
      verdict: 'unhealthy',
      reason: EVIL,
      phaseReason: EVIL,
      trouble: EVIL,
      incidentId: 'i-1',
      evidence: { http: { kind: EVIL, detail: EVIL }, [EVIL]: { kind: 'ok', detail: EVIL } },
      paused: { by: EVIL, reason: EVIL, since: at(0), until: at(-60) },
      breaker: { kind: 'open', since: at(0), rung: 'reset', reason: EVIL },
      budgets: [{ rung: EVIL, unit: EVIL, used: 1, max: 2, windowMs: 1_000 }],
      workloads: [
        { unit: EVIL, container: EVIL, state: EVIL, health: EVIL },
        { unit: MARKUP, container: 'c', state: 'active' },
      ],
      secrets: [{ name: EVIL, secret: EVIL, wanted: EVIL, applied: EVIL, appliedAt: at(60) }],
      outlook: { rung: 'restart-workload', unit: EVIL, why: EVIL },
    }),
  ],
  incidents: [
    incident({
      target: EVIL,
      timeline: [{ at: at(0), kind: 'opened', text: EVIL }],
      blackBoxes: [{ id: 'b-1', at: at(0), before: 'reset' }],
      would: [{ at: at(0), rung: 'restart-workload', unit: EVIL, cause: EVIL, reason: EVIL }],
      actions:
        ACTION === undefined
          ? []
          : [{ ...ACTION, unit: EVIL, cause: EVIL, by: person, result: { kind: 'failed', detail: EVIL } }],
    }),
  ],
  boxes: [blackBox({ sections: [{ kind: 'text', name: 'serial-console', text: `${EVIL}\n`, cut: false }] })],
  history: history({ points: [historyPoint(3_600), historyPoint(1_200)] }),
  shadow: shadowReport({
    targets: [
      {
        id: EVIL,
        outages: 1,
        would: [
          { at: at(9), rung: 'restart-workload', unit: EVIL, cause: EVIL, reason: EVIL, incidentId: EVIL },
        ],
      },
    ],
  }),
  options: {
    statusPage: { title: EVIL, targets: [{ id: 'nightguard', name: EVIL }] },
    extras: { mount: () => undefined, pageNote: EVIL, faults: [{ name: 'heal', says: EVIL }] },
  },
}

const PATHS = ['/', '/targets/nightguard', '/incidents', '/incidents/i-1', '/shadow', '/status']

/** All that must not be there; nothing where text is only text. */
function harmIn(page: Page): Promise<readonly string[]> {
  return inPage(
    page,
    `(() => {
      const harm = window.hit === undefined ? [] : ['a script ran']
      for (const element of document.querySelectorAll('*')) {
        const name = element.localName
        if (['img', 'textarea', 'iframe', 'object', 'embed', 'base'].includes(name)) harm.push('an element: ' + name)
        if (name === 'script' && !/^\\/assets\\//.test(element.getAttribute('src') ?? '')) harm.push('a script')
        for (const { name: attribute, value } of element.attributes) {
          if (attribute.startsWith('on')) harm.push('an attribute: ' + attribute)
          if (/^\\s*javascript:/i.test(value)) harm.push('a link: ' + value)
          if (/[\\p{Cc}\\p{Cf}]/u.test(value.replace(/\\n/g, ''))) harm.push('a control in ' + attribute)
        }
      }
      const text = document.documentElement.textContent
      if (/[\\p{Cc}\\p{Cf}]/u.test(text.replace(/[\\n\\t]/g, ''))) harm.push('a control in the text')
      return harm
    })()`,
  )
}

describe.skipIf(!CHROMIUM_IS_HERE)(`Hostile text in a browser${CHROMIUM_NOTE}`, () => {
  const { visit } = useBrowser()

  it.each(LANGUAGES)('is shown, and does nothing, on every page in %s', async (language) => {
    const service = await serveWorld(WORLD)
    const { page } = await visit({ ...service, language, expected: /status of 404/ })
    for (const path of PATHS) {
      await page.goto(`${service.url}${path}`)
      expect([path, await harmIn(page)]).toEqual([path, []])
      expect([path, (await page.locator('body').innerText()).includes('<img src=x')]).toEqual([path, true])
    }
    await page.goto(`${service.url}/targets/${encodeURIComponent(EVIL.replaceAll('\u0000', ''))}`)
    expect(await harmIn(page)).toEqual([])
  })

  it("is shown by the script, too: in an order's dialog, in its answer, and in the charts", async () => {
    const service = await serveWorld(WORLD)
    const { page } = await visit({ ...service, path: '/targets/nightguard', expected: /status of 4/ })
    await page.locator('#charts').scrollIntoViewIfNeeded()
    await page.locator('#charts .uplot').first().waitFor()
    await page.locator('#recover-nightguard').click()
    const units = await page.locator('select[name=unit] option').allInnerTexts()
    expect(units).toEqual(['the one that needs it', MARKUP])
    await page.route('**/api/targets/nightguard/recover', (route) =>
      route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          title: EVIL,
          detail: EVIL,
          mend: EVIL,
          errors: [{ field: EVIL, message: EVIL }],
        }),
      }),
    )
    await page.locator('[data-preview]').click()
    await soon(() => page.locator('#order-outcome').innerText()).toContain('<img src=x onerror')
    expect(await harmIn(page)).toEqual([])
  })

  it("what a container writes on its VM's console is in the black box, and does nothing there", async () => {
    const service = await startArmed()
    const { page } = await visit({ url: service.url })
    service.machine('mailer').says(EVIL)
    await service.world.breakIt('vm-panics', { machine: 'mailer' })
    await tickUntil(service, { target: 'mailer', what: 'is well' }, ({ verdict }) => verdict === 'healthy')
    const { id } = await onlyIncident(service, 'mailer')
    await page.goto(`${service.url}/incidents/${id}`)
    await page.locator('#boxes summary').first().click()
    const shown = await page.locator('#boxes pre').first().innerText()
    expect(shown).toContain('Kernel panic')
    expect(await harmIn(page)).toEqual([])
  })
})
