import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainTail, plainText } from '../../src/core/plain-text.ts'

describe('plain text', () => {
  it.each([
    ['as it is', 'as it is'],
    [' lines\r\nand\ttabs ', 'lines and tabs'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007after', 'after'],
    ['bidi\u202etxt.exe', 'bidi txt.exe'],
    ['zero\u200bwidth\ufeff', 'zero width'],
    ['half \ud83d a pair', 'half a pair'],
    ['한국어 🌙', '한국어 🌙'],
  ])('%j is %j', (text, plain) => expect(plainText(text, 40)).toBe(plain))

  it('says that it was cut, and never cuts a character in two', () => {
    expect(plainText('abcdef', 4)).toBe('abc…')
    expect(plainText('ab🌙def', 4)).toBe('ab…')
    expect(plainTail('abcdef', 4)).toBe('…def')
  })

  it('is one line of visible characters within its length, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 2, max: 50 }),
        (text, max) => {
          for (const plain of [plainText(text, max), plainTail(text, max)]) {
            expect(plain.length).toBeLessThanOrEqual(max)
            expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
          }
        },
      ),
    )
  })
})
