import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCommandLine } from '../../../sandbox/machines/argv.ts'
import { quote } from '../../../src/commands/command.ts'

describe('a command line', () => {
  it('gives back exactly the words that were quoted', () => {
    const word = fc.string({ unit: 'binary-ascii', maxLength: 40 }).filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        expect(parseCommandLine(words.map(quote).join(' '))).toEqual(words)
      }),
    )
  })

  it.each([
    ['', []],
    ["a  'b c'\td", ['a', 'b c', 'd']],
    [`'it'\\''s'`, ["it's"]],
    [`--flag="two words"`, ['--flag=two words']],
    ["''", ['']],
    [quote('한국어 ü \n 🔑'), ['한국어 ü \n 🔑']],
  ])('%j is split into words', (line, words) => {
    expect(parseCommandLine(line)).toEqual(words)
  })

  it.each(['a | b', 'a; b', 'echo $HOME', 'ls *', '`id`', "unclosed 'quote", 'a & b', 'a > b', '"$(id)"'])(
    '%j is left to a real shell',
    (line) => {
      expect(parseCommandLine(line)).toBeUndefined()
    },
  )
})
