/** From a fault to a proved recovery, or to the right refusal: each tick's report, the incident, and the machine's truth. */
import { describe, expect, it } from 'vitest'
import type { FaultName } from '../../sandbox/machines/faults.ts'
import type { Incident } from '../../src/core/incident.ts'
import type { TargetReport } from '../../src/core/report.ts'
import type { Told } from '../../src/core/told.ts'
import {
  aDuration,
  aTime,
  healthyLine,
  lineOf,
  type Service,
  startArmed,
  tickUntil,
  until,
} from './harness.ts'

const anId = (target: string) => expect.stringMatching(new RegExp(`^${target}-[a-z0-9]+$`))
const aHeartbeat = { kind: 'seen', detail: aTime }
const canary = { kind: '1 of 1' }
const noAnswerInside = {
  kind: 'fails',
  detail: 'curl: exit code 28: curl: (28) Operation timed out after 1000 milliseconds with 0 bytes received',
}
const refusedInside = {
  kind: 'fails',
  detail: expect.stringMatching(/^curl: exit code 7: curl: \(7\) Failed to connect/),
}

async function broken(fault: FaultName, machine: string, policy = {}): Promise<Service> {
  const service = await startArmed({ policy })
  await service.world.breakIt(fault, { machine })
  return service
}

/** The tick that acts on `target`, as a whole report. */
async function actingTick(service: Service, target: string) {
  let report = await service.tick()
  await until(`${target} is acted on`, async () => {
    if (lineOf(report, target).actions.length > 0) return true
    report = await service.tick()
    return false
  })
  return report
}

function wholeReport(line: TargetReport) {
  const targets = ['bot', 'crawler', 'mailer'].map((id) => (id === line.id ? line : healthyLine(id)))
  return { at: aTime, durationMs: expect.any(Number), targets }
}

async function onlyIncident(service: Service, target: string): Promise<Told<Incident>> {
  const incidents = await service.incidents(target)
  expect(incidents).toHaveLength(1)
  const [incident] = incidents
  if (incident === undefined) throw new Error('There is no incident')
  return incident
}

/** What the machine itself lived through, by what it told. */
function lives({ story }: Service, machine: string) {
  const count = (text: string) => story.filter((line) => line.startsWith(`vm ${machine}: ${text}`)).length
  return {
    restarts: count('systemctl restart'),
    reboots: count('reboots by systemctl'),
    resets: count('is reset'),
    boots: count('kernel boots'),
  }
}

describe('a container that died for good', () => {
  it('is restarted in the tick that finds it so, and proved by a newer invocation', async () => {
    const service = await broken('container-exits', 'bot')
    const before = service.machine('bot').snapshot()
    const report = await actingTick(service, 'bot')
    expect(report).toEqual(
      wholeReport({
        id: 'bot',
        verdict: 'healthy',
        reason: 'the health endpoint answers as it should',
        phase: 'probation',
        evidence: {
          http: { kind: 'ok', detail: aDuration },
          ssh: { kind: 'ok' },
          inside: refusedInside,
          workloads: { kind: 'ok', detail: 'bot.service active (running)' },
          vm: { kind: 'RUNNING' },
          heartbeat: aHeartbeat,
          canary,
        },
        actions: [{ rung: 'restart-workload', result: 'done', detail: 'bot.service' }],
        incidentId: anId('bot'),
      }),
    )
    const after = service.machine('bot').snapshot()
    expect(after.bootId).toBe(before.bootId)
    expect(lives(service, 'bot')).toEqual({ restarts: 1, reboots: 0, resets: 0, boots: 0 })
  })

  it('has one incident, with its words in order and the action proved', async () => {
    const service = await broken('container-exits', 'bot', { graceMs: 8_000 })
    await actingTick(service, 'bot')
    const incident = await onlyIncident(service, 'bot')
    const id = incident.id
    expect(incident).toEqual({
      schema: 1,
      id: anId('bot'),
      target: 'bot',
      openedAt: aTime,
      openedBy: 'guard',
      cause: 'workload-failed',
      state: 'probation',
      timeline: [
        { at: aTime, kind: 'opened', text: 'workload-failed: bot.service is failed (start-limit-hit)' },
        { at: aTime, kind: 'action', text: 'restart-workload of bot.service issued' },
        { at: aTime, kind: 'action', text: 'restart-workload of bot.service: done' },
        {
          at: aTime,
          kind: 'verified',
          text: expect.stringMatching(
            /^well again \d+ s after the restart-workload of bot\.service, proved$/,
          ),
        },
      ],
      timelineDropped: 0,
      actions: [
        {
          id: `${id}.restart-workload.bot.service.1`,
          incidentId: id,
          rung: 'restart-workload',
          unit: 'bot.service',
          attempt: 1,
          cause: 'workload-failed',
          purpose: 'recovery',
          by: { kind: 'guard' },
          force: false,
          status: 'proved',
          intendedAt: aTime,
          issuedAt: aTime,
          endedAt: aTime,
          result: { kind: 'done' },
          baseline: {
            bootId: service.machine('bot').snapshot().bootId,
            invocationId: expect.stringMatching(/^[0-9a-f]{32}$/),
            serialNext: expect.any(Number),
          },
          fence: expect.any(Number),
        },
      ],
    })
  })

  it('is closed once its probation has lasted, and nothing more is done', async () => {
    const service = await broken('container-exits', 'bot', {})
    await actingTick(service, 'bot')
    await tickUntil(
      service,
      { target: 'bot', what: 'ends its probation' },
      ({ phase }) => phase === 'watching',
    )
    const incident = await onlyIncident(service, 'bot')
    expect(incident.state).toBe('closed')
    expect(incident.timeline.at(-1)).toEqual({
      at: aTime,
      kind: 'closed',
      text: 'closed: well since its probation began; 0 min in all',
    })
    expect(lineOf(await service.tick(), 'bot')).toEqual(healthyLine('bot'))
    expect(lives(service, 'bot').restarts).toBe(1)
  })
})

