/** A VM that is dead or gone is reset or started; one that lives behind a broken path, or rests by a person's will, is not. */
import { describe, expect, it } from 'vitest'
import { aDuration, aTime, healthyLine, lineOf, startArmed, tickUntil } from './harness.ts'
import {
  actingTick,
  aHeartbeat,
  anId,
  broken,
  canary,
  lives,
  onlyIncident,
  refusedInside,
  wholeReport,
} from './outage.ts'

describe('a VM that stands still', () => {
  it('is suspected in one tick, and reset in the next: once, with a new boot id as the proof', async () => {
    const service = await startArmed()
    const before = service.machine('bot').snapshot()
    await service.world.breakIt('vm-freezes', { machine: 'bot' })
    const gone = {
      http: { kind: 'silent', detail: aDuration },
      ssh: { kind: 'silent', detail: 'no connection within 800 ms' },
      vm: { kind: 'RUNNING' },
      heartbeat: aHeartbeat,
      canary,
    }
    expect(await service.tick()).toEqual(
      wholeReport({
        id: 'bot',
        verdict: 'unhealthy',
        cause: 'vm-frozen',
        reason: 'the VM runs, but HTTP, SSH and heartbeat are all gone',
        phase: 'suspect',
        evidence: gone,
        actions: [],
      }),
    )
    expect(await service.tick()).toEqual(
      wholeReport({
        ...healthyLine('bot'),
        phase: 'probation',
        evidence: {
          ...gone,
          http: { kind: 'ok', detail: aDuration },
          ssh: { kind: 'ok' },
          workloads: { kind: 'ok', detail: 'bot.service active (running)' },
        },
        actions: [{ rung: 'reset', result: 'done', detail: 'reset of bot (us-west1-b): done' }],
        incidentId: anId('bot'),
      }),
    )
    const after = service.machine('bot').snapshot()
    expect(after.bootId).not.toBe(before.bootId)
    expect(lives(service, 'bot')).toEqual({ restarts: 0, reboots: 0, resets: 1, boots: 1 })
    expect(service.world.compute.requests.get('instances.reset')).toBe(1)
    const incident = await onlyIncident(service, 'bot')
    expect(incident.actions[0]).toEqual({
      id: `${incident.id}.reset.1`,
      incidentId: incident.id,
      rung: 'reset',
      attempt: 1,
      cause: 'vm-frozen',
      purpose: 'recovery',
      by: { kind: 'guard' },
      force: false,
      status: 'proved',
      intendedAt: aTime,
      issuedAt: aTime,
      endedAt: aTime,
      result: { kind: 'done', detail: 'reset of bot (us-west1-b): done' },
      baseline: { bootId: before.bootId, serialNext: expect.any(Number) },
      fence: expect.any(Number),
    })
  })

  it('that does not come up again is reset no second time: a person is called', async () => {
    const service = await broken('boot-fails', 'bot', {
      budgets: { destructive: [{ max: 1, windowMs: '1h' }] },
      tick: { deadlineMs: 4_500 },
      ssh: { lookMs: '1s', commandMs: '1s', orderMs: '1s' },
      compute: { callMs: '1s' },
      graceMs: '1s',
    })
    const line = await tickUntil(
      service,
      { target: 'bot', what: 'is given up' },
      ({ phase }) => phase === 'gave-up',
    )
    expect(line.actions).toEqual([
      {
        rung: 'human',
        result: 'done',
        detail: 'reset was used 1 times in 60 min: the budget is spent',
      },
    ])
    expect(service.world.compute.requests.get('instances.reset')).toBe(1)
    const { state, timeline } = await onlyIncident(service, 'bot')
    expect({ state, last: timeline.at(-1)?.kind }).toEqual({ state: 'gave-up', last: 'call' })
    expect((await service.target('bot')).breaker).toEqual({
      kind: 'open',
      since: aTime,
      rung: 'reset',
      reason: 'reset was used 1 times in 60 min: the budget is spent',
    })
  })
})

