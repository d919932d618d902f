/** How Compute fails, and what the adapter makes of it. What it does when all is well is in the contract. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Failure } from '../../../sandbox/google/api-server.ts'
import { type ComputeStage, NOW, openComputeStage } from './compute-stage.ts'

const LIMITS = { timeoutMs: 10_000 }
const REQUEST = '6f1a3c52-5f0b-5d3e-9a51-0d7c5b1f2a3b'
const ORDER = { verb: 'reset', requestId: REQUEST } as const
const VM = 'nightguard (us-west1-b)'

let stage: ComputeStage
let stages: ComputeStage[] = []
async function open(options: Parameters<typeof openComputeStage>[0] = {}): Promise<ComputeStage> {
  const opened = await openComputeStage(options)
  stages.push(opened)
  return opened
}
beforeEach(async () => {
  stage = await open()
})
afterEach(async () => {
  await Promise.all(stages.map((one) => one.close()))
  stages = []
})

describe('a read that fails', () => {
  it.each<[string, Failure, string, number]>([
    [
      '403',
      status(403, "Required 'compute.instances.get' permission"),
      "HTTP 403: Required 'compute.instances.get' permission",
      1,
    ],
    ['400', status(400, 'Invalid value'), 'HTTP 400: Invalid value', 1],
    ['401', status(401, 'Login required'), 'HTTP 401: Login required', 1],
    ['500', status(500, 'Internal error'), 'HTTP 500: Internal error', 3],
    ['429', status(429, 'Rate limit exceeded'), 'HTTP 429: Rate limit exceeded', 3],
  ])('is unavailable with the words of the API after HTTP %s', async (_code, failure, words, requests) => {
    const { emulator, virtualMachine, target } = stage
    emulator.failNext(failure, { times: 10 })
    expect(await virtualMachine.look(target, {}, LIMITS)).toEqual({
      kind: 'unavailable',
      at: NOW,
      detail: `asking Compute about ${VM}: ${words}`,
    })
    expect(emulator.requests.get('instances.get')).toBe(requests)
  })

  it.each<[string, Failure]>([
    ['a JSON that ends too early', { kind: 'broken-json' }],
    ['a page of a proxy', { kind: 'html', status: 502 }],
    ['a dropped connection', { kind: 'drop' }],
    ['an error 503', status(503, 'Try again')],
  ])('is tried again after %s, and then answers', async (_what, failure) => {
    const { emulator, virtualMachine, target } = stage
    emulator.failNext(failure)
    expect(await virtualMachine.look(target, {}, LIMITS)).toMatchObject({ kind: 'seen', status: 'RUNNING' })
    expect(emulator.requests.get('instances.get')).toBe(2)
  })

  it('is unavailable when what answers is not the API', async () => {
    const { emulator, virtualMachine, target } = stage
    emulator.failNext({ kind: 'broken-json' }, { times: 10 })
    const evidence = await virtualMachine.heartbeat(target, LIMITS)
    expect(evidence).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining(VM) })
  })

  it.each<[string, Failure]>([
    ['never answers', { kind: 'hang' }],
    ['answers too late', { kind: 'slow', delayMs: 2000 }],
  ])('ends at its time-out when the API %s', async (_what, failure) => {
    const { emulator, virtualMachine, target } = stage
    await virtualMachine.look(target, {}, LIMITS)
    emulator.failNext(failure, { times: 10 })
    const startedAt = performance.now()
    expect(await virtualMachine.look(target, {}, { timeoutMs: 200 })).toEqual({
      kind: 'unavailable',
      at: NOW,
      detail: `asking Compute about ${VM}: no answer within 200 ms`,
    })
    expect(performance.now() - startedAt).toBeLessThan(700)
  })

  it('says that there was no connection', async () => {
    const { emulator, virtualMachine, target } = stage
    await emulator.close()
    const evidence = await virtualMachine.hostKeys(target, LIMITS)
    expect(evidence).toEqual({
      kind: 'unavailable',
      detail: `reading the host keys of ${VM}: no connection (ECONNREFUSED)`,
    })
  })

  it('never repeats what looks like a token', async () => {
    const { emulator, virtualMachine, target } = stage
    emulator.failNext(
      status(403, 'Authorization: Bearer ya29.c.b0Aaekm1K-xyz eyJhbGciOi.eyJzdWIi.c2ln was refused'),
    )
    const evidence = await virtualMachine.heartbeat(target, LIMITS)
    expect(evidence).toEqual({
      kind: 'unavailable',
      detail: `reading the heartbeat of ${VM}: HTTP 403: Authorization: Bearer [redacted] [redacted] was refused`,
    })
  })
})

describe('a look', () => {
  it('is not half a look: without the operations there is none', async () => {
    const { emulator, virtualMachine, target } = stage
    emulator.failNext(status(403, 'Required permission'), { method: 'zoneOperations.list' })
    expect(await virtualMachine.look(target, {}, LIMITS)).toMatchObject({ kind: 'unavailable' })
  })

  it('does without the serial console when that fails', async () => {
    const { emulator, virtualMachine, target } = stage
    emulator.failNext(status(403, 'Required permission'), { method: 'instances.getSerialPortOutput' })
    const evidence = await virtualMachine.look(target, { serialFrom: 0 }, LIMITS)
    expect(evidence).toMatchObject({ kind: 'seen' })
    expect(evidence).not.toHaveProperty('serial')
  })

  it('costs two calls, and a third for the serial console', async () => {
    const { emulator, virtualMachine, target } = stage
    await virtualMachine.look(target, {}, LIMITS)
    await virtualMachine.look(target, { serialFrom: 0 }, LIMITS)
    expect(Object.fromEntries(emulator.requests)).toEqual({
      'instances.get': 2,
      'zoneOperations.list': 2,
      'instances.getSerialPortOutput': 1,
    })
  })

  it('says which operation is running', async () => {
    const slow = await open({ delays: { pendingMs: 60_000 } })
    const { virtualMachine, target } = slow
    await virtualMachine.look(target, {}, LIMITS)
    await virtualMachine.power(target, ORDER, { timeoutMs: 150 })
    expect(await virtualMachine.look(target, {}, LIMITS)).toMatchObject({
      status: 'RUNNING',
      operationRunning: expect.stringMatching(/^reset operation-/),
    })
  })

  it('finds the last stop also when the API gives its operations in small pages', async () => {
    const { virtualMachine, target, emulator } = await open({ pageMax: 1 })
    await emulator.platformStops('nightguard', 'compute.instances.preempted')
    expect(await virtualMachine.look(target, {}, LIMITS)).toMatchObject({
      lastStop: { type: 'compute.instances.preempted', by: 'system' },
    })
  })

  it('does not take the stop of another VM of the same name for this one’s', async () => {
    const { virtualMachine, target, emulator, machine } = stage
    await emulator.platformStops('nightguard', 'stop', 'anna@example.com')
    emulator.replaceInstance('nightguard', { instanceId: '999', internalAddress: '10.138.0.9' })
    expect(machine.power()).toBe('stopped')
    expect(await virtualMachine.look(target, {}, LIMITS)).toEqual({
      kind: 'seen',
      at: NOW,
      status: 'TERMINATED',
      instanceId: '999',
      addresses: ['10.138.0.9', '203.0.113.7'],
    })
  })
})

describe('an order', () => {
  it.each<[string, Failure, string]>([
    ['the answer never comes', { kind: 'hang-after-acting' }, 'no answer within 300 ms'],
    ['the connection breaks after it was sent', { kind: 'drop-after-acting' }, 'socket hang up'],
  ])('is unknown when %s, and its trace is found', async (_what, failure, words) => {
    const { virtualMachine, target, emulator, machine } = stage
    await virtualMachine.look(target, {}, LIMITS)
    emulator.failNext(failure)
    const result = await virtualMachine.power(target, ORDER, { timeoutMs: 300 })
    expect(result).toEqual({ kind: 'unknown', detail: expect.stringContaining(words) })
    await expect.poll(() => machine.orders).toEqual(['reset'])
    await expect
      .poll(() => virtualMachine.trace(target, REQUEST, LIMITS))
      .toEqual({
        kind: 'happened',
        done: true,
        detail: 'reset by night-guard@my-project.iam.gserviceaccount.com is DONE',
      })
    expect(emulator.requests.get('instances.reset')).toBe(1)
  })

  it.each<[string, Failure]>([
    ['never answers', { kind: 'hang' }],
    ['drops the connection', { kind: 'drop' }],
    ['answers 500', status(500, 'Internal error')],
    ['answers 503 by a proxy', { kind: 'html', status: 503 }],
  ])('is unknown when the API %s without acting, and has no trace', async (_what, failure) => {
    const { virtualMachine, target, emulator, machine } = stage
    await virtualMachine.look(target, {}, LIMITS)
    emulator.failNext(failure, { times: 10, method: 'instances.reset' })
    expect(await virtualMachine.power(target, ORDER, { timeoutMs: 300 })).toMatchObject({ kind: 'unknown' })
    expect(await virtualMachine.trace(target, REQUEST, LIMITS)).toEqual({ kind: 'no-trace' })
    expect(emulator.requests.get('instances.reset')).toBe(1)
    expect(machine.orders).toEqual([])
  })

  it('is unknown when it was accepted in words that can not be read', async () => {
    const { virtualMachine, target, emulator } = stage
    emulator.failNext({ kind: 'broken-json' })
    expect(await virtualMachine.power(target, ORDER, LIMITS)).toMatchObject({ kind: 'unknown' })
    expect(emulator.requests.get('instances.reset')).toBe(1)
  })

  it('has failed when nobody listens: nothing was sent', async () => {
    const { virtualMachine, target, emulator } = stage
    await emulator.close()
    expect(await virtualMachine.power(target, ORDER, LIMITS)).toEqual({
      kind: 'failed',
      detail: `reset of ${VM}: no connection (ECONNREFUSED)`,
    })
  })

  it('has failed when it is forbidden', async () => {
    const { virtualMachine, target, emulator } = stage
    emulator.failNext(status(403, "Required 'compute.instances.reset' permission"))
    expect(await virtualMachine.power(target, ORDER, LIMITS)).toEqual({
      kind: 'failed',
      detail: `reset of ${VM}: HTTP 403: Required 'compute.instances.reset' permission`,
    })
    expect(emulator.requests.get('instances.reset')).toBe(1)
  })

  it.each([
    ['ZONE_RESOURCE_POOL_EXHAUSTED', true],
    ['ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS', true],
    ['QUOTA_EXCEEDED', undefined],
  ])('that ends with %s has failed; a stock-out: %s', async (code, stockOut) => {
    const { virtualMachine, target, emulator, machine } = stage
    machine.setPower('stopped')
    emulator.failNextOperation({ code, message: 'Not now.' }, 'start')
    expect(await virtualMachine.power(target, { ...ORDER, verb: 'start' }, LIMITS)).toEqual({
      kind: 'failed',
      detail: `start of ${VM}: ${code}: Not now.`,
      ...(stockOut && { stockOut }),
    })
    expect(machine.orders).toEqual([])
  })

  it('is not a stock-out when too many requests were made', async () => {
    const { virtualMachine, target, emulator } = stage
    emulator.failNext(status(429, 'RESOURCE_EXHAUSTED: too many requests'))
    expect(await virtualMachine.power(target, ORDER, LIMITS)).toEqual({
      kind: 'failed',
      detail: `reset of ${VM}: HTTP 429: RESOURCE_EXHAUSTED: too many requests`,
    })
  })

  it('is done as soon as it is accepted, when its end does not come in time', async () => {
    const slow = await open({ delays: { endingMs: 60_000 } })
    const result = await slow.virtualMachine.power(slow.target, ORDER, { timeoutMs: 1500 })
    expect(result).toEqual({
      kind: 'done',
      detail: expect.stringMatching(
        /^reset of nightguard \(us-west1-b\): accepted, operation-\S+ is RUNNING$/,
      ),
    })
    expect(slow.machine.orders).toEqual(['reset'])
  })

  it('is accepted also when nobody can say how it goes on', async () => {
    const { virtualMachine, target, emulator } = stage
    emulator.failNext(status(403, 'Required permission'), { method: 'zoneOperations.get' })
    expect(await virtualMachine.power(target, ORDER, LIMITS)).toMatchObject({ kind: 'done' })
  })
})

describe('a trace', () => {
  it('is unavailable, not absent, when the operations can not be read', async () => {
    const { virtualMachine, target, emulator } = stage
    emulator.failNext(status(403, 'Required permission'))
    expect(await virtualMachine.trace(target, REQUEST, LIMITS)).toEqual({
      kind: 'unavailable',
      detail: `looking for the operation of request ${REQUEST} on ${VM}: HTTP 403: Required permission`,
    })
  })

  it('of an order that ended with an error says so', async () => {
    const { virtualMachine, target, emulator } = stage
    emulator.failNextOperation({ code: 'INTERNAL_ERROR', message: 'Sorry.' })
    await virtualMachine.power(target, ORDER, LIMITS)
    expect(await virtualMachine.trace(target, REQUEST, LIMITS)).toEqual({
      kind: 'happened',
      done: true,
      detail: 'reset by night-guard@my-project.iam.gserviceaccount.com is DONE: INTERNAL_ERROR: Sorry.',
    })
  })

  it('refuses a request id that could change the filter', async () => {
    const { virtualMachine, target } = stage
    await expect(virtualMachine.trace(target, '" OR status=DONE', LIMITS)).rejects.toThrow('must be a UUID')
  })
})

function status(code: number, message: string): Failure {
  return { kind: 'status', status: code, message }
}