describe('one of two workloads', () => {
  it('is restarted alone: the other one runs on untouched', async () => {
    const service = await startArmed()
    const machine = service.machine('crawler')
    const before = machine.snapshot()
    await service.world.breakIt('container-exits', { machine: 'crawler' })
    await actingTick(service, 'crawler')
    const proved = await tickUntil(
      service,
      { target: 'crawler', what: 'is well again' },
      ({ verdict }) => verdict === 'healthy',
    )
    expect(proved).toEqual({
      ...healthyLine('crawler'),
      phase: 'probation',
      evidence: {
        http: { kind: 'ok', detail: aDuration },
        ssh: { kind: 'ok' },
        workloads: {
          kind: 'ok',
          detail: 'crawler.service active (running, healthy); api.service active (running)',
        },
      },
      incidentId: anId('crawler'),
    })
    const after = machine.snapshot()
    const [crawlerBefore, apiBefore] = before.workloads
    const [crawler, api] = after.workloads
    expect(api).toEqual(apiBefore)
    expect(crawler?.containerId).not.toBe(crawlerBefore?.containerId)
    expect(after.bootId).toBe(before.bootId)
    expect(lives(service, 'crawler')).toEqual({ restarts: 1, reboots: 0, resets: 0, boots: 0 })
    const { actions } = await onlyIncident(service, 'crawler')
    expect(actions.map(({ unit, status }) => ({ unit, status }))).toEqual([
      { unit: 'crawler.service', status: 'proved' },
    ])
  })
})

describe('a container that hangs', () => {
  it('is restarted in the first tick, because the URL fails from inside as well', async () => {
    const service = await startArmed()
    const before = service.machine('bot').snapshot().workloads[0]
    await service.world.breakIt('container-hangs', { machine: 'bot' })
    const report = await service.tick()
    expect(report).toEqual(
      wholeReport({
        ...healthyLine('bot'),
        phase: 'probation',
        evidence: {
          http: { kind: 'ok', detail: aDuration },
          ssh: { kind: 'ok' },
          inside: noAnswerInside,
          workloads: { kind: 'ok', detail: 'bot.service active (running)' },
          vm: { kind: 'RUNNING' },
          heartbeat: aHeartbeat,
          canary,
        },
        actions: [{ rung: 'restart-workload', result: 'done', detail: 'bot.service' }],
        incidentId: anId('bot'),
      }),
    )
    expect(service.machine('bot').snapshot().workloads[0]?.containerId).not.toBe(before?.containerId)
    const { cause, actions } = await onlyIncident(service, 'bot')
    expect({ cause, statuses: actions.map(({ status }) => status) }).toEqual({
      cause: 'workload-hung',
      statuses: ['proved'],
    })
    expect(lives(service, 'bot')).toEqual({ restarts: 1, reboots: 0, resets: 0, boots: 0 })
  })
})

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
      tick: { everyMs: '2s', deadlineMs: '5s' },
    })
    service.world.compute.requests.size
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

describe('a Podman that hangs', () => {
  it('is suspected, then rebooted over SSH: gracefully, and once', async () => {
    const service = await startArmed()
    const before = service.machine('bot').snapshot()
    await service.world.breakIt('podman-wedged', { machine: 'bot' })
    const first = lineOf(await service.tick(), 'bot')
    expect(first).toEqual({
      id: 'bot',
      verdict: 'unhealthy',
      cause: 'podman-wedged',
      reason: expect.stringMatching(/podman hangs: exit code 124$/i),
      phase: 'suspect',
      evidence: {
        http: { kind: 'silent', detail: aDuration },
        ssh: { kind: 'ok' },
        inside: noAnswerInside,
        workloads: { kind: 'wedged', detail: 'podman hangs: exit code 124' },
        vm: { kind: 'RUNNING' },
        heartbeat: aHeartbeat,
        canary,
      },
      actions: [],
    })
    const second = lineOf(await service.tick(), 'bot')
    expect({ verdict: second.verdict, actions: second.actions }).toEqual({
      verdict: 'healthy',
      actions: [{ rung: 'reboot', result: 'done' }],
    })
    expect(service.machine('bot').snapshot().bootId).not.toBe(before.bootId)
    expect(lives(service, 'bot')).toEqual({ restarts: 0, reboots: 1, resets: 0, boots: 1 })
    const { actions } = await onlyIncident(service, 'bot')
    expect(actions.map(({ rung, status }) => ({ rung, status }))).toEqual([
      { rung: 'reboot', status: 'proved' },
    ])
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
    const expected = {
      id: 'bot',
      verdict: 'degraded',
      cause: row.cause,
      reason: row.reason,
      phase: 'watching',
      evidence: row.evidence,
      actions: [],
    }
    for (const _tick of [1, 2, 3]) expect(lineOf(await service.tick(), 'bot')).toMatchObject(expected)
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
