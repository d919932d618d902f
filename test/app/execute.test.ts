/** Putting secrets: payloads are read side by side, and the lease is asked before each read and before the order. */
import { expect, it } from 'vitest'
import type { Executing } from '../../src/app/execute.ts'
import { execute } from '../../src/app/execute.ts'
import type { SecretPut } from '../../src/core/action.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { Sensitive } from '../../src/core/sensitive.ts'
import { aTarget, createQuietPorts } from '../fakes/quiet-ports.ts'
import { NOON } from '../fakes/stored.ts'

const { issueRemainingMs } = DEFAULT_POLICY.lease
const tooLate = {
  kind: 'skipped',
  detail: 'the lease had nearly ended before the order could be given',
} as const
const put = (name: string): SecretPut => ({ secret: `${name}-source`, version: '3', name })
const putsOf = (count: number) => Array.from({ length: count }, (_, index) => put(`secret-${index}`))

/** `readMs`: how long each read takes; `leftMs`: how long an order may still be given at the start. */
async function putting(puts: readonly SecretPut[], { readMs, leftMs }: { readMs: number; leftMs: number }) {
  const ports = createQuietPorts()
  const timeouts: number[] = []
  const sent: string[][] = []
  let reading = 0
  let readingMax = 0
  const executing: Executing = {
    target: aTarget(),
    policy: DEFAULT_POLICY,
    lease: {
      owner: 'run-1',
      fence: 7,
      purpose: 'sync',
      expiresAt: NOON + issueRemainingMs + leftMs,
    },
    ports: {
      ...ports,
      secretSource: {
        ...ports.secretSource,
        async access(secret, _version, { timeoutMs }) {
          timeouts.push(timeoutMs)
          reading += 1
          readingMax = Math.max(readingMax, reading)
          await Promise.resolve()
          if (reading > 0) await ports.clock.sleep(readMs)
          reading -= 1
          return secret === 'broken-source'
            ? { kind: 'unavailable', detail: 'denied', passing: false }
            : { kind: 'payload', value: new Sensitive('a value') }
        },
      },
      shell: {
        ...ports.shell,
        async putSecrets(target, order, limits) {
          sent.push(order.puts.map(({ put: { name } }) => name))
          return ports.shell.putSecrets(target, order, limits)
        },
      },
    },
  }
  const result = await execute({ kind: 'put-secrets', puts, fence: 7 }, executing)
  return { rows: result.kind === 'puts' ? result.puts : [], sent, timeouts, readingMax }
}

it('payloads are read side by side, eight at once, and put in one order', async () => {
  const puts = putsOf(10)
  const { rows, sent, readingMax } = await putting(puts, { readMs: 0, leftMs: 60_000 })
  expect(rows).toEqual(puts.map((each) => ({ put: each, result: { kind: 'done' } })))
  expect(sent).toEqual([puts.map(({ name }) => name)])
  expect(readingMax).toBe(8)
})

it('a payload that can not be read fails alone', async () => {
  const puts = [put('broken'), put('good')]
  const { rows, sent } = await putting(puts, { readMs: 0, leftMs: 60_000 })
  expect(rows.map(({ result }) => result)).toEqual([{ kind: 'failed', detail: 'denied' }, { kind: 'done' }])
  expect(sent).toEqual([['good']])
})

it('a read is given no more time than the lease has', async () => {
  expect((await putting([put('one')], { readMs: 0, leftMs: 60_000 })).timeouts).toEqual([8_000])
  expect((await putting([put('one')], { readMs: 0, leftMs: 3_000 })).timeouts).toEqual([3_000])
})

it('reads stop when the lease has nearly ended, and nothing is put', async () => {
  const puts = putsOf(20)
  const { rows, sent, timeouts } = await putting(puts, { readMs: 1_000, leftMs: 7_500 })
  expect(rows).toEqual(puts.map((each) => ({ put: each, result: tooLate })))
  expect(timeouts.length).toBeLessThan(20)
  expect(sent).toEqual([])
})

it('a lease that nearly ended while the last payload was read: nothing is put', async () => {
  const { rows, sent, timeouts } = await putting([put('one')], { readMs: 1_001, leftMs: 1_000 })
  expect(rows).toEqual([{ put: put('one'), result: tooLate }])
  expect({ sent, timeouts }).toEqual({ sent: [], timeouts: [1_000] })
})

it('a lease that has nearly ended already: nothing is read', async () => {
  const { rows, timeouts } = await putting([put('one')], { readMs: 0, leftMs: -1 })
  expect(rows).toEqual([{ put: put('one'), result: tooLate }])
  expect(timeouts).toEqual([])
})
