/**
 * A browser a file, a fresh context a visit, and an eye on each page: whatever a page complains of, is refused or asks
 * of others fails the test that opened it, unless the test said that it would.
 */
import type { Browser, BrowserContextOptions, ConsoleMessage, Page, Request } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import type { Language } from '../../src/core/channel.ts'
import { CHROMIUM_IS_HERE, launchChromium } from './chromium.ts'

export const LANGUAGES: readonly Language[] = ['en', 'ko']
export const THEMES = ['light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export const SIZES = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
} as const
export type Size = keyof typeof SIZES

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', ko: 'ko-KR' }

export type VisitOptions = {
  /** Of the service: `http://127.0.0.1:12345`. */
  readonly url: string
  /** With its query; none is opened when absent. */
  readonly path?: string
  readonly language?: Language
  readonly theme?: Theme
  readonly size?: Size | { readonly width: number; readonly height: number }
  readonly javaScript?: 'on' | 'off'
  readonly motion?: 'reduced' | 'any'
  /** The browser's own. */
  readonly timeZone?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Complaints that this visit is about. */
  readonly expected?: RegExp
  /** `file`: it is not closed with its test. A context costs half a second of a processor. */
  readonly lasts?: 'file'
}

export type Visit = {
  readonly page: Page
  /** Another page of the same browser window: same cookies, same cache. */
  readonly another: (path: string) => Promise<Page>
  /** All that was asked so far, of whomever. */
  readonly requests: readonly Request[]
}

type Opened = Pick<VisitOptions, 'lasts'> & {
  readonly complaints: string[]
  readonly close: () => Promise<void>
}

/** Long enough for a machine that is busy with other tests; what is awaited ends a wait at once. */
export const WAIT_MS = 20_000

/** Looks until it is as expected. */
export const soon = <Seen>(look: () => Seen | Promise<Seen>) =>
  expect.poll(look, { timeout: WAIT_MS, interval: 40 })

/** For the tests of a file: launches when they begin, and closes what a test has opened when it ends. */
export function useBrowser(): { readonly visit: (options: VisitOptions) => Promise<Visit> } {
  let browser: Browser | undefined
  let opened: Opened[] = []
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
  beforeAll(async () => {
    if (CHROMIUM_IS_HERE) browser = await launchChromium()
  })
  afterEach(async () => {
    const complaints = opened.flatMap((each) => each.complaints.splice(0))
    const ending = opened.filter(({ lasts }) => lasts === undefined)
    opened = opened.filter(({ lasts }) => lasts !== undefined)
    await Promise.all(ending.map(({ close }) => close()))
    expect(complaints).toEqual([])
  })
  afterAll(() => browser?.close())
  return {
    async visit(options) {
      if (browser === undefined) throw new Error('The browser is opened before the first test')
      const { visit, ...rest } = await open(browser, options)
      opened.push({ ...rest, ...(options.lasts === undefined ? {} : { lasts: options.lasts }) })
      return visit
    },
  }
}

async function open(browser: Browser, options: VisitOptions): Promise<Opened & { readonly visit: Visit }> {
  const { url, path, expected } = options
  const context = await browser.newContext(contextOptions(options))
  context.setDefaultTimeout(WAIT_MS)
  const complaints: string[] = []
  const requests: Request[] = []
  const complain = (text: string): void => {
    if (expected?.test(text) !== true) complaints.push(text)
  }
  context.on('console', (message) => {
    if (isComplaint(message)) complain(`console: ${message.text()}`)
  })
  context.on('weberror', (error) => complain(`script: ${String(error.error())}`))
  context.on('request', (request) => {
    requests.push(request)
    if (!request.url().startsWith(`${url}/`)) complain(`asks of others: ${request.url()}`)
  })
  const another = async (where: string) => {
    const page = await context.newPage()
    await page.goto(`${url}${where}`)
    return page
  }
  const page = path === undefined ? await context.newPage() : await another(path)
  return { complaints, close: () => context.close(), visit: { page, another, requests } }
}

/** Breaches of the Content-Security-Policy are errors on the console, too. */
function isComplaint(message: ConsoleMessage): boolean {
  return ['error', 'warning', 'assert'].includes(message.type())
}

function contextOptions(options: VisitOptions): BrowserContextOptions {
  const { language = 'en', theme = 'light', size = 'desktop', javaScript = 'on', motion = 'any' } = options
  const viewport = typeof size === 'string' ? SIZES[size] : size
  const isPhone = viewport.width < 600
  return {
    viewport,
    isMobile: isPhone,
    hasTouch: isPhone,
    locale: LOCALES[language],
    colorScheme: theme,
    javaScriptEnabled: javaScript === 'on',
    reducedMotion: motion === 'reduced' ? 'reduce' : 'no-preference',
    timezoneId: options.timeZone ?? 'UTC',
    ...(options.headers === undefined ? {} : { extraHTTPHeaders: options.headers }),
  }
}

/** What a page says of itself: run in the page, which knows no types of ours. */
export function inPage<Seen>(page: Page, expression: string): Promise<Seen> {
  return page.evaluate<Seen>(expression)
}

/** The id of the element that has the focus. */
export function focused(page: Page): Promise<string> {
  return inPage<string>(page, 'document.activeElement?.id ?? ""')
}
