import { describe, expect, it } from 'vitest'
import { inert } from '../../src/http/inert.ts'

describe('text from outside is made inert', () => {
  it.each([
    ['plain text, umlauts and emoji stay', 'agent.service läuft 🦉', 'agent.service läuft 🦉'],
    ['an ANSI sequence shows its escape', '\u001b[31mred', '␛[31mred'],
    ['a line break is one visible mark', 'a\nb\r\n', 'a␊b␍␊'],
    ['NUL and DEL are visible', '\0\u007f', '␀␡'],
    ['a C1 control is named', '\u009b31m', '⟨U+009B⟩31m'],
    ['a right-to-left override is named', 'gpj\u202eexe', 'gpj⟨U+202E⟩exe'],
    ['an isolate is named', '\u2066x\u2069', '⟨U+2066⟩x⟨U+2069⟩'],
    ['a zero-width space is named', 'a\u200bb', 'a⟨U+200B⟩b'],
    ['a line separator is named', 'a\u2028b', 'a⟨U+2028⟩b'],
    ['a tag character is named', '\u{e0041}', '⟨U+E0041⟩'],
    ['half a surrogate pair is named', '\ud83e', '⟨U+D83E⟩'],
  ])('%s', (_, text, shown) => {
    expect(inert(text)).toBe(shown)
  })

  it('is bounded in length', () => {
    expect(inert('x'.repeat(10), 4)).toBe('xxxx…')
    expect(inert('x'.repeat(4), 4)).toBe('xxxx')
  })
})
