/** The query `black-box`: who is asked what, in which bounds, and what comes of it when one of them fails. */
import { describe, expect, it } from 'vitest'
import { ask } from '../../src/app/ask.ts'
import type { Ports } from '../../src/app/ports.ts'
import type { BlackBoxSection } from '../../src/core/black-box.ts'
import { BLACK_BOX_BYTES_MAX } from '../../src/core/black-box.ts'
import { nothingSeen } from '../../src/core/evidence.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import type { Query } from '../../src/core/query.ts'
import type { Target } from '../../src/core/target.ts'
import { aTarget, createQuietPorts } from '../fakes/quiet-ports.ts'
import { NOON } from '../fakes/stored.ts'

const target: Target = {
  ...aTarget(),
  workloads: [
    { unit: 'agent.service', container: 'systemd-agent', secrets: [] },
    { unit: 'bot.service', container: 'bot', secrets: [] },
  ],
}
const QUERY: Extract<Query, { kind: 'black-box' }> = { kind: 'black-box', overSsh: true, deadlineMs: 10_000 }

const section = (name: BlackBoxSection['name'], text: string): BlackBoxSection => ({
  kind: 'text',
  name,
  text,
  cut: false,
})
const CONSOLE = section(
  'serial-console',
  '[    1.000000] Linux version 6.12\n[   12.000000] Out of memory: Killed process 1 (agent)\n',
)
const INSIDE = [
  section('pressure', 'memory full avg10=91.20\n'),
  section('memory', 'MemFree: 1 kB\n'),
  section('containers', 'systemd-agent (aaaaaaaaaaaa)\n'),
  section('units', '● agent.service\n'),
  section('kernel-oom', 'no line about memory, a hang or a panic\n'),
]

async function boxOf(
  sides: Partial<Ports['shell'] & Ports['virtualMachine']>,
  query: Query = QUERY,
): Promise<readonly BlackBoxSection[]> {
  const quiet = createQuietPorts()
  const ports: Ports = {
    ...quiet,
    shell: { ...quiet.shell, blackBox: sides.blackBox ?? (async () => INSIDE) },
    virtualMachine: { ...quiet.virtualMachine, serialTail: sides.serialTail ?? (async () => CONSOLE) },
  }
  const asking = { target, policy: DEFAULT_POLICY, ports, canary: async () => ({ urlsAsked: 0, urlsOk: 0 }) }
  const { blackBox } = await ask([query], nothingSeen(NOON), asking)
  expect(blackBox?.at).toBe(NOON)
  return blackBox?.sections ?? []
}

describe('a black box', () => {
  it('holds all sections in their order, whichever side they came from', async () => {
    expect(await boxOf({})).toEqual([CONSOLE, ...INSIDE.toReversed()])
  })

  it('is asked of both sides at once, each within the deadline, about the units and containers of the target', async () => {
    const asked: unknown[] = []
    let under = 0
    let atOnce = 0
    const together = async () => {
      under += 1
      atOnce = Math.max(atOnce, under)
      await new Promise((resolve) => setImmediate(resolve))
      under -= 1
    }
    await boxOf({
      async blackBox({ id }, about, limits) {
        asked.push([id, about, limits])
        await together()
        return INSIDE
      },
      async serialTail({ id }, options, limits) {
        asked.push([id, options, limits])
        await together()
        return CONSOLE
      },
    })
    expect(atOnce).toBe(2)
    expect(asked).toEqual([
      [
        'bot',
        { units: ['agent.service', 'bot.service'], containers: ['systemd-agent', 'bot'] },
        { connectMs: 4455, commandMs: 4950, deadlineMs: 9900 },
      ],
      ['bot', { bytesMax: BLACK_BOX_BYTES_MAX }, { timeoutMs: 9900 }],
    ])
  })

  it('without SSH has the kernel’s lines from the console, and says of the others why they are missing', async () => {
    const never = () => Promise.reject(new Error('asked over SSH'))
    const missing = (name: BlackBoxSection['name']) => ({
      kind: 'unavailable',
      name,
      detail: 'not asked: SSH does not work',
    })
    expect(await boxOf({ blackBox: never }, { ...QUERY, overSsh: false })).toEqual([
      CONSOLE,
      section(
        'kernel-oom',
        'from the serial console:\n[   12.000000] Out of memory: Killed process 1 (agent)\n',
      ),
      missing('units'),
      missing('containers'),
      missing('memory'),
      missing('pressure'),
    ])
  })

  it.each([
    ['throws', () => Promise.reject(new Error('a slip with token=hunter2'))],
    [
      'throws at once',
      () => {
        throw new Error('a slip with token=hunter2')
      },
    ],
  ])('a port that %s is a detail of its sections, never an end of the run', async (_how, broken) => {
    const detail = 'a bug: a slip with token=[redacted]'
    const sections = await boxOf({ blackBox: broken, serialTail: broken })
    expect(sections.map((one) => (one.kind === 'unavailable' ? one.detail : one.text))).toEqual(
      Array.from({ length: 6 }, () => detail),
    )
  })

  it('is redacted and bounded as a whole, whatever the ports let through', async () => {
    const big = section('units', 'password=hunter2 and more\n'.repeat(5000))
    const sections = await boxOf({
      blackBox: async () => INSIDE.map((one) => (one.name === 'units' ? big : one)),
      serialTail: async () => section('serial-console', '[    1.000000] fine \u001b[31mred\n'.repeat(5000)),
    })
    const text = sections.map((one) => (one.kind === 'text' ? one.text : one.detail)).join('')
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(BLACK_BOX_BYTES_MAX)
    expect(Buffer.byteLength(text)).toBeGreaterThan(BLACK_BOX_BYTES_MAX - 200)
    expect([text.includes('hunter2'), text.includes('\u001b')]).toEqual([false, false])
    expect(sections.map(({ name, kind, ...more }) => [name, kind, 'cut' in more && more.cut])).toEqual([
      ['serial-console', 'text', true],
      ['kernel-oom', 'text', false],
      ['units', 'text', true],
      ['containers', 'text', false],
      ['memory', 'text', false],
      ['pressure', 'text', false],
    ])
  })

  it('a deadline that is all but over still asks nobody for longer than it', async () => {
    const limits: unknown[] = []
    await boxOf(
      {
        async blackBox(_target, _about, given) {
          limits.push(given)
          return []
        },
        async serialTail(_target, _options, given) {
          limits.push(given)
          return CONSOLE
        },
      },
      { ...QUERY, deadlineMs: 50 },
    )
    expect(limits).toEqual([{ connectMs: 1, commandMs: 1, deadlineMs: 1 }, { timeoutMs: 1 }])
  })
})