describe('a VM that the platform took away', () => {
  it('is started in the tick that sees it', async () => {
    const service = await startArmed()
    const before = service.machine('mailer').snapshot()
    await service.world.breakIt('vm-preempted', { machine: 'mailer' })
    const line = lineOf(await actingTick(service, 'mailer'), 'mailer')
    expect(line.actions).toEqual([
      { rung: 'start', result: 'done', detail: 'start of mailer (us-west1-b): done' },
    ])
    expect(line.evidence['vm']).toEqual({
      kind: 'TERMINATED',
      detail: 'compute.instances.preempted by system',
    })
    await tickUntil(service, { target: 'mailer', what: 'is well' }, ({ verdict }) => verdict === 'healthy')
    expect(service.machine('mailer').snapshot().bootId).not.toBe(before.bootId)
    const incident = await onlyIncident(service, 'mailer')
    expect(incident.cause).toBe('vm-down')
    expect(incident.timeline[0]).toEqual({
      at: aTime,
      kind: 'opened',
      text: 'vm-down: the VM is TERMINATED: compute.instances.preempted by system',
    })
    expect(incident.actions.map(({ rung, status }) => ({ rung, status }))).toEqual([
      { rung: 'start', status: 'proved' },
    ])
    expect(service.world.compute.requests.get('instances.start')).toBe(1)
  })
})

describe('what must be left alone', () => {
  const refusals = [
    {
      fault: 'network-path-broken',
      cause: 'path-broken',
      reason: 'neither HTTP nor SSH answers, but the heartbeat is fresh: the VM lives behind a broken path',
      evidence: {
        http: { kind: 'silent', detail: aDuration },
        ssh: { kind: 'silent', detail: 'no connection within 800 ms' },
        vm: { kind: 'RUNNING' },
        heartbeat: aHeartbeat,
        canary,
      },
    },
    {
      fault: 'container-stopped-by-person',
      cause: 'stopped-by-person',
      reason: 'bot.service was stopped, not failed',
      evidence: {
        http: { kind: 'refused', detail: aDuration },
        ssh: { kind: 'ok' },
        inside: refusedInside,
        workloads: { kind: 'ok', detail: 'bot.service inactive (dead)' },
        vm: { kind: 'RUNNING' },
        heartbeat: aHeartbeat,
        canary,
      },
    },
    {
      fault: 'vm-stopped-by-person',
      cause: 'stopped-by-person',
      reason: 'the VM is TERMINATED: stop by alice@example.com',
      evidence: {
        http: { kind: 'silent', detail: aDuration },
        ssh: { kind: 'silent', detail: 'no connection within 800 ms' },
        vm: { kind: 'TERMINATED', detail: 'stop by alice@example.com' },
        heartbeat: aHeartbeat,
        canary,
      },
    },
  ] as const

  it.each(refusals)('$fault: degraded, no action, however often it is looked at', async (row) => {
    const service = await broken(row.fault, 'bot', { heartbeat: { freshMs: '5s' } })
    const before = service.machine('bot').snapshot()
    const said = {
      id: 'bot',
      verdict: 'degraded',
      cause: row.cause,
      reason: row.reason,
      phase: 'watching',
      actions: [],
    }
    expect(lineOf(await service.tick(), 'bot')).toEqual({ ...said, evidence: row.evidence })
    for (const _tick of [1, 2, 3]) {
      const { evidence: _evidence, ...again } = lineOf(await service.tick(), 'bot')
      expect(again).toEqual(said)
    }
    const after = service.machine('bot').snapshot()
    expect({ bootId: after.bootId, power: after.power, workloads: after.workloads }).toEqual({
      bootId: before.bootId,
      power: before.power,
      workloads: before.workloads,
    })
    expect(await service.incidents('bot')).toEqual([])
    expect(service.world.compute.requests.get('instances.reset')).toBeUndefined()
    expect(service.world.compute.requests.get('instances.start')).toBeUndefined()
  })
})
