/** What holds for every page, in both languages and themes and in all sizes. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Language } from '../../src/core/channel.ts'
import { violations } from './axe.ts'
import { CHROMIUM_IS_HERE, CHROMIUM_NOTE } from './chromium.ts'
import { type Eventful, startEventful } from './eventful.ts'
import { inPage, LANGUAGES, SIZES, type Size, soon, THEMES, type Theme, useBrowser } from './stage.ts'
import { englishTexts } from './texts.ts'

type Place = {
  readonly name: string
  readonly path: (eventful: Eventful) => string
  readonly status?: number
  /** As a stranger sees it. */
  readonly who?: 'stranger'
  /** So long that axe takes seconds, and the same in every language: one look at it each. */
  readonly isLong?: true
  /** What is to be seen before it is looked at. */
  readonly shows?: string
}

const PLACES: readonly Place[] = [
  { name: 'the dashboard', path: () => '/' },
  { name: 'a target with charts', path: () => '/targets/crawler', shows: '#charts .uplot' },
  { name: 'a target in trouble', path: () => '/targets/bot' },
  { name: 'the incidents', path: () => '/incidents' },
  { name: 'an incident with a black box', path: ({ incidents }) => `/incidents/${incidents.reset}` },
  { name: 'an incident that goes on', path: ({ incidents }) => `/incidents/${incidents.open}` },
  { name: 'shadow mode', path: () => '/shadow' },
  { name: 'the public status page', path: () => '/status' },
  { name: 'the API in words', path: () => '/docs', isLong: true },
  { name: "the sandbox's chats", path: () => '/sandbox/chats' },
  { name: 'what is not there', path: () => '/targets/nobody', status: 404 },
  { name: 'what is not allowed', path: () => '/', status: 403, who: 'stranger' },
]

/** Narrower than nearly every phone: what WCAG's 1.4.10 asks for, and 1280 px zoomed to 400 %. */
const NARROW = { width: 320, height: 640 }

describe.skipIf(!CHROMIUM_IS_HERE)(`Pages in a browser${CHROMIUM_NOTE}`, () => {
  const { visit } = useBrowser()
  let eventful: Eventful
  beforeAll(async () => {
    // Of its alerts; the pages speak as the browser wants.
    eventful = await startEventful('ko')
  })
  afterAll(() => eventful.sandbox.close())

  describe.each(LANGUAGES)('in %s', (language) => {
    let page: Page
    beforeAll(async () => {
      const { url } = eventful
      // Pages that are not there, or not allowed, are among those that are looked at.
      const expected = /status of 40[34]/
      page = (await visit({ url, language, motion: 'reduced', lasts: 'file', expected })).page
    })

    it.each(PLACES)(
      '$name: axe finds nothing, nothing is cut off, all is said in the language',
      async (place) => {
        const { status = 200 } = place
        await page.setExtraHTTPHeaders(place.who === undefined ? {} : eventful.strangerHeaders)
        const answer = await page.goto(`${eventful.url}${place.path(eventful)}`)
        expect(answer?.status()).toBe(status)
        await show(page, place)
        expect(await inPage(page, 'document.documentElement.lang')).toBe(language)
        expect(await found(page, looksAt(place, language))).toEqual({})
        await page.setViewportSize(NARROW)
        // Charts are drawn anew a moment after the window has its size.
        await soon(() => overflowing(page)).toEqual([])
        // In English the same look finds plenty.
        const english = await englishTexts(page)
        expect(english.length > 0, english.join('\n')).toBe(language === 'en')
      },
    )

    it.each([
      { what: 'the dialog', opener: '#recover-bot', opened: '#order' },
      { what: 'the menu', opener: '#break-bot', opened: '#faults-bot ul' },
    ])('$what that a button opens: axe finds nothing, nothing is cut off', async ({ opener, opened }) => {
      await page.setExtraHTTPHeaders({})
      await page.goto(`${eventful.url}/`)
      await page.locator(opener).click()
      await page.locator(opened).waitFor()
      expect(await found(page, LOOKS)).toEqual({})
      await page.setViewportSize(NARROW)
      expect(await overflowing(page)).toEqual([])
    })
  })
})

/** Charts come once they are near. */
async function show(page: Page, { shows }: Place): Promise<void> {
  if (shows === undefined) return
  await page.locator('#charts').scrollIntoViewIfNeeded()
  await page.locator(shows).first().waitFor()
}

type Look = { readonly size: Size; readonly theme: Theme }

const LOOKS: readonly Look[] = (['phone', 'desktop'] as const).flatMap((size) =>
  THEMES.map((theme) => ({ size, theme })),
)

function looksAt({ isLong }: Place, language: Language): readonly Look[] {
  if (isLong === undefined) return LOOKS
  return [language === 'en' ? { size: 'phone', theme: 'light' } : { size: 'desktop', theme: 'dark' }]
}

/** What axe found, by size and theme; nothing where it found nothing. */
async function found(
  page: Page,
  looks: readonly Look[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const all: Record<string, readonly string[]> = {}
  for (const { size, theme } of looks) {
    await page.setViewportSize(SIZES[size])
    await page.emulateMedia({ colorScheme: theme })
    const list = await violations(page, theme === 'light' || looks.length === 1 ? 'all' : 'colours')
    if (list.length > 0) all[`${size} ${theme}`] = list
  }
  return all
}

/** What reaches out of the window to the right, and is in nothing that scrolls by itself. */
function overflowing(page: Page): Promise<readonly string[]> {
  return inPage(
    page,
    `[...document.querySelectorAll('body *')].filter((element) => {
      const { right, width } = element.getBoundingClientRect()
      if (width === 0 || right <= innerWidth + 1) return false
      for (let at = element; at; at = at.parentElement)
        if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(at).overflowX)) return false
      return getComputedStyle(element).position !== 'fixed'
    }).map((element) => element.tagName + '.' + element.className + '#' + element.id + ' to ' +
      Math.round(element.getBoundingClientRect().right))
      .concat(document.documentElement.scrollWidth > innerWidth ? ['the page: ' + document.documentElement.scrollWidth] : [])`,
  )
}
