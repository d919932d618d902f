/** Times in the reader's zone: the browser's where none was configured, the configured one wherever the browser is. */
import { describe, expect, it } from 'vitest'
import { incident } from '../http/fake-guard.ts'
import { CHROMIUM_IS_HERE, CHROMIUM_NOTE } from './chromium.ts'
import { serveWorld } from './small-service.ts'
import { soon, useBrowser } from './stage.ts'

/** It is 2026-03-04 03:14:20 in UTC; the incident was opened two minutes earlier. */
const NEW_YORK = 'America/New_York'
const SEOUL = 'Asia/Seoul'

describe.skipIf(!CHROMIUM_IS_HERE)(`Times in a browser${CHROMIUM_NOTE}`, () => {
  const { visit } = useBrowser()

  it.each([
    { language: 'en', timeZone: NEW_YORK, date: '2026-03-03', time: '22:12:20' },
    { language: 'ko', timeZone: SEOUL, date: '2026년 3월 4일', time: '12:12:20' },
  ] as const)(
    'no zone is configured: they are those of the browser, $language in $timeZone',
    async (look) => {
      const service = await serveWorld({})
      const { page } = await visit({ ...service, ...look, path: '/incidents/i-1' })
      await soon(() => page.locator('#zone').innerText()).toBe(look.timeZone)
      expect(await page.locator('.timeline time').first().innerText()).toBe(look.time)
      expect(await page.locator('time[data-clock=date]').innerText()).toBe(look.date)
    },
  )

  it.each([
    { language: 'en', date: '2026-03-04' },
    { language: 'ko', date: '2026년 3월 4일' },
  ] as const)('a zone is configured: it is kept in a browser of another one, $language', async (look) => {
    const service = await serveWorld({ options: { reader: { timeZone: SEOUL } } })
    const { page } = await visit({ ...service, ...look, timeZone: NEW_YORK, path: '/incidents/i-1' })
    await soon(() => page.locator('.standing time').innerText()).not.toMatch(/:/)
    expect(await page.locator('#zone').innerText()).toBe(SEOUL)
    expect(await page.locator('.timeline time').first().innerText()).toBe('12:12:20')
    expect(await page.locator('time[data-clock=date]').innerText()).toBe(look.date)
    expect(await page.locator('.timeline time').first().getAttribute('title')).toBe(`${look.date} 12:12:20`)
  })

  it('without JavaScript they are in the configured zone, or in UTC, and the page says which', async () => {
    const service = await serveWorld({})
    const { page } = await visit({ ...service, path: '/incidents/i-1', timeZone: SEOUL, javaScript: 'off' })
    expect(await page.locator('#zone').innerText()).toBe('UTC')
    expect(await page.locator('.timeline time').first().innerText()).toBe('03:12:20')
  })

  it.each([
    { language: 'en', lately: '12 s ago' },
    { language: 'ko', lately: '12초 전' },
  ] as const)(
    "what was just now is told as a span, by the guard's clock: $language",
    async ({ language, lately }) => {
      const service = await serveWorld({ incidents: [incident()] })
      const { page } = await visit({ ...service, path: '/', language, timeZone: NEW_YORK })
      await soon(() => page.locator('.headline time').innerText()).toMatch(/\d/)
      // The guard's clock stands still; the browser's goes on from there.
      const [seconds = ''] = (await page.locator('.headline time').innerText()).match(/\d+/) ?? []
      expect(lately.replace('12', seconds)).toBe(await page.locator('.headline time').innerText())
      expect(Number(seconds)).toBeLessThan(60)
    },
  )
})
