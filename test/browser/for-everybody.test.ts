/** For everybody: by keys, on small screens, in large print, without movement, and without JavaScript. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_IS_HERE, CHROMIUM_NOTE } from './chromium.ts'
import { type Eventful, startEventful } from './eventful.ts'
import { focused, inPage, LANGUAGES, SIZES, useBrowser } from './stage.ts'
import { englishTexts } from './texts.ts'

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

describe.skipIf(!CHROMIUM_IS_HERE)(`Pages for everybody${CHROMIUM_NOTE}`, () => {
  const { visit } = useBrowser()
  let eventful: Eventful
  /** Of a person who uses a keyboard, and whom movement troubles. */
  let page: Page
  beforeAll(async () => {
    eventful = await startEventful()
    page = (await visit({ url: eventful.url, motion: 'reduced', lasts: 'file' })).page
  })
  afterAll(() => eventful.sandbox.close())

  it('the first Tab leads past the navigation', async () => {
    await page.goto(`${eventful.url}/`)
    await page.keyboard.press('Tab')
    expect(await inPage(page, 'document.activeElement.className')).toBe('skip')
    expect(await page.locator('.skip').isVisible()).toBe(true)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await inPage(page, 'document.activeElement.closest("main") !== null')).toBe(true)
  })

  it('Tab goes in the order of the page, shows where it is, and comes to an end', async () => {
    for (const path of ['/', '/targets/crawler', '/incidents']) {
      await page.goto(`${eventful.url}${path}`)
      const stops = await tabStops(page)
      expect(stops.length).toBeGreaterThan(8)
      expect([path, stops.filter(({ isSeen }) => !isSeen)]).toEqual([path, []])
      expect(
        await inPage(page, '[...document.querySelectorAll("*")].some(({ tabIndex }) => tabIndex > 0)'),
      ).toBe(false)
      const words = stops.map(({ text }) => text)
      expect(words.slice(0, 4)).toEqual(['To the content', 'Night Guard', 'Targets', 'Incidents'])
      expect(words.at(-1)).toBe('API')
    }
  })

  it('Tab stays in an open dialog; Escape closes it, and the menu, and the focus is where it was', async () => {
    await page.goto(`${eventful.url}/`)
    await page.locator('#pause-bot').focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('#order').isVisible()).toBe(true)
    for (let pressed = 0; pressed < 8; pressed += 1) {
      await page.keyboard.press('Tab')
      // The browser's own bar stands between the last and the first of them.
      const isOutside =
        "document.activeElement !== document.body && document.activeElement.closest('dialog') === null"
      expect([pressed, await inPage(page, isOutside)]).toEqual([pressed, false])
    }
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
    await page.goto(`${eventful.url}/targets/bot`)
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

  it('every page can be read at twice its size', async () => {
    const { width, height } = SIZES.desktop
    // What a window shows when its page is zoomed to 200 %.
    const size = { width: width / 2, height: height / 2 }
    const { page } = await visit({ url: eventful.url, path: '/', motion: 'reduced', size })
    const paths = ['/', '/targets/crawler', '/incidents', '/shadow', '/status', '/docs']
    const tooWide = () => inPage(page, 'document.documentElement.scrollWidth > innerWidth')
    for (const path of paths) {
      await page.goto(`${eventful.url}${path}`)
      expect([path, await tooWide()]).toEqual([path, false])
    }
    // And on a phone whose owner wants letters of twice the size.
    const session = await page.context().newCDPSession(page)
    await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
    await page.setViewportSize(SIZES.phone)
    for (const path of paths) {
      await page.goto(`${eventful.url}${path}`)
      expect(await inPage(page, 'getComputedStyle(document.documentElement).fontSize')).toBe('32px')
      expect([path, await tooWide(), await cutOff(page)]).toEqual([path, false, []])
    }
  })

  describe('without JavaScript', () => {
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
      await page.waitForURL('**/targets/bot')
    })

    it("a target shows its buttons' commands; its charts are drawn, change their span by links, have a table", async () => {
      const page = await open('/targets/crawler')
      expect(await page.locator('.commands code').allInnerTexts()).toEqual([
        'nightguard recover crawler --action auto --reason "…"',
        'nightguard resume crawler --reason "…"',
      ])
      expect(await page.locator('button:visible').count()).toBe(0)
      expect(await page.locator('#charts svg[role=img]:visible').count()).toBe(4)
      const path = page.locator('#chart-latencyMs path.mean')
      const before = await path.getAttribute('d')
      await page.locator('#range-90').click()
      await page.waitForURL('**/targets/crawler?days=90#charts')
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
      await page.waitForURL('**/incidents?lang=ko')
      expect(await page.locator('html').getAttribute('lang')).toBe('ko')
      await page.locator('[data-choose-theme=dark]').click()
      await page.waitForURL('**/incidents?theme=dark')
      const background = () => inPage(page, 'getComputedStyle(document.body).backgroundColor')
      expect(await background()).toBe('rgb(14, 18, 25)')
      await page.locator('.brand').click()
      await page.waitForURL(`${eventful.url}/`)
      expect(await page.locator('html').getAttribute('lang')).toBe('ko')
      expect(await background()).toBe('rgb(14, 18, 25)')
      await page.locator('#name-bot').click()
      await page.waitForURL('**/targets/bot')
      expect(await page.locator('.commands p').innerText()).toMatch(/터미널/)
      expect(await englishTexts(page)).toEqual([])
    })

    it('every page can be read', async () => {
      const page = await open('/incidents')
      for (const path of ['/incidents', '/shadow', '/status', '/docs']) {
        await page.goto(`${eventful.url}${path}`)
        expect([path, await page.locator('h1').isVisible()]).toEqual([path, true])
        expect((await page.locator('main').innerText()).length).toBeGreaterThan(60)
      }
    })
  })
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
