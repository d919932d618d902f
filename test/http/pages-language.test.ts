import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FAULTS } from '../../sandbox/machines/faults.ts'
import { textsOf } from '../../src/http/assets/script.ts'
import { CHARTS } from '../../src/http/assets/script-charts.ts'
import { SCRIPT_LIVE } from '../../src/http/assets/script-live.ts'
import { SCRIPT_ORDERS } from '../../src/http/assets/script-orders.ts'
import { SCRIPT_TIMES } from '../../src/http/assets/script-times.ts'
import { acceptedLanguage } from '../../src/http/pages/visit.ts'
import { KOREAN_PAGES } from '../../src/words/korean-pages.ts'
import { say } from '../../src/words/say.ts'
import { at, blackBox, incident, targetView } from './fake-guard.ts'
import { type Element, find, parseMarkup, textOf, withId, withTag } from './markup.ts'
import { open, RECOVERING, TROUBLED, type World, worldHarness } from './pages-world.ts'

const root = new URL('../../', import.meta.url)
const pageFiles = globSync('src/http/pages/*.ts', { cwd: root }).filter(
  (file) => !/\/(status|badge|docs)/.test(file.replaceAll('\\', '/')),
)

/** The literal texts of calls to `say` and `phrase`. */
function saidIn(source: string): readonly string[] {
  const call = /\b(?:say|phrase)\(\s*(?:\w+\.)?language,\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g
  return [...source.matchAll(call)].map(([, single, double]) =>
    (single ?? double ?? '').replaceAll("\\'", "'"),
  )
}

const saidByPages = new Set(pageFiles.flatMap((file) => saidIn(readFileSync(new URL(file, root), 'utf8'))))
const saidByScripts = new Set([SCRIPT_TIMES, SCRIPT_LIVE, SCRIPT_ORDERS, CHARTS].flatMap(textsOf))
const problems = globSync('src/http/{problem,outcome,access}.ts', { cwd: root }).flatMap((file) => {
  const source = readFileSync(new URL(file, root), 'utf8')
  return [...source.matchAll(/\b(?:title|mend): (?:'([^'\\]*)'|"([^"\\]*)")/g)].map(
    ([, one, other]) => one ?? other ?? '',
  )
})

const SLOT = /\{\w+\}/g
const slotsOf = (text: string) => (text.match(SLOT) ?? []).toSorted()

describe('every text of the pages', () => {
  it('is found by this test at all', () => {
    expect([saidByPages.size > 150, saidByScripts.size > 25, problems.length > 30]).toEqual([
      true,
      true,
      true,
    ])
  })

  it.each([
    ['pages', [...saidByPages]],
    ['scripts', [...saidByScripts]],
    ['problems', problems],
    ["sandbox's faults", FAULTS.map(({ says }) => says)],
  ])('has its Korean: %s', (_, texts) => {
    const lacking = texts.filter((text) => say('ko', text) === text && !/^\{\w+\}$/.test(text))
    expect(lacking).toEqual([])
  })

  it('has the same slots in both languages', () => {
    const different = Object.entries(KOREAN_PAGES).filter(
      ([english, korean]) => slotsOf(english).join() !== slotsOf(korean).join(),
    )
    expect(different).toEqual([])
  })
})

const WORLD: World = {
  targets: [
    targetView({ reason: 'the health endpoint answers as it should' }),
    { ...TROUBLED, armed: false, arming: { kind: 'unarmed', why: 'replaced', since: at(0) } },
    { ...RECOVERING, id: 'web', trouble: 'the state is of schema 9' },
  ],
  incidents: [
    incident({
      relapses: 1,
      blackBoxes: [{ id: 'b-1', at: at(60), before: 'reset' }],
      timeline: [],
      would: [{ at: at(60), rung: 'reset', cause: 'vm-frozen', reason: '' }],
    }),
  ],
  boxes: [blackBox()],
  next: 'c2',
  options: { mode: 'observe', reader: { language: 'ko', timeZone: 'Asia/Seoul' } },
}

const PAGES = [
  '/',
  '/targets/nightguard',
  '/targets/bot',
  '/targets/web',
  '/incidents',
  '/incidents/i-1',
  '/shadow',
]

/** What a person reads or hears, but for what is quoted: code, machines' texts, the names of languages. */
function readTexts(element: Element): readonly string[] {
  const { tag, attributes, children } = element
  if (['code', 'pre', 'script'].includes(tag) || attributes['hreflang'] !== undefined) return []
  const heard = ['aria-label', 'placeholder', 'title'].flatMap((name) => attributes[name] ?? [])
  const read = children.flatMap((child) => (typeof child === 'string' ? [child.trim()] : readTexts(child)))
  return [...heard, ...read].filter((text) => text !== '')
}

/** As they are in Korean, too; the last ones are a machine's or a person's own words. */
const KEPT =
  /Night Guard|SSH|HTTP|Compute|Podman|JavaScript|Markdown|API|VM|UTC|Asia\/Seoul|OOM|MB|ms|\bauto\b|agent\.service|restart-workload|reboot|reset|start|nightguard|\bbot\b|\bweb\b|ana@example\.com|Looking|healthy|active/g

/** Sentences of the fakes, which the guard would not say. What it does say has its Korean in words/, and a test there. */
const MADE_UP: readonly string[] = [
  'No answer by HTTP, SSH or heartbeat',
  '2 resets in 6 h',
  'The budget is spent',
  'A reset cools down',
  'The state is of schema 9',
  '3 probes',
  'Restarted in 3.6 s',
  'SSH does not answer',
  'agent.service answers nobody: no answer within 2 s',
]

describe('a page in Korean', () => {
  it.each(PAGES)('%s has no English left', async (path) => {
    const page = await open(path, WORLD)
    expect(find(page, withTag('html')).attributes['lang']).toBe('ko')
    const texts = readTexts(page)
    const keys = new Set(Object.keys(KOREAN_PAGES))
    expect(texts.filter((text) => keys.has(text))).toEqual([])
    const own = texts.map((text) => MADE_UP.reduce((rest, sentence) => rest.replace(sentence, ''), text))
    expect(own.filter((text) => /[A-Za-z]{2,}/.test(text.replace(KEPT, '')))).toEqual([])
  })

  it('has the script that speaks it', async () => {
    const [script] = [find(await open('/', WORLD), withTag('script'))]
    expect(script.attributes['src']).toMatch(/script\.ko\.js$/)
    const charts = find(await open('/targets/bot', WORLD), withId('charts')).attributes
    expect(charts['data-script']).toMatch(/charts\.ko\.js$/)
  })

  it("says the API's English in the page's language", async () => {
    const query = new URLSearchParams([
      ['lang', 'ko'],
      ['text', 'The target is healthy'],
      ['text', 'Nothing is at /x'],
      ['text', 'the health endpoint answers as it should'],
    ])
    const response = await worldHarness(WORLD).get(`/fragments/words?${query}`)
    expect(await response.json()).toEqual({
      texts: ['대상이 정상입니다', '/x에는 아무것도 없습니다', expect.stringMatching(/^헬스 .*다$/)],
    })
  })

  it('tells a problem in Korean, too', async () => {
    const response = await worldHarness(WORLD).get('/nothing', {
      accept: 'text/html',
      'accept-language': 'ko',
    })
    const page = parseMarkup(await response.text())
    expect(textOf(find(page, withId('main')))).toBe(
      '여기에는 아무것도 없습니다 /nothing에는 아무것도 없습니다 ' +
        '주소를 확인하세요. GET /은 대시보드, GET /api/targets는 대상 목록입니다. 모든 대상 404',
    )
  })
})

describe('the language of a page', () => {
  it.each([
    ['what the address asks for', '/?lang=ko', { cookie: 'night-guard-language=en' }, 'ko'],
    [
      'then the choice that was kept',
      '/',
      { cookie: 'night-guard-language=ko', 'accept-language': 'en' },
      'ko',
    ],
    ['then what the browser likes best', '/', { 'accept-language': 'fr, ko-KR;q=0.9, en;q=0.8' }, 'ko'],
    ['then what is configured', '/', { 'accept-language': 'fr' }, 'en'],
    ['not what makes no sense', '/?lang=xx', { cookie: 'night-guard-language=<b>' }, 'en'],
  ] as const)('is %s', async (_, path, headers, language) => {
    const page = await open(path, {}, headers)
    expect(find(page, withTag('html')).attributes['lang']).toBe(language)
  })

  it('is the configured one where the browser says nothing', async () => {
    const page = await open('/', { options: { reader: { language: 'ko' } } })
    expect(find(page, withTag('html')).attributes['lang']).toBe('ko')
  })

  it('is kept when it is chosen, as is the theme', async () => {
    const response = await worldHarness().get('/incidents?lang=ko&theme=dark')
    expect(response.headers.getSetCookie()).toEqual([
      'night-guard-language=ko; Max-Age=31536000; Path=/; SameSite=Lax',
      'night-guard-theme=dark; Max-Age=31536000; Path=/; SameSite=Lax',
    ])
    expect(response.headers.get('vary')).toContain('Cookie, Accept-Language')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect((await worldHarness().get('/')).headers.getSetCookie()).toEqual([])
  })

  it.each([
    ['ko', 'ko'],
    ['ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7', 'ko'],
    ['en-US,en;q=0.9,ko;q=0.8', 'en'],
    ['fr;q=1, ko;q=0.5, en;q=0.6', 'en'],
    ['ko;q=0, en', 'en'],
    ['ja', undefined],
    ['', undefined],
    ['*', undefined],
    [';;;,,,q=', undefined],
  ])('of Accept-Language %j is %s', (header, language) => {
    expect(acceptedLanguage(header)).toBe(language)
  })
})

describe('the theme of a page', () => {
  it.each([
    ['/', {}, undefined, 'light dark'],
    ['/?theme=dark', {}, 'dark', 'dark'],
    ['/', { cookie: 'night-guard-theme=light' }, 'light', 'light'],
    ['/?theme=auto', { cookie: 'night-guard-theme=light' }, undefined, 'light dark'],
  ] as const)('%s with %j is %s', async (path, headers, theme, scheme) => {
    const page = await open(path, {}, headers)
    expect(find(page, withTag('html')).attributes['data-theme']).toBe(theme)
    const meta = find(page, ({ attributes }) => attributes['name'] === 'color-scheme')
    expect(meta.attributes['content']).toBe(scheme)
  })
})

describe('times', () => {
  it("are told in the reader's zone, and the script leaves them there", async () => {
    const reader = { timeZone: 'Asia/Seoul' }
    const page = await open('/incidents/i-1', { options: { reader } })
    expect(find(page, withTag('body')).attributes['data-zone']).toBe('Asia/Seoul')
    expect(textOf(find(page, withTag('footer')))).toContain('Times are in Asia/Seoul .')
    const [first] = textOf(find(page, ({ attributes }) => attributes['class'] === 'timeline')).split(' ')
    expect(first).toBe('12:12:20')
  })

  it("are told in UTC where no zone was chosen, and the script may take the browser's own", async () => {
    const page = await open('/')
    expect(find(page, withTag('body')).attributes['data-zone']).toBeUndefined()
    expect(textOf(find(page, withId('zone')))).toBe('UTC')
  })

  it('carry themselves for programs', async () => {
    const [seen] = [find(await open('/'), withTag('time'))]
    expect(seen.attributes).toEqual({ datetime: at(12), 'data-relative': 'plain' })
  })
})
