/** What a person orders from a page, by keyboard as well as by touch; and that no other site's page can order anything. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startArmed, startService } from '../service/harness.ts'
import { onlyIncident } from '../service/outage.ts'
import { CHROMIUM_IS_HERE, CHROMIUM_NOTE } from './chromium.ts'
import { focused, inPage, soon, useBrowser } from './stage.ts'

const TABS_MAX = 40

/** As a person without a mouse: Tab, until the element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  const isThere = `document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`
  for (let pressed = 0; pressed < TABS_MAX; pressed += 1) {
    if (await inPage<boolean>(page, isThere)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to ${selector} within ${TABS_MAX} steps`)
}

const outcome = (page: Page) => page.locator('#order-outcome').innerText()
const dialogIsOpen = (page: Page) => page.locator('#order').isVisible()

describe.skipIf(!CHROMIUM_IS_HERE)(`Orders from a page${CHROMIUM_NOTE}`, () => {
  const { visit } = useBrowser()

  it('recover: previewed, confirmed and done by keyboard alone; the focus goes back to where it was', async () => {
    const service = await startArmed()
    const before = service.machine('bot').snapshot().workloads[0]
    const { page } = await visit({ url: service.url, path: '/', expected: /status of 423/ })
    await tabTo(page, '#recover-bot')
    await page.keyboard.press('Enter')
    expect(await dialogIsOpen(page)).toBe(true)
    expect(await inPage(page, 'document.activeElement.name')).toBe('reason')
    expect(await page.locator('#order-title').innerText()).toBe('Recover bot')

    await tabTo(page, '[data-preview]')
    await page.keyboard.press('Enter')
    await soon(() => outcome(page)).toMatch(/healthy/)
    expect(await service.incidents('bot')).toEqual([])

    await page.keyboard.press('Escape')
    expect(await dialogIsOpen(page)).toBe(false)
    expect(await focused(page)).toBe('recover-bot')

    await page.keyboard.press('Enter')
    await tabTo(page, 'select[name=action]')
    await page.keyboard.press('ArrowDown')
    await tabTo(page, '[name=force]')
    await page.keyboard.press('Space')
    await tabTo(page, '[data-preview]')
    await page.keyboard.press('Enter')
    await soon(() => outcome(page)).toBe('dry run: would restart-workload bot.service')
    expect(await service.incidents('bot')).toEqual([])

    await page.keyboard.press('Shift+Tab')
    await tabTo(page, '[name=reason]')
    await page.keyboard.type('It was slow')
    await page.keyboard.press('Enter')
    await soon(() => dialogIsOpen(page)).toBe(false)
    await soon(() => page.locator('#announcer').innerText()).toMatch(/^Recover bot: /)
    expect(await focused(page)).toBe('recover-bot')
    const incident = await onlyIncident(service, 'bot')
    expect(incident.actions.map(({ rung, unit, force, by }) => ({ rung, unit, force, by }))).toEqual([
      {
        rung: 'restart-workload',
        unit: 'bot.service',
        force: true,
        by: { kind: 'person', who: 'you@sandbox.example', reason: 'It was slow' },
      },
    ])
    expect(service.machine('bot').snapshot().workloads[0]).not.toEqual(before)
    await soon(() => page.locator(`#incidents a[href="/incidents/${incident.id}"]`).count()).toBe(1)
  })

  it('a reason is asked for before anything is sent', async () => {
    const service = await startArmed()
    const { page } = await visit({ url: service.url, path: '/targets/bot' })
    await page.locator('#pause-bot').click()
    await page.locator('#order [type=submit]').click()
    expect(await dialogIsOpen(page)).toBe(true)
    expect(await inPage(page, 'document.activeElement.name')).toBe('reason')
    expect((await service.target('bot')).paused).toBeUndefined()
  })

  it('pause and resume, in two tabs: each shows what the other did', async () => {
    const service = await startArmed()
    const { page: one, another } = await visit({ url: service.url, path: '/', language: 'ko', size: 'phone' })
    const two = await another('/targets/crawler')
    await one.bringToFront()
    await one.locator('#pause-crawler').click()
    await one.locator('[name=minutes]').fill('30')
    await one.locator('[name=reason]').fill('점검')
    await one.locator('#order [type=submit]').click()
    await soon(() => one.locator('#target-crawler .notices').innerText()).toMatch(/^일시 중지.*점검/)
    const { paused } = await service.target('crawler')
    expect({ by: paused?.by, reason: paused?.reason }).toEqual({ by: 'you@sandbox.example', reason: '점검' })
    expect(Date.parse(paused?.until ?? '') - Date.parse(paused?.since ?? '')).toBe(30 * 60_000)

    await two.bringToFront()
    await soon(() => two.locator('#resume-crawler').isVisible()).toBe(true)
    await two.locator('#resume-crawler').click()
    await two.locator('[name=reason]').fill('끝')
    await two.locator('#order [type=submit]').click()
    await soon(() => two.locator('#resume-crawler').count()).toBe(0)
    expect((await service.target('crawler')).paused).toBeUndefined()

    await one.bringToFront()
    await soon(() => one.locator('#resume-crawler').count()).toBe(0)
    expect(await one.locator('#pause-crawler').isVisible()).toBe(true)
  })

  it('arm a target that was never seen', async () => {
    const service = await startService()
    const { page } = await visit({ url: service.url, path: '/', size: 'phone' })
    await page.locator('#arm-mailer').click()
    await page.locator('[name=reason]').fill('I know it')
    await page.locator('#order [type=submit]').click()
    await soon(() => page.locator('#arm-mailer').count()).toBe(0)
    expect((await service.target('mailer')).armed).toBe(true)
    expect((await service.target('bot')).armed).toBe(false)
  })

  it('says why an order was refused, in the language of the page, and keeps what was typed', async () => {
    const service = await startArmed()
    const { page } = await visit({
      url: service.url,
      path: '/',
      language: 'ko',
      expected: /status of 423/,
    })
    await page.locator('#recover-bot').click()
    await page.locator('[name=reason]').fill('그냥')
    await page.locator('#order [type=submit]').click()
    await soon(() => outcome(page)).toMatch(/[가-힣]/)
    expect(await outcome(page)).not.toMatch(/[a-z]{3,} [a-z]{2,} [a-z]{2,}/i)
    expect(await page.locator('[name=reason]').inputValue()).toBe('그냥')
    expect(await service.incidents('bot')).toEqual([])
  })

  it("another site's page orders nothing: no form, no fetch that needs no permission, no fetch of JSON", async () => {
    const service = await startArmed()
    const order = `${service.url}/api/targets/bot/pause`
    const { page } = await visit({ url: service.url, expected: /./ })
    for (const pageFor of [formPage, simpleFetchPage, jsonFetchPage]) {
      const answered: number[] = []
      const failed: string[] = []
      page.removeAllListeners()
      page.on('response', (response) => {
        if (response.url() === order && response.request().method() === 'POST')
          answered.push(response.status())
      })
      page.on('requestfailed', (request) => failed.push(request.url()))
      await page.goto(await serveForeign(pageFor(order)))
      // Refused by us, or by the browser, which was not given leave to ask.
      await soon(() => answered.includes(403) || failed.includes(order)).toBe(true)
      expect(answered.filter((status) => status !== 403)).toEqual([])
    }
    expect((await service.target('bot')).paused).toBeUndefined()
  })
})

const BODY = JSON.stringify({ minutes: 60, reason: 'mischief' })

/** A form's `name=value` can be made to look like JSON. */
function formPage(order: string): string {
  const [name, value] = [BODY.replace('mischief"}', ''), 'mischief"}']
  return `<form method="post" action="${order}" enctype="text/plain"><input name='${name}' value='${value}'></form>
<script>document.forms[0].submit()</script>`
}

function simpleFetchPage(order: string): string {
  return `<script>fetch('${order}', { method: 'POST', mode: 'no-cors', body: ${JSON.stringify(BODY)} }).catch(() => {})</script>`
}

function jsonFetchPage(order: string): string {
  const headers = "{ 'content-type': 'application/json' }"
  return `<script>fetch('${order}', { method: 'POST', headers: ${headers}, body: ${JSON.stringify(BODY)} }).catch(() => {})</script>`
}

/** Another port is another site. */
async function serveForeign(body: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<!doctype html><title>Elsewhere</title>${body}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
