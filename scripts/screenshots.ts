/**
 * Takes the pictures in docs/screenshots/: `node scripts/with-runtime.mjs scripts/screenshots.ts`. A sandbox with a
 * made-up past, one real fault, and Debian's Chromium. Needs fonts with Korean (fonts-noto-cjk).
 */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Incident } from '../src/core/incident.ts'
import type { TargetView, TickReport } from '../src/core/report.ts'
import type { Told } from '../src/core/told.ts'
import { launchChromium } from '../test/browser/chromium.ts'
import { startSeasonedSandbox } from './seasoned-sandbox.ts'
import { smallPng } from './small-png.ts'

const DIRECTORY = join(import.meta.dirname, '..', 'docs', 'screenshots')
const BYTES_MAX = 150 * 1024
const ALL_BYTES_MAX = 3 * 1024 * 1024
const WAIT_MS = 60_000
const TIME_ZONE = 'Asia/Seoul'

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1 },
} as const
type Size = keyof typeof SIZES
type Look = { readonly size: Size; readonly theme: 'light' | 'dark'; readonly language?: 'en' | 'ko' }

const LOOKS: readonly Look[] = [
  { size: 'phone', theme: 'light' },
  { size: 'phone', theme: 'dark' },
  { size: 'desktop', theme: 'light' },
  { size: 'desktop', theme: 'dark' },
]

type Studio = { readonly browser: Browser; readonly url: string }
type Shot = {
  readonly name: string
  readonly path: string
  readonly looks?: readonly Look[]
  /** What is to be in the picture; the top of the page when absent. */
  readonly at?: string
}

async function take({ browser, url }: Studio, { name, path, looks = LOOKS, at }: Shot): Promise<void> {
  for (const { size, theme, language = 'en' } of looks) {
    const context = await browser.newContext({
      ...SIZES[size],
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: language === 'ko' ? 'ko-KR' : 'en-GB',
      timezoneId: TIME_ZONE,
    })
    const page = await context.newPage()
    await page.goto(`${url}${path}`)
    if (at !== undefined) await bringIntoView(page, at)
    const file = `${[name, size, ...(language === 'en' ? [] : [language]), theme].join('-')}.png`
    writeFileSync(join(DIRECTORY, file), smallPng(await page.screenshot()))
    await context.close()
  }
}

async function bringIntoView(page: Page, selector: string): Promise<void> {
  await page.locator(selector).scrollIntoViewIfNeeded()
  await page.locator(`${selector} .uplot canvas`).first().waitFor()
  await page.evaluate(`document.querySelector(${JSON.stringify(selector)}).scrollIntoView()`)
}

async function ask<Body>(url: string, path: string, init: RequestInit = {}): Promise<Body> {
  const answer = await fetch(`${url}${path}`, init)
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Body
}

/** Ticks as a scheduler would, until all that is wanted holds. */
async function tickUntil(
  url: string,
  what: string,
  isSo: (targets: readonly TargetView[]) => boolean,
): Promise<void> {
  const endsAt = Date.now() + WAIT_MS
  for (;;) {
    await ask<TickReport>(url, '/tick', { method: 'POST' })
    const { targets } = await ask<{ targets: readonly TargetView[] }>(url, '/api/targets')
    if (isSo(targets)) return
    if (Date.now() > endsAt) throw new Error(`In vain waited for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 1_700))
  }
}

async function story(studio: Studio, { world }: Sandbox): Promise<void> {
  const { url } = studio
  const isWell = ({ verdict, phase }: TargetView) => verdict === 'healthy' && phase === 'watching'
  const isKnown = ({ workloads }: TargetView) => workloads.every(({ state }) => state !== undefined)
  await tickUntil(url, 'all are well', (targets) => targets.every((each) => isWell(each) && isKnown(each)))
  await take(studio, {
    name: 'dashboard',
    path: '/',
    looks: [...LOOKS, { size: 'phone', theme: 'light', language: 'ko' }],
  })
  await take(studio, { name: 'target', path: '/targets/crawler?days=7', at: '#charts' })
  await take(studio, { name: 'status', path: '/status' })

  await world.breakIt('vm-freezes', { machine: 'mailer' })
  const isBeingReset = ({ id, phase }: TargetView) =>
    id === 'mailer' && ['recovering', 'grace'].includes(phase)
  await tickUntil(url, 'the reset', (targets) => targets.some(isBeingReset))
  await take(studio, { name: 'incident-in-progress', path: '/' })

  await tickUntil(url, 'all are well again', (targets) => targets.every(isWell))
  const { incidents } = await ask<{ incidents: readonly Told<Incident>[] }>(
    url,
    '/api/incidents?target=mailer',
  )
  await take(studio, { name: 'incident', path: `/incidents/${incidents[0]?.id}` })
  await take(studio, { name: 'chats', path: '/sandbox/chats' })
}

/** Pictures that grew beyond what a clone should carry are an error. */
function report(): void {
  const sizes = readdirSync(DIRECTORY).map((file) => ({ file, bytes: statSync(join(DIRECTORY, file)).size }))
  for (const { file, bytes } of sizes)
    process.stdout.write(`${(bytes / 1024).toFixed(0).padStart(5)} KiB  ${file}\n`)
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  process.stdout.write(`${(all / 1024).toFixed(0).padStart(5)} KiB  in all\n`)
  const large = sizes.filter(({ bytes }) => bytes > BYTES_MAX).map(({ file }) => file)
  if (all > ALL_BYTES_MAX || large.length > 0) {
    process.stderr.write(`Too large: ${large.join(', ') || 'all together'}\n`)
    process.exitCode = 1
  }
}

rmSync(DIRECTORY, { recursive: true, force: true })
mkdirSync(DIRECTORY, { recursive: true })
const sandbox = await startSeasonedSandbox({
  port: 0,
  scheduler: 'off',
  alerts: 'on',
  timeZone: TIME_ZONE,
  tell: () => undefined,
  // The past has a look a minute; and the boot takes as long as a picture of it.
  policy: {
    tick: { everyMs: '60s', deadlineMs: '10s' },
    confirmation: { gapMaxMs: '150s', flapWindowMs: '10m' },
    graceMs: '60s',
  },
  timing: { bootMs: 15_000 },
})
try {
  const browser = await launchChromium()
  try {
    await story({ browser, url: sandbox.url }, sandbox)
  } finally {
    await browser.close()
  }
} finally {
  await sandbox.close()
}
report()
