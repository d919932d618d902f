/** With JavaScript switched off: everything can be read, chosen and found out; what needs it says what to do instead. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_IS_HERE, CHROMIUM_NOTE } from './chromium.ts'
import { type Eventful, startEventful } from './eventful.ts'
import { inPage, useBrowser } from './stage.ts'
import { englishTexts } from './texts.ts'

describe.skipIf(!CHROMIUM_IS_HERE)(`Without JavaScript${CHROMIUM_NOTE}`, () => {
  const { visit } = useBrowser()
  let eventful: Eventful
  beforeAll(async () => {
    eventful = await startEventful()
  })
  afterAll(() => eventful.sandbox.close())

  const open = (path: string) =>
    visit({ url: eventful.url, path, javaScript: 'off', size: 'phone' }).then(({ page }) => page)

  it('the dashboard tells all, offers no button that would do nothing, and says how to order', async () => {
    const page = await open('/')
    expect(await page.locator('h1').innerText()).toBe('1 target in trouble')
    expect(await page.locator('article.target').count()).toBe(3)
    expect(await page.locator('button:visible, summary:visible').count()).toBe(0)
    expect(await page.locator('noscript').first().innerText()).toBe(
      'This page shows the state. Orders need JavaScript, or the nightguard command.',
    )
    await page.locator('#name-bot').click()
    expect(new URL(page.url()).pathname).toBe('/targets/bot')
  })

  it('a target shows the commands that its buttons would send', async () => {
    const page = await open('/targets/crawler')
    expect(await page.locator('.commands code').allInnerTexts()).toEqual([
      'nightguard recover crawler --action auto --reason "…"',
      'nightguard resume crawler --reason "…"',
    ])
    expect(await page.locator('button:visible').count()).toBe(0)
  })

  it("a target's charts are drawn, change their span by links, and have a table", async () => {
    const page = await open('/targets/crawler')
    expect(await page.locator('#charts svg[role=img]:visible').count()).toBe(4)
    const path = page.locator('#chart-latencyMs path.mean')
    const before = await path.getAttribute('d')
    await page.locator('#range-90').click()
    expect(new URL(page.url()).search).toBe('?days=90')
    expect(await page.locator('#range-90').getAttribute('aria-current')).toBe('true')
    expect(await path.getAttribute('d')).not.toBe(before)
    await page.locator('#measured-summary').click()
    expect(await page.locator('#measured-rows tr:visible').count()).toBeGreaterThan(80)
  })

  it('an incident tells its story, and its black box opens', async () => {
    const page = await open(`/incidents/${eventful.incidents.reset}`)
    expect(await page.locator('.timeline li:visible').count()).toBeGreaterThanOrEqual(4)
    const box = page.locator('#boxes pre').first()
    expect(await box.isVisible()).toBe(false)
    await page.locator('#boxes summary').first().click()
    expect(await box.isVisible()).toBe(true)
  })

  it('language and appearance are links, and kept for the next pages', async () => {
    const page = await open('/incidents')
    await page.locator('a[hreflang=ko]').click()
    expect(await page.locator('html').getAttribute('lang')).toBe('ko')
    await page.locator('[data-choose-theme=dark]').click()
    const background = () => inPage(page, 'getComputedStyle(document.body).backgroundColor')
    expect(await background()).toBe('rgb(14, 18, 25)')
    await page.locator('.brand').click()
    expect(new URL(page.url()).pathname).toBe('/')
    expect(await page.locator('html').getAttribute('lang')).toBe('ko')
    expect(await background()).toBe('rgb(14, 18, 25)')
    await page.locator('#name-bot').click()
    expect(await page.locator('.commands p').innerText()).toMatch(/터미널/)
    expect(await englishTexts(page)).toEqual([])
  })

  it.each(['/incidents', '/shadow', '/status', '/docs'])('%s can be read', async (path) => {
    const page = await open(path)
    expect(await page.locator('h1').isVisible()).toBe(true)
    expect((await page.locator('main').innerText()).length).toBeGreaterThan(60)
  })
})
