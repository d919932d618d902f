/** Hands and eyes: keys, small screens, large print, and eyes that movement troubles. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_IS_HERE, CHROMIUM_NOTE } from './chromium.ts'
import { type Eventful, startEventful } from './eventful.ts'
import { focused, inPage, LANGUAGES, SIZES, useBrowser } from './stage.ts'

type Focus = { readonly text: string; readonly top: number; readonly left: number; readonly isSeen: boolean }

/** Where the focus goes, by Tab, from the top of the page to its end. */
async function tabStops(page: Page): Promise<readonly Focus[]> {
  const stops: Focus[] = []
  for (let pressed = 0; pressed < 120; pressed += 1) {
    await page.keyboard.press('Tab')
    const stop = await inPage<Focus | null>(
      page,
      `(() => {
        const element = document.activeElement
        if (!element || element === document.body) return null
        const { top, left, width, height } = element.getBoundingClientRect()
        const { outlineStyle } = getComputedStyle(element)
        const text = (element.getAttribute('aria-label') ?? element.textContent).trim().replace(/\\s+/g, ' ').slice(0, 40)
        return { text, top: top + scrollY, left, isSeen: width > 0 && height > 0 && outlineStyle !== 'none' }
      })()`,
    )
    if (stop === null) return stops
    stops.push(stop)
  }
  throw new Error('Tab goes round and round')
}

/**
 * What is to be touched and lower than a thumb needs. Links within a sentence are as high as their line; a label
 * carries its box; an item of a list may be the target of the button in it, by what the button lays over it.
 */
function smallTargets(page: Page): Promise<readonly string[]> {
  return inPage(
    page,
    `[...document.querySelectorAll('a[href], button, summary, input, select, [role=slider]')].flatMap((element) => {
      const box = (element.matches('input[type=checkbox]') ? element.closest('label') : element).getBoundingClientRect()
      if (box.width === 0 || element.closest('.skip')) return []
      const over = getComputedStyle(element, '::after')
      const target = over.position === 'absolute' && over.inset === '0px' ? element.parentElement.getBoundingClientRect() : box
      const isInSentence = getComputedStyle(element).display === 'inline' && element.parentElement.matches('p, dd, span, li')
      if (isInSentence || Math.round(target.height) >= 44) return []
      return [element.tagName + ' ' + (element.id || element.textContent.trim().slice(0, 30)) + ' ' + Math.round(target.width) + '×' + Math.round(target.height)]
    })`,
  )
}

