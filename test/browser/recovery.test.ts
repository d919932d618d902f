/** A person watches: the dashboard through a fault and its recovery, by its own script, in both languages and themes. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Language } from '../../src/core/channel.ts'
import { startArmed, tickUntil, until } from '../service/harness.ts'
import { CHROMIUM_IS_HERE, CHROMIUM_NOTE } from './chromium.ts'
import { focused, inPage, type Size, soon, type Theme, useBrowser } from './stage.ts'

type Words = {
  readonly well: string
  readonly trouble: string
  readonly unhealthy: string
  readonly healthy: string
}
const WORDS: Readonly<Record<Language, Words>> = {
  en: { well: 'All is well', trouble: '1 target in trouble', unhealthy: 'unhealthy', healthy: 'healthy' },
  ko: {
    well: '모두 정상입니다',
    trouble: '대상 1개에 장애가 있습니다',
    unhealthy: '비정상',
    healthy: '정상',
  },
}

type Case = { readonly language: Language; readonly theme: Theme; readonly size: Size }

/** A restart that waits, so that the page is surely looked at while it goes on. */
function heldRestart() {
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const service = startArmed({
    // The restart is held for as long as it takes the page to show it.
    policy: {
      tick: { everyMs: '10s', deadlineMs: '40s' },
      lease: { durationMs: '90s' },
      ssh: { orderMs: '35s' },
    },
    wrap: (ports) => ({
      ...ports,
      shell: {
        ...ports.shell,
        async restartWorkload(...args) {
          await released
          return ports.shell.restartWorkload(...args)
        },
      },
    }),
  })
  return { service, release }
}

/** A page that is loaded anew forgets this. */
async function mark(page: Page): Promise<void> {
  await inPage(page, 'window.markedByTheTest = true')
}
const isMarked = (page: Page) => inPage<boolean>(page, 'window.markedByTheTest === true')

/** All that the live region has said since. */
async function listen(page: Page): Promise<() => Promise<readonly string[]>> {
  await inPage(
    page,
    `window.heard = []; new MutationObserver(() => {
      const { textContent } = document.getElementById('announcer')
      if (textContent) window.heard.push(textContent)
    }).observe(document.getElementById('announcer'), { childList: true, characterData: true, subtree: true })`,
  )
  return () => inPage<readonly string[]>(page, 'window.heard')
}

/** As when a person turns to the tab again: it asks at once. */
async function comeBack(page: Page): Promise<void> {
  await inPage(page, "document.dispatchEvent(new Event('visibilitychange'))")
}

describe.skipIf(!CHROMIUM_IS_HERE)(`The dashboard through a fault${CHROMIUM_NOTE}`, () => {
  const { visit } = useBrowser()

  it.each<Case>([
    { language: 'en', theme: 'light', size: 'phone' },
    { language: 'ko', theme: 'dark', size: 'desktop' },
  ])(
    'a container that exits, $language, $theme, $size: broken by the menu, shown, restarted, well',
    async (look) => {
      const { service: starting, release } = heldRestart()
      const service = await starting
      const words = WORDS[look.language]
      const { page } = await visit({ url: service.url, path: '/', ...look })
      await mark(page)
      const heard = await listen(page)
      expect(await page.locator('h1').innerText()).toBe(words.well)
      expect(await inPage(page, 'getComputedStyle(document.body).colorScheme')).toBe(look.theme)

      await page.locator('#break-bot').click()
      await page.locator('#fault-bot-container-exits').click()
      await soon(heard).toHaveLength(1)
      await until('systemd gives up', () => service.machine('bot').workload().state().active === 'failed')
      const tick = service.tick()

      await soon(() => page.locator('h1').innerText()).toBe(words.trouble)
      const card = page.locator('#target-bot')
      expect(await card.locator('.verdict').innerText()).toBe(words.unhealthy)
      expect(await card.getAttribute('data-phase')).toBe('recovering')
      expect((await heard()).at(-1)).toBe(`bot: ${words.unhealthy}`)
      await soon(() => page.locator('#incidents a[href^="/incidents/bot-"]').count()).toBe(1)

      release()
      await tick
      await tickUntil(service, { target: 'bot', what: 'is well' }, ({ verdict }) => verdict === 'healthy')
      await soon(() => page.locator('h1').innerText()).toBe(words.well)
      expect(await card.locator('.verdict').innerText()).toBe(words.healthy)
      expect((await heard()).at(-1)).toBe(`bot: ${words.healthy}`)
      expect(await isMarked(page)).toBe(true)
    },
  )

  it.each<Case>([
    { language: 'en', theme: 'dark', size: 'desktop' },
    { language: 'ko', theme: 'light', size: 'phone' },
  ])(
    'a VM that freezes, $language, $theme, $size: suspected, reset, well again; its incident is told',
    async (look) => {
      const service = await startArmed()
      const words = WORDS[look.language]
      const { page } = await visit({ url: service.url, path: '/', ...look })
      await mark(page)
      const heard = await listen(page)

      await service.world.breakIt('vm-freezes', { machine: 'mailer' })
      await service.tick()
      await soon(() => page.locator('h1').innerText()).toBe(words.trouble)
      expect(await page.locator('#target-mailer').getAttribute('data-phase')).toBe('suspect')
      expect(await heard()).toEqual([`mailer: ${words.unhealthy}`])

      await tickUntil(service, { target: 'mailer', what: 'is well' }, ({ verdict }) => verdict === 'healthy')
      await soon(() => page.locator('h1').innerText()).toBe(words.well)
      await soon(() => page.locator('#incidents a[href^="/incidents/mailer-"]').count()).toBe(1)
      expect((await heard()).at(-1)).toBe(`mailer: ${words.healthy}`)
      expect(await isMarked(page)).toBe(true)

      await page.locator('#incidents a[href^="/incidents/mailer-"]').click()
      await page.waitForURL('**/incidents/mailer-*')
      await soon(() => page.locator('.timeline li').count()).toBeGreaterThanOrEqual(4)
      expect(await page.locator('#boxes').isVisible()).toBe(true)
      expect(await page.locator('#boxes pre').first().isVisible()).toBe(false)
    },
  )

  it('keeps the focus and what is open, while what it tells changes', async () => {
    const service = await startArmed()
    const { page } = await visit({ url: service.url, path: '/targets/mailer' })
    await page.locator('#days-summary').click()
    await page.locator('#measured-summary').click()
    await page.locator('#recover-mailer').focus()
    await service.world.breakIt('vm-freezes', { machine: 'mailer' })
    await service.tick()
    await soon(() => page.locator('#target').getAttribute('data-verdict')).toBe('unhealthy')
    expect(await focused(page)).toBe('recover-mailer')
    const open = await page.locator('details[open]').evaluateAll((all) => all.map(({ id }) => id))
    expect(open).toEqual(['days', 'measured'])
    expect(await page.title()).toContain('mailer')
  })

  it('says so when the guard does not answer, and when it does again', async () => {
    const service = await startArmed()
    const { page } = await visit({
      url: service.url,
      path: '/',
      expected: /Failed to load resource|ERR_INTERNET_DISCONNECTED/,
    })
    const banner = page.locator('#connection')
    await page.context().setOffline(true)
    await comeBack(page)
    await soon(() => banner.isVisible()).toBe(true)
    expect(await banner.innerText()).toBe('What you see may be old. The guard does not answer.')
    await page.context().setOffline(false)
    await comeBack(page)
    await soon(() => banner.isVisible()).toBe(false)
  })
})
