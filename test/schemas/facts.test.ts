import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFacts } from '../../src/schemas/facts.ts'

const BOOT_ID = '0d2b4b3e-3f43-4f0e-9d0c-7f2f1f0b9a11'
const PLAIN = `boot_id=${BOOT_ID}\nuptime=12.34\nheld=no\n`
const PLAIN_READ = { bootId: BOOT_ID, uptimeMs: 12_340, held: false }

describe('the machine’s facts', () => {
  it.each([
    ['a machine that no order reached yet', PLAIN, PLAIN_READ],
    [
      'a machine with a trace',
      `${PLAIN}fence=7\nlast=incident-1:reset:1\n`,
      { ...PLAIN_READ, fence: 7, lastActionId: 'incident-1:reset:1' },
    ],
    ['a machine that is held', PLAIN.replace('no', 'yes'), { ...PLAIN_READ, held: true }],
    ['traces that are empty', `${PLAIN}fence=\nlast=\n`, PLAIN_READ],
    ['carriage returns and other names', `${PLAIN.replaceAll('\n', '\r\n')}new=1\nnoise`, PLAIN_READ],
  ])('%s', (_name, text, facts) => {
    expect(parseFacts(text)).toEqual({ kind: 'ok', facts })
  })

  it.each([
    ['nothing', '', "the machine's boot_id is missing or malformed"],
    ['no boot id', 'uptime=1\nheld=no', "the machine's boot_id is missing or malformed"],
    ['a boot id that is none', PLAIN.replace(BOOT_ID, 'x'), "the machine's boot_id is missing or malformed"],
    ['an uptime of words', PLAIN.replace('12.34', 'long'), "the machine's uptime is missing or malformed"],
    [
      'an endless uptime',
      PLAIN.replace('12.34', '9'.repeat(30)),
      "the machine's uptime is missing or malformed",
    ],
    ['another word for held', PLAIN.replace('no', 'maybe'), "the machine's held is missing or malformed"],
    ['a negative fence', `${PLAIN}fence=-1`, "the machine's fence is missing or malformed"],
    ['a trace of control characters', `${PLAIN}last=a\u001bb`, "the machine's last is missing or malformed"],
    ['a flood', PLAIN.repeat(200), 'the facts are too long'],
  ])('(%s) are unreadable', (_name, text, detail) => {
    expect(parseFacts(text)).toEqual({ kind: 'unreadable', detail })
  })

  it('never make the parser throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseFacts(text)))
    const line = fc.tuple(fc.constantFrom('boot_id', 'uptime', 'held', 'fence', '__proto__'), fc.string())
    const text = fc.array(line.map(([name, value]) => `${name}=${value}`)).map((lines) => lines.join('\n'))
    fc.assert(fc.property(text, (given) => void parseFacts(given)))
  })
})