describe.skipIf(!CHROMIUM_IS_HERE)(`By keyboard, on a phone, enlarged${CHROMIUM_NOTE}`, () => {
  const { visit } = useBrowser()
  let eventful: Eventful
  beforeAll(async () => {
    eventful = await startEventful()
  })
  afterAll(() => eventful.sandbox.close())

  it('the first Tab leads past the navigation', async () => {
    const { page } = await visit({ url: eventful.url, path: '/' })
    await page.keyboard.press('Tab')
    expect(await inPage(page, 'document.activeElement.className')).toBe('skip')
    expect(await page.locator('.skip').isVisible()).toBe(true)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await inPage(page, 'document.activeElement.closest("main") !== null')).toBe(true)
  })

  it.each(['/', '/targets/crawler', '/incidents'])(
    '%s: Tab goes in the order of the page, shows where it is, and comes to an end',
    async (path) => {
      const { page } = await visit({ url: eventful.url, path, motion: 'reduced' })
      const stops = await tabStops(page)
      expect(stops.length).toBeGreaterThan(8)
      expect(stops.filter(({ isSeen }) => !isSeen)).toEqual([])
      expect(
        await page.locator('[tabindex]').evaluateAll((all) => all.filter(({ tabIndex }) => tabIndex > 0)),
      ).toEqual([])
      const words = stops.map(({ text }) => text)
      expect(words.slice(0, 4)).toEqual(['To the content', 'Night Guard', 'Targets', 'Incidents'])
      expect(words.at(-1)).toBe('API')
    },
  )

  it('Escape closes the dialog and the menu, and the focus is where it was', async () => {
    const { page } = await visit({ url: eventful.url, path: '/' })
    await page.locator('#pause-bot').focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('#order').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    expect([await page.locator('#order').isVisible(), await focused(page)]).toEqual([false, 'pause-bot'])

    await page.locator('#break-bot').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('fault-bot-container-exits')
    await page.keyboard.press('Escape')
    expect([await page.locator('#faults-bot ul').isVisible(), await focused(page)]).toEqual([
      false,
      'break-bot',
    ])
  })

  it('Tab stays in the dialog while it is open', async () => {
    const { page } = await visit({ url: eventful.url, path: '/' })
    await page.locator('#recover-bot').click()
    for (let pressed = 0; pressed < 14; pressed += 1) {
      await page.keyboard.press('Tab')
      const place = "document.activeElement.closest('dialog, body').localName"
      // The browser's own bar stands between the last and the first of them.
      expect([await inPage(page, place), pressed]).not.toEqual(['main', pressed])
      expect(
        await inPage(
          page,
          "document.activeElement === document.body || document.activeElement.closest('dialog') !== null",
        ),
      ).toBe(true)
    }
  })

  it('arrows move through a chart, which says where they are', async () => {
    const { page } = await visit({ url: eventful.url, path: '/targets/crawler', language: 'ko' })
    await page.locator('#charts').scrollIntoViewIfNeeded()
    const slider = page.locator('#chart-memoryUsedMb [role=slider]')
    await slider.focus()
    await page.keyboard.press('Home')
    const first = await slider.getAttribute('aria-valuetext')
    await page.keyboard.press('ArrowRight')
    const second = await slider.getAttribute('aria-valuetext')
    expect(first).toMatch(/^\d+월 \d+일.* 평균 \d+ MB/)
    expect(second).toMatch(/MB/)
    expect(second).not.toBe(first)
    expect(await page.locator('#chart-memoryUsedMb [data-summary]').innerText()).toBe(second)
  })

  it('nothing moves for who asked for that', async () => {
    const { page } = await visit({ url: eventful.url, path: '/targets/bot', motion: 'reduced' })
    const moving = await inPage(
      page,
      `[...document.querySelectorAll('*')].filter((element) => {
        const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element)
        return transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior !== 'auto'
      }).map(({ localName }) => localName)`,
    )
    expect(moving).toEqual([])
  })

  it.each(LANGUAGES)('on a phone all that is to be touched is 44 px high, in %s', async (language) => {
    const { page } = await visit({ url: eventful.url, language, size: 'phone' })
    const paths = ['/', '/targets/crawler', '/incidents', `/incidents/${eventful.incidents.reset}`, '/shadow']
    for (const path of paths) {
      await page.goto(`${eventful.url}${path}`)
      expect([path, await smallTargets(page)]).toEqual([path, []])
    }
    await page.goto(`${eventful.url}/`)
    await page.locator('#break-bot').click()
    await page.locator('#faults-bot ul').waitFor()
    expect(await smallTargets(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.locator('#recover-bot').click()
    expect(await smallTargets(page)).toEqual([])
  })

  it.each(['/', '/targets/crawler', '/incidents', '/status', '/docs'])(
    '%s can be read at twice its size',
    async (path) => {
      const { width, height } = SIZES.desktop
      // What a window shows when its page is zoomed to 200 %.
      const { page } = await visit({
        url: eventful.url,
        path,
        motion: 'reduced',
        size: { width: width / 2, height: height / 2 },
      })
      const tooWide = () => inPage(page, 'document.documentElement.scrollWidth > innerWidth')
      expect(await tooWide()).toBe(false)
      // And on a phone whose owner wants letters of twice the size.
      const session = await page.context().newCDPSession(page)
      await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
      await page.setViewportSize(SIZES.phone)
      await page.reload()
      expect(await inPage(page, 'getComputedStyle(document.documentElement).fontSize')).toBe('32px')
      expect(await tooWide()).toBe(false)
      expect(await cutOff(page)).toEqual([])
    },
  )
})

/** Text that its own box does not show whole. */
function cutOff(page: Page): Promise<readonly string[]> {
  return inPage(
    page,
    `[...document.querySelectorAll('h1, h2, h3, p, dt, dd, button, summary, a, code, b, span')].filter((element) => {
      const { overflowX, overflowY, clipPath } = getComputedStyle(element)
      if (clipPath !== 'none' || (overflowX === 'visible' && overflowY === 'visible')) return false
      return element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1
    }).map((element) => element.localName + ' ' + element.textContent.trim().slice(0, 40))`,
  )
}
