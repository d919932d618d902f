/** A workload that fails is restarted, alone, and proved: the tick's report, the incident, and the machine's truth. */
import { describe, expect, it } from 'vitest'
import { aDuration, aTime, healthyLine, lineOf, startArmed, tickUntil } from './harness.ts'
import {
  actingTick,
  aHeartbeat,
  anId,
  broken,
  canary,
  lives,
  noAnswerInside,
  onlyIncident,
  refusedInside,
  wholeReport,
} from './outage.ts'

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
    const service = await broken('container-exits', 'bot')
    await actingTick(service, 'bot')
    const incident = await onlyIncident(service, 'bot')
    const id = incident.id
    expect(incident).toEqual({
      schema: 2,
      id: anId('bot'),
      target: 'bot',
      beganAt: aTime,
      openedAt: aTime,
      recoveredAt: aTime,
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
      fixedBy: {
        kind: 'action',
        actionId: `${id}.restart-workload.bot.service.1`,
        rung: 'restart-workload',
        unit: 'bot.service',
        by: 'guard',
        proved: true,
      },
      relapses: 0,
      blackBoxes: [],
      would: [],
      notices: 3,
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
    const service = await broken('container-exits', 'bot', { probationMs: '1s' })
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
