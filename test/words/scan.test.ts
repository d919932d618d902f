import { describe, expect, it } from 'vitest'
import { memberTextsIn, sayCallsIn } from './say-calls.ts'
import { isProse, textsIn } from './source-texts.ts'

/** `§{` stands for the beginning of a hole. */
const withHoles = (source: string): string => source.replaceAll('§', '$')

/** The tests of completeness are as good as what they find. */
describe('the scan of sources', () => {
  it("finds texts and templates, with their holes, and no bug's words", () => {
    const source = [
      "const a = 'it is late'",
      'const b = `§{a} since §{at(`the §{c} hour`)} or so`',
      '/** a comment says nothing */',
      "throw new Error('a bug says nothing')",
      "const kind = 'vm-frozen'",
      "const d = 'it\\'s \\\\ here'",
    ].join('\n')
    expect(textsIn('a.ts', withHoles(source)).filter(isProse)).toEqual([
      { file: 'a.ts', line: 1, text: 'it is late' },
      { file: 'a.ts', line: 2, text: 'the {} hour' },
      { file: 'a.ts', line: 2, text: '{} since {} or so' },
      { file: 'a.ts', line: 6, text: "it's \\ here" },
    ])
  })

  it('finds what is said, each of two ways, within a template too', () => {
    const source = [
      "const a = say(language, good ? 'All is well' : 'It is bad', { a: f('x', 'y') })",
      "const b = html`<p>§{phrase(language, 'Since {time}', { time })}</p>`",
      'const c = say(language, TABLE[kind])',
      'export function say(language, text) {}',
    ].join('\n')
    expect(sayCallsIn('a.ts', withHoles(source), { say: 1, phrase: 1 })).toEqual({
      said: [
        { file: 'a.ts', line: 1, text: 'All is well' },
        { file: 'a.ts', line: 1, text: 'It is bad' },
        { file: 'a.ts', line: 2, text: 'Since {time}' },
      ],
      handedOn: [{ file: 'a.ts', line: 3 }],
    })
  })

  it('finds texts of members', () => {
    const source = "const a = { title: 'Gone', mend: why ? 'x' : 'y', other: 'z', text: '' }"
    expect(memberTextsIn('a.ts', source, ['title', 'text'])).toEqual([
      { file: 'a.ts', line: 1, text: 'Gone' },
    ])
  })
})
