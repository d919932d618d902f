import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseShownUnits, parseTimeSpan } from '../../src/schemas/systemd.ts'

const AGENT = `Id=agent.service
LoadState=loaded
ActiveState=activating
SubState=auto-restart
Result=exit-code
InvocationID=0123456789abcdef0123456789abcdef
TimeoutStartUSec=1min 30s`
const GONE = `Id=gone.service
LoadState=not-found
ActiveState=inactive
SubState=dead
Result=success
InvocationID=
TimeoutStartUSec=infinity`
const AGENT_READ = {
  unit: 'agent.service',
  load: 'loaded',
  active: 'activating',
  sub: 'auto-restart',
  result: 'exit-code',
  invocationId: '0123456789abcdef0123456789abcdef',
  startTimeoutMs: 90_000,
}
const GONE_READ = {
  unit: 'gone.service',
  load: 'not-found',
  active: 'inactive',
  sub: 'dead',
  result: 'success',
}

describe('what systemctl shows', () => {
  it('is a block a unit, in the order asked', () => {
    expect(parseShownUnits(`${AGENT}\n\n${GONE}\n`, ['agent.service', 'gone.service'])).toEqual({
      kind: 'ok',
      units: [AGENT_READ, GONE_READ],
    })
  })

  it('of an alias counts for the name that was asked', () => {
    expect(parseShownUnits(AGENT, ['alias.service'])).toEqual({
      kind: 'ok',
      units: [{ ...AGENT_READ, unit: 'alias.service' }],
    })
  })

  it.each([
    ['nothing', '', '0 units were shown, 1 asked for'],
    ['too many units', `${AGENT}\n\n${GONE}`, '2 units were shown, 1 asked for'],
    [
      'no active state',
      AGENT.replace(/ActiveState.*\n/, ''),
      'what it says of agent.service has no ActiveState that can be read',
    ],
    [
      'a hostile state',
      AGENT.replace('activating', 'active\u001b[2J'),
      'what it says of agent.service has no ActiveState that can be read',
    ],
    ['a flood', 'x'.repeat(300_000), 'the answer is too long'],
  ])('(%s) is unreadable', (_name, text, why) => {
    expect(parseShownUnits(text, ['agent.service'])).toEqual({
      kind: 'unreadable',
      detail: `systemctl's answer can't be read: ${why}`,
    })
  })

  it('leaves out an invocation id and a start time-out that are none', () => {
    const text = AGENT.replace(/InvocationID=.*/, 'InvocationID=xyz').replace('1min 30s', 'soon')
    const { invocationId: _invocation, startTimeoutMs: _timeout, ...rest } = AGENT_READ
    expect(parseShownUnits(text, ['agent.service'])).toEqual({ kind: 'ok', units: [rest] })
  })

  it('never makes the parser throw', () => {
    const line = fc.tuple(fc.constantFrom('Id', 'LoadState', 'ActiveState', '__proto__', ''), fc.string())
    const block = fc.array(line.map(([name, value]) => `${name}=${value}`)).map((lines) => lines.join('\n'))
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(block).map((blocks) => blocks.join('\n\n')),
    )
    fc.assert(fc.property(text, fc.array(fc.string()), (given, units) => void parseShownUnits(given, units)))
  })
})

describe('a time span', () => {
  it.each([
    ['1min 30s', 90_000],
    ['90s', 90_000],
    ['500ms', 500],
    ['2h 5min', 7_500_000],
    ['1d', 86_400_000],
    ['1w 1d', 691_200_000],
    ['1.5s', 1500],
    ['250us', 0],
    ['infinity', undefined],
    ['', undefined],
    ['90', undefined],
    ['1min thirty', undefined],
    ['1constructor', undefined],
  ])('%s is %s ms', (text, ms) => {
    expect(parseTimeSpan(text)).toBe(ms)
  })

  it('never makes the parser throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseTimeSpan(text)))
  })
})
