import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { KOREAN_DETAILS } from '../../src/words/korean-details.ts'
import { KOREAN_SENTENCES } from '../../src/words/korean-sentences.ts'
import { koreanOf } from '../../src/words/sentences.ts'
import { isProse, type SourceText, textsIn } from './source-texts.ts'
import { textsOfStories } from './stories.ts'

const root = new URL('../../', import.meta.url)
const CATALOGUE = [...KOREAN_SENTENCES, ...KOREAN_DETAILS]
const PATTERNS = CATALOGUE.map(([english]) => english.replace(/\{\w+\}/g, '{}'))
const KNOWN = new Set(PATTERNS)

/** Prose that is no sentence for people, and why. */
const NOT_FOR_PEOPLE: readonly {
  readonly files: RegExp
  readonly text?: RegExp
  readonly reason: string
}[] = [
  { files: /adapters\/(store\/|notify\/|pino-)/, reason: "the store's and the channels' own, in logs only" },
  { files: /adapters\/google\/identity\.ts$/, reason: 'a refused caller reads problem+json' },
  { files: /adapters\/http-request\.ts$/, reason: 'HTTP headers' },
  { files: /adapters\/google\/api-failure\.ts$/, text: /redacted/, reason: 'a replacement' },
  { files: /compute-operations\.ts$/, text: /^creationTimestamp desc$/, reason: "an API's parameter" },
  { files: /app\/(journal-event|bug)\.ts$/, text: /\{\}: |^, and/, reason: 'log lines' },
  { files: /app\//, text: /^alerts: |^tick: |^\{\}: the store can't be reached: \{\}$/, reason: 'log lines' },
  {
    files: /schemas\/(?!(facts|podman|systemd)\.)/,
    reason: 'problems of configurations, requests and documents are English',
  },
  { files: /core\/summary\.ts$/, text: /^\{\} (ms|of \{\})$/, reason: 'figures of witnesses' },
  { files: /core\/budget\.ts$/, text: / or /, reason: 'names of budgets: names.ts has them' },
  {
    files: /(black-box-text|serial-tail|ask-black-box)\.ts$/,
    text: /^(?!reading|the serial console is|not asked|a bug)/,
    reason: 'what stands in a black box is English, like the rest of it',
  },
  { files: /ssh\/ssh-look\.ts$/, text: /^\w+: \{\}$/, reason: 'the name of a program' },
  { files: /core\/visible-text\.ts$/, reason: 'a regular expression' },
]

/**
 * Texts of the core that are put together from parts: what they become, which is what the catalogue has. An action
 * or a cause in a slot is one hole.
 */
const BECOMES: Readonly<Record<string, readonly string[]>> = {
  '{} of {}': ['{}'],
  '{} (attempt {})': ['{}'],
  ', until {} at the latest': ['{}, until {} at the latest'],
  ' or ': ['the VM is {}, {} needs {}'],
  '{} by {}: {}': ['armed by {}: {}', 'resumed by {}: {}'],
  'paused for {} min': ['paused for {} min by {}: {}'],
  'resumed, breaker closed': ['resumed, breaker closed by {}: {}'],
  '{} asks for {}: {}': ['{} asks for {}: {}', '{} asks for auto: {}'],
  'dry run: would {}{}': ['dry run: would {}', 'dry run: would {} {}'],
  'a person': ['paused by {}: watched, not acted on'],
  '{} pressed {}': ['{} pressed recover', '{} pressed start'],
  '{} {} nobody: {}': ['{} looks well and answers nobody: {}', '{} look well and answer nobody: {}'],
  'looks well and answers': ['{} looks well and answers nobody: {}'],
  'look well and answer': ['{} look well and answer nobody: {}'],
  'is unknown': ['{} is unknown'],
  'is {} ({})': ['{} is {} ({})'],
  'has no container': ['{} has no container'],
  'unknown code': ['{} exited (unknown code)'],
  'exited ({})': ['{} exited ({})'],
  'in an unknown state': ['{} is in an unknown state'],
  'is {}': ['{} is {}'],
}

/** Of the shell's details, whose parts are many: the words must stand together in some template. */
function standsInATemplate(text: string): boolean {
  const parts = text.split('{}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(parts.join('.+'))
  return PATTERNS.some((known) => pattern.test(known))
}

function isKnown({ file, text }: SourceText): boolean {
  if (KNOWN.has(text)) return true
  if (!file.startsWith('src/core/')) return standsInATemplate(text)
  return BECOMES[text]?.every((whole) => KNOWN.has(whole)) ?? false
}

const sentences = globSync(['src/core/*.ts', 'src/app/*.ts', 'src/adapters/**/*.ts', 'src/schemas/*.ts'], {
  cwd: root,
})
  .map((path) => path.replaceAll('\\', '/'))
  .sort()
  .flatMap((file) => textsIn(file, readFileSync(new URL(file, root), 'utf8')))
  .filter(isProse)
const isLeftOut = ({ file, text }: SourceText, rule: (typeof NOT_FOR_PEOPLE)[number]): boolean =>
  rule.files.test(file) && (rule.text?.test(text) ?? true)
const forPeople = sentences.filter((found) => !NOT_FOR_PEOPLE.some((rule) => isLeftOut(found, rule)))

describe('every sentence that the guard writes has its Korean', () => {
  it('in the sources', () => {
    const missing = forPeople.filter((found) => !isKnown(found))
    expect(
      missing.map(({ file, line, text }) => {
        const where = file.startsWith('src/core/') ? 'korean-sentences.ts' : 'korean-details.ts'
        return `${file}:${line} has no Korean: add [${JSON.stringify(text)}, …] to src/words/${where}`
      }),
    ).toEqual([])
  })

  it('and what is left out, or put together from parts, is still there', () => {
    const unused = NOT_FOR_PEOPLE.filter((rule) => !sentences.some((found) => isLeftOut(found, rule)))
    const gone = Object.keys(BECOMES).filter((part) => !sentences.some(({ text }) => text === part))
    expect({ unused, gone }).toEqual({ unused: [], gone: [] })
  })

  it('and no template without a sentence is kept', () => {
    const texts = forPeople.map(({ text }) => text)
    const whole = new Set([...texts, ...Object.values(BECOMES).flat()])
    const parts = texts.filter((text) => !KNOWN.has(text)).map((text) => text.split('{}'))
    const isMade = (template: string): boolean =>
      whole.has(template) ||
      parts.some((words) => words.some((word) => word.length > 3 && template.includes(word)))
    expect(
      PATTERNS.filter((template) => isProse({ file: '', line: 0, text: template }) && !isMade(template)),
    ).toEqual([])
  })
})

/** Words that Koreans write in Latin letters, too, and names of things. */
const LATIN =
  /\b(VM|VPC|SSH|HTTP|TLS|URL|ID|API|JSON|MB|KiB|ms|PEM|UTF|OOM|PSI|Night Guard|Secret Manager|Compute|Podman|podman|Google Cloud|systemd|systemctl|sshd|curl|hold|lease|policy\.mode|observe|secretAccessor|viewer|enable-guest-attributes|TRUE|ssh\.host(Key)?|base64|OpenSSH|bootId|at)\b/g

/** What is left of a Korean text when values, names and Hangul are taken away. */
function englishIn(korean: string): readonly string[] {
  return (
    korean
      .replace(/\{\w+\}/g, '')
      .replace(LATIN, '')
      .match(/[A-Za-z]{2,}/g) ?? []
  )
}

describe('the catalogues', () => {
  it.each(CATALOGUE)('%s', (english, korean) => {
    const slots = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).toSorted()
    expect(slots(korean)).toEqual(slots(english))
    expect(englishIn(korean)).toEqual([])
    if (/[a-z]{2} [a-z]{2}/.test(english.replace(/\{\w+\}/g, '')))
      expect(korean).toMatch(/\p{Script=Hangul}/u)
  })

  it('say each thing once', () => {
    const english = CATALOGUE.map(([text]) => text)
    expect(english.filter((text, index) => english.indexOf(text) !== index)).toEqual([])
  })
})

/** Names, ids, times and the words of the stories' machines: they stay as they are. */
const VALUES =
  /\b((bot|api)\.service|bot|api_token|bot_token|token|ada|because|boot-[\w.-]+|status|no such name|timed out|rubbish|refused|quota|down|failed|no|a higher fence was seen|[\w.]*\bcompute\.instances\.\w+|stop|suspend|system|someone|[A-Z_]{4,}|\d{4}-\d\d-\d\dT[\d:.]+Z|exit-code|start-limit-hit|signal|success|activating|deactivating|inactive|active|starting|unhealthy|healthy|night-guard)\b/g

describe('what the core says in adventurous hours', () => {
  it('is Korean, but for names, ids, times and the words of machines', () => {
    const texts = textsOfStories().filter((text) => /[a-z]{2}/.test(text.replace(VALUES, '')))
    expect(texts.length).toBeGreaterThan(200)
    const half = texts.flatMap((text) => {
      const korean = koreanOf(text)
      if (korean === undefined) return [`no Korean: ${text}`]
      const left =
        korean
          .replace(VALUES, '')
          .replace(LATIN, '')
          .match(/[A-Za-z]{2,}/g) ?? []
      return left.length === 0 ? [] : [`still English (${left.join(' ')}): ${text} → ${korean}`]
    })
    expect(half).toEqual([])
  })
})
