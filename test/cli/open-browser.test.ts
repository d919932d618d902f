/** A person's browser on the dashboard of a service that wants tokens, by way of `nightguard open`. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { OPERATOR_EMAIL } from '../../sandbox/config.ts'
import { AUDIENCE } from '../../sandbox/sandbox.ts'
import { createTokens } from '../../src/cli/fresh-tokens.ts'
import { CHROMIUM_IS_HERE, CHROMIUM_NOTE } from '../browser/chromium.ts'
import { inPage, soon, useBrowser } from '../browser/stage.ts'
import { startArmed, tickUntil, until } from '../service/harness.ts'
import { onlyIncident } from '../service/outage.ts'
import { stageProxy, startUpstream } from './open-stage.ts'

async function recover(page: Page, reason: string): Promise<void> {
  await page.locator('#recover-bot').click()
  await page.locator('[name=reason]').fill(reason)
  await page.locator('[data-preview]').click()
}

describe.skipIf(!CHROMIUM_IS_HERE)(`nightguard open in a browser${CHROMIUM_NOTE}`, () => {
  const { visit } = useBrowser()

  it('the link leads to the dashboard; a recovery is previewed and ordered; a choice of language stays', async () => {
    const service = await startArmed()
    const { identity } = service.world
    const tokens = createTokens({
      find: async () => identity.token({ email: OPERATOR_EMAIL, audience: AUDIENCE }),
    })
    const proxy = await stageProxy({ service: service.url, tokens })
    const url = `http://127.0.0.1:${proxy.port}`
    const { page, another } = await visit({ url, path: `/?key=${proxy.key}` })
    expect(page.url()).toBe(`${url}/`)
    expect(await page.locator('h1').innerText()).toBe('All is well')
    expect(await inPage(page, 'document.cookie')).toBe('')
    // The empty page that it began with, and the dashboard.
    expect(await inPage(page, '[history.length, document.referrer]')).toEqual([2, ''])

    await service.world.breakIt('container-exits', { machine: 'bot' })
    await until('systemd gives up', () => service.machine('bot').workload().state().active === 'failed')
    await recover(page, 'It is down')
    await soon(() => page.locator('#order-outcome').innerText()).toBe(
      'dry run: would restart-workload bot.service',
    )
    expect(await service.incidents('bot')).toEqual([])
    await page.locator('#order [type=submit]').click()
    await soon(() => page.locator('#announcer').innerText()).toMatch(/^Recover bot: /)
    const incident = await onlyIncident(service, 'bot')
    expect(incident.actions.map(({ rung, unit, by }) => ({ rung, unit, by }))).toEqual([
      {
        rung: 'restart-workload',
        unit: 'bot.service',
        by: { kind: 'person', who: OPERATOR_EMAIL, reason: 'It is down' },
      },
    ])
    await tickUntil(service, { target: 'bot', what: 'is well' }, ({ verdict }) => verdict === 'healthy')

    await page.locator('.foot a[hreflang=ko]').click()
    await soon(() => page.locator('html').getAttribute('lang')).toBe('ko')
    const next = await another('/')
    expect(await next.locator('h1').innerText()).toBe('모두 정상입니다')
  })

  it('a browser without a session is told what to do; so is one whose service is down', async () => {
    const proxy = await stageProxy({ service: 'http://127.0.0.1:2' })
    const url = `http://127.0.0.1:${proxy.port}`
    const expected = /status of (401|502)/
    const { page: stranger } = await visit({ url, path: '/', expected })
    expect(await stranger.locator('h1').innerText()).toBe(
      'This browser has no session, or its session has ended',
    )
    const { page } = await visit({ url, path: `/?key=${proxy.key}`, expected, theme: 'dark' })
    expect(await page.locator('h1').innerText()).toMatch(/^Can't reach http:\/\/127\.0\.0\.1:2: /)
    expect(await inPage(page, 'getComputedStyle(document.body).maxWidth')).toBe('640px')
  })

  it("another port's page can order nothing and read nothing, though the browser sends it the cookie", async () => {
    const asked: string[] = []
    const service = await startUpstream((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.setHeader('content-type', 'text/html')
      response.end('<h1>the service</h1>')
    })
    const proxy = await stageProxy({ service })
    const own = `http://127.0.0.1:${proxy.port}`
    const cookies: string[] = []
    const evil = await startUpstream((request, response) => {
      cookies.push(request.headers.cookie ?? '')
      response.setHeader('content-type', 'text/html')
      response.end('<h1>another program of this machine</h1>')
    })
    const { page, another } = await visit({ url: '', path: `${own}/?key=${proxy.key}`, expected: /./ })
    expect(await page.locator('h1').innerText()).toBe('the service')
    const before = asked.length
    const foreign = await another(`${evil}/`)
    const attempt = (init: string) =>
      inPage(
        foreign,
        `fetch('${own}/api/targets/bot/recover', ${init}).then((answer) => answer.status, () => 'refused')`,
      )
    expect([
      await attempt("{ credentials: 'include' }"),
      await attempt("{ mode: 'no-cors', credentials: 'include' }"),
      await attempt("{ method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }"),
      await attempt(
        "{ method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json', 'x-night-guard-page': '1' }, body: '{}' }",
      ),
    ]).toEqual(['refused', 'refused', 'refused', 'refused'])
    expect(asked.slice(before).filter((each) => each.includes('/api/'))).toEqual([])
    // Why it matters: cookies know no ports.
    expect(cookies[0]).toContain('night-guard-session-')
  })
})
