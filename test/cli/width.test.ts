import { describe, expect, it } from 'vitest'
import { cut, padded, widthOf } from '../../src/cli/width.ts'

describe('The columns of a text', () => {
  it.each([
    ['Latin', 'bot-1', 5],
    ['accents, in one character or two', 'e\u0301é', 2],
    ['Korean', '정상', 4],
    ['Korean in its letters', '\u1112\u1161\u11ab', 2],
    ['Chinese and Japanese', '漢字かな', 8],
    ['full-width letters', 'Ａ１', 4],
    ['half-width letters', 'ｱ', 1],
    ['emoji', '🔥', 2],
    ['a dash, an ellipsis, an arrow: ambiguous, and one', '–…→', 3],
    ['what replaces a control character', '\uFFFD', 1],
    ['what takes no room', 'a\u200bb', 2],
    ['nothing', '', 0],
  ])('%s', (_, text, columns) => {
    expect(widthOf(text)).toBe(columns)
  })

  it.each([
    ['정상', 6, '정상  '],
    ['정상', 3, '정상'],
    ['', 2, '  '],
  ])('%s is padded to %d', (text, width, expected) => {
    expect(padded(text, width)).toBe(expected)
  })

  it.each([
    ['healthy', 7, 'healthy'],
    ['healthy', 6, 'healt…'],
    ['정상입니다', 10, '정상입니다'],
    ['정상입니다', 9, '정상입니…'],
    ['정상입니다', 8, '정상입…'],
    ['정', 1, '…'],
  ])('%s is cut to %d', (text, columnsMax, expected) => {
    expect(cut(text, columnsMax)).toBe(expected)
    expect(widthOf(expected)).toBeLessThanOrEqual(columnsMax)
  })
})
