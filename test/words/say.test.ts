import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { textsOf } from '../../src/http/assets/script.ts'
import { KOREAN_ALERTS } from '../../src/words/korean-alerts.ts'
import { KOREAN_CLI } from '../../src/words/korean-cli.ts'
import { KOREAN_PAGES } from '../../src/words/korean-pages.ts'
import { KOREAN_STATUS } from '../../src/words/korean-status.ts'
import { say } from '../../src/words/say.ts'
import { memberTextsIn, sayCallsIn } from './say-calls.ts'
import { textsIn } from './source-texts.ts'

const CATALOGUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  KOREAN_ALERTS,
  KOREAN_CLI,
  KOREAN_PAGES,
  KOREAN_STATUS,
}

/** Functions that hand a text on to `say`, by the place of the text among their arguments. */
const SPEAKERS: Readonly<Record<string, number>> = { say: 1, phrase: 1, wrongUsage: 0 }

/** Members whose texts are said later, by those who are given them. */
const MEMBERS: readonly { readonly files: RegExp; readonly members: readonly string[] }[] = [
  {
    files: /^src\/http\/(?!pages\/|assets\/|openapi\/|metrics\/|routes\/(events|documents))/,
    members: ['title', 'mend'],
  },
  { files: /^src\/cli\//, members: ['text', 'mend'] },
  { files: /^sandbox\/machines\/faults\.ts$/, members: ['says'] },
  { files: /^sandbox\/sandbox\.ts$/, members: ['pageNote'] },
]

/** Where `say` gets its text from elsewhere, and from where. */
const HANDED_ON: readonly { readonly file: string; readonly from: string }[] = [
  { file: 'src/cli/failure.ts', from: 'SPEAKERS and MEMBERS' },
  { file: 'src/cli/language.ts', from: 'what the service answers: MEMBERS' },
  { file: 'src/http/assets/script.ts', from: "the scripts' own calls, which textsOf finds" },
  { file: 'src/http/pages/cause-words.ts', from: 'its own table, CAUSES' },
  { file: 'src/http/pages/faults.ts', from: 'MEMBERS' },
  { file: 'src/http/pages/layout.ts', from: 'MEMBERS' },
  { file: 'src/http/pages/problem-page.ts', from: 'MEMBERS' },
  { file: 'src/http/pages/problem-words.ts', from: 'MEMBERS, and its own table' },
  { file: 'src/http/pages/words.ts', from: 'SPEAKERS' },
]

const root = new URL('../../', import.meta.url)
const sources = globSync(['src/**/*.ts', 'sandbox/**/*.ts'], { cwd: root })
  .map((path) => path.replaceAll('\\', '/'))
  .sort()
  .map((file) => ({ file, source: readFileSync(new URL(file, root), 'utf8') }))
const calls = sources
  .filter(({ file }) => file.startsWith('src/') && file !== 'src/words/say.ts')
  .map(({ file, source }) => sayCallsIn(file, source, SPEAKERS))
const said = [
  ...calls.flatMap((call) => call.said),
  ...sources.flatMap(({ file, source }) =>
    MEMBERS.filter(({ files }) => files.test(file)).flatMap(({ members }) =>
      memberTextsIn(file, source, members),
    ),
  ),
  ...sources
    .filter(({ file }) => file.startsWith('src/http/assets/'))
    .flatMap(({ file, source }) => textsOf(source).map((text) => ({ file, line: 1, text }))),
]
const entries = Object.entries(CATALOGUES).flatMap(([catalogue, texts]) =>
  Object.entries(texts).map(([english, korean]) => ({ catalogue, english, korean })),
)

describe('what is said to people', () => {
  it('has its Korean', () => {
    const known = new Set(entries.map(({ english }) => english))
    const missing = said.filter(({ text }) => !known.has(text))
    expect(missing.map(({ file, line, text }) => `${file}:${line} has no Korean: ${text}`)).toEqual([])
  })

  it('has it in one catalogue only', () => {
    const keptIn = Map.groupBy(entries, ({ english }) => english)
    const twice = [...keptIn].filter(([, kept]) => kept.length > 1)
    expect(twice.map(([english, kept]) => [english, ...kept.map(({ catalogue }) => catalogue)])).toEqual([])
  })

  it('is written where it is said, or known to come from elsewhere', () => {
    const unknown = calls.flatMap(({ handedOn }) =>
      handedOn.filter(({ file }) => !HANDED_ON.some((known) => known.file === file)),
    )
    expect(
      unknown.map(
        ({ file, line }) => `${file}:${line} says what is no text: write it out, or add it to HANDED_ON`,
      ),
    ).toEqual([])
    const files = new Set(calls.flatMap(({ handedOn }) => handedOn.map(({ file }) => file)))
    expect(HANDED_ON.filter(({ file }) => !files.has(file))).toEqual([])
  })

  it('is what the catalogues have, and no more', () => {
    const written = new Set(
      sources
        .filter(({ file }) => !/^src\/words\/korean-/.test(file))
        .flatMap(({ file, source }) => textsIn(file, source).map(({ text }) => text))
        .concat(said.map(({ text }) => text)),
    )
    const unused = entries.filter(({ english }) => !written.has(english))
    expect(unused.map(({ catalogue, english }) => `${catalogue} has what nobody says: ${english}`)).toEqual(
      [],
    )
  })

  it('has the same slots in Korean as in English', () => {
    const slots = (text: string): readonly string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].toSorted()
    const other = entries.filter(({ english, korean }) => `${slots(english)}` !== `${slots(korean)}`)
    expect(other.map(({ catalogue, english }) => `${catalogue}: ${english}`)).toEqual([])
  })
})

describe('say', () => {
  it.each([
    ['a text in English is itself', () => say('en', 'Timeline'), 'Timeline'],
    ['a text in Korean is from its catalogue', () => say('ko', 'Timeline'), '시간순 기록'],
    [
      'values go where the language wants them',
      () => say('ko', 'Since {time}.', { time: '03:12' }),
      '03:12부터입니다.',
    ],
    [
      'a value with a slot in it is not filled again',
      () => say('en', 'Since {time}.', { time: '{time}' }),
      'Since {time}.',
    ],
    [
      'a text without Korean stays English',
      () => say('ko', 'No such text {name}', { name: 1 }),
      'No such text 1',
    ],
    ['a slot without a value stays', () => say('en', 'Since {time}.'), 'Since {time}.'],
  ])('%s', (_, spoken, expected) => {
    expect(spoken()).toBe(expected)
  })
})
