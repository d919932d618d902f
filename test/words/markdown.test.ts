import { describe, expect, it } from 'vitest'
import { block, table, words } from '../../src/words/markdown.ts'

describe('hostile words are no markup', () => {
  it.each([
    [
      'plain words stay',
      'bot.service exited (137): 3 of 5, done!',
      'bot.service exited (137): 3 of 5, done!',
    ],
    ['a pipe', 'a | b', 'a \\| b'],
    ['an escaped pipe', 'a \\| b', 'a \\\\\\| b'],
    ['code', '`rm`', '\\`rm\\`'],
    ['emphasis', '*a* _b_ ~~c~~', '\\*a\\* \\_b\\_ \\~\\~c\\~\\~'],
    ['a link', '[a](javascript:b)', '\\[a\\](javascript:b)'],
    ['a picture', '![a](http://b)', '!\\[a\\](http\\://b)'],
    ['HTML', '<img src=x onerror=y>', '\\<img src=x onerror=y\\>'],
    ['an entity', '&lt;', '\\&lt;'],
    ['a bare address', 'see https://a.b and www.c.d', 'see https\\://a.b and www\\.c.d'],
    ['a heading and math', '# a $b$', '\\# a \\$b\\$'],
    ['a new line and a bidi mark', 'a\n# b\u202e', 'a␊\\# b⟨U+202E⟩'],
  ])('%s', (_, text, markdown) => {
    expect(words(text)).toBe(markdown)
  })

  it('and bounded', () => {
    expect(words('x'.repeat(3_000))).toBe(`${'x'.repeat(2_000)}…`)
  })
})

describe('a fenced block', () => {
  it.each([
    ['keeps lines and tabs', 'a\n\tb\n', '```text\na\n\tb\n```'],
    ['is longer than any run of backticks in it', 'a\n````\nb `````', '``````text\na\n````\nb `````\n``````'],
    ['shows controls', 'a\u001b[31m\r\n', '```text\na␛[31m␍\n```'],
    ['may be empty', '', '```text\n\n```'],
  ])('%s', (_, text, markdown) => {
    expect(block(text)).toBe(markdown)
  })
})

it('a table has its head, its line and its rows', () => {
  expect(table(['A', 'B'], [['1', words('2|3')]])).toBe('| A | B |\n| --- | --- |\n| 1 | 2\\|3 |')
})
