/** What a page costs whoever opens it: bytes and requests, the first time and the next. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { assetPath } from '../../src/http/assets/assets.ts'
import { CHROMIUM_IS_HERE, CHROMIUM_NOTE } from './chromium.ts'
import { startWell } from './eventful.ts'
import { LANGUAGES, soon, useBrowser } from './stage.ts'

const KB = 1_000

type Load = {
  readonly path: string
  /** On the wire, headers included; 0 from the browser's cache. */
  readonly wireBytes: number
  /** As it is once it is unpacked. */
  readonly rawBytes: number
}

/** What a page loads from now on, by the browser's own count. */
async function watchLoads(page: Page): Promise<() => readonly Load[]> {
  const session = await page.context().newCDPSession(page)
  const paths = new Map<string, string>()
  const raw = new Map<string, number>()
  const loads: Load[] = []
  await session.send('Network.enable')
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    paths.set(requestId, new URL(request.url).pathname)
  })
  session.on('Network.dataReceived', ({ requestId, dataLength }) => {
    raw.set(requestId, (raw.get(requestId) ?? 0) + dataLength)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = paths.get(requestId)
    // Asked for before anybody watched.
    if (path === undefined) return
    loads.push({ path, wireBytes: encodedDataLength, rawBytes: raw.get(requestId) ?? 0 })
  })
  return () => loads
}

const NAME = /^\/assets\/[0-9a-f]+-/
const named = (loads: readonly Load[]) => loads.map(({ path }) => path.replace(NAME, '')).sort()
/** An open page asks anew now and then, and may do so at any time. */
const withoutBeats = (loads: readonly Load[]) => loads.filter(({ path }) => !path.startsWith('/fragments/'))
const sum = (loads: readonly Load[], what: 'wireBytes' | 'rawBytes') =>
  loads.reduce((all, load) => all + load[what], 0)

describe.skipIf(!CHROMIUM_IS_HERE)(`What pages weigh${CHROMIUM_NOTE}`, () => {
  const { visit } = useBrowser()
  let service: Sandbox
  beforeAll(async () => {
    service = await startWell()
  })
  afterAll(() => service.close())

  it.each(LANGUAGES)(
    'the dashboard of three targets in %s: four requests, under 60 KB unpacked and 20 KB on the wire',
    async (language) => {
      const { page } = await visit({ url: service.url, language })
      const loads = await watchLoads(page)
      await page.goto(`${service.url}/`, { waitUntil: 'load' })
      const script = language === 'ko' ? 'script.ko.js' : 'script.js'
      await soon(() => named(withoutBeats(loads()))).toEqual(['/', 'icon.svg', script, 'style.css'])
      const first = withoutBeats(loads())
      expect(sum(first, 'rawBytes')).toBeLessThan(60 * KB)
      expect(sum(first, 'wireBytes')).toBeLessThan(20 * KB)
    },
  )

  it('the next time only the page itself is fetched: its files carry their hash, and stay', async () => {
    const { page } = await visit({ url: service.url })
    const loads = await watchLoads(page)
    await page.goto(`${service.url}/`)
    await soon(() => named(loads())).toContain('icon.svg')
    const before = loads().length
    await page.goto(`${service.url}/`)
    const later = () => loads().slice(before)
    await soon(() => named(later())).toContain('script.js')
    const fetched = withoutBeats(later()).filter(({ wireBytes }) => wireBytes > 0)
    expect(named(fetched)).toEqual(['/'])
    expect(sum(fetched, 'wireBytes')).toBeLessThan(8 * KB)
  })

  it('an open dashboard asks for one fragment a beat, and for a few KB', async () => {
    const { page } = await visit({ url: service.url, path: '/' })
    const loads = await watchLoads(page)
    const beats = () => loads().filter(({ path }) => path !== assetPath('icon.svg'))
    await soon(() => beats().length).toBeGreaterThanOrEqual(2)
    expect([...new Set(named(beats()))]).toEqual(['/fragments/targets'])
    expect(sum(beats(), 'wireBytes') / beats().length).toBeLessThan(4 * KB)
  })

  it("charts' library comes with charts alone, once they are near, and once", async () => {
    const { page } = await visit({ url: service.url, size: 'phone' })
    const loads = await watchLoads(page)
    await page.goto(`${service.url}/targets/crawler`)
    await soon(() => named(withoutBeats(loads()))).toEqual([
      '/targets/crawler',
      'icon.svg',
      'pages.css',
      'script.js',
      'style.css',
    ])
    // Drawings and a table of what was measured come with the page.
    expect(sum(withoutBeats(loads()), 'wireBytes')).toBeLessThan(30 * KB)
    await page.locator('#charts').scrollIntoViewIfNeeded()
    await page.locator('#charts .plot.live').first().waitFor()
    const first = withoutBeats(loads())
    expect(named(first)).toEqual([
      '/api/targets/crawler/history',
      '/targets/crawler',
      'charts.js',
      'icon.svg',
      'pages.css',
      'script.js',
      'style.css',
      'uplot.css',
      'uplot.js',
    ])
    expect(sum(first, 'wireBytes')).toBeLessThan(60 * KB)
  })

  it('the public status page: three requests, no script, under 8 KB', async () => {
    const { page } = await visit({ url: service.url })
    const loads = await watchLoads(page)
    await page.goto(`${service.url}/status`, { waitUntil: 'load' })
    await soon(() => named(loads())).toEqual(['/status', 'icon.svg', 'status.css'])
    expect(sum(loads(), 'wireBytes')).toBeLessThan(8 * KB)
  })
})
