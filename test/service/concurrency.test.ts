/** Many runs at once on one broken target: exactly one acts, the others say why they did not. */
import { describe, expect, it } from 'vitest'
import type { Ports } from '../../src/app/ports.ts'
import type { TargetReport } from '../../src/core/report.ts'
import {
  lineOf,
  type Service,
  type ServiceOptions,
  startArmed,
  startService,
  tickUntil,
  until,
} from './harness.ts'
import { lives, onlyIncident } from './outage.ts'

const AT_WORK = expect.stringMatching(
  /^another run \((recovery|manual)\) is at work on it until \d{4}-.*Z at the latest$/,
)
/** By the race that was lost: the other's lease was seen, or its write came first. */
const STOOD_ASIDE = expect.stringMatching(/^another run /)
const RESTARTED = { rung: 'restart-workload', result: 'done', detail: 'bot.service' }
const PERSON = { action: 'restart-workload', reason: 'it looks dead' }

/** A `bot` whose only unit systemd has given up. */
async function withDeadUnit(options: ServiceOptions = {}): Promise<Service> {
  const service = await startArmed(options)
  await kill(service)
  return service
}

async function kill(service: Service): Promise<void> {
  await service.world.breakIt('container-exits', { machine: 'bot' })
  await until('systemd gives up', () => unitState(service) === 'failed')
}

function unitState(service: Service): string {
  return service.machine('bot').workload().state().active
}

async function untilRestarting(service: Service): Promise<void> {
  await until('the unit is being restarted', () => unitState(service) === 'deactivating')
}

function told({ actions, trouble }: TargetReport) {
  return { actions, trouble }
}

async function expectOneRestart(service: Service): Promise<void> {
  expect(lives(service, 'bot')).toEqual({ restarts: 1, reboots: 0, resets: 0, boots: 0 })
  const { actions } = await onlyIncident(service, 'bot')
  expect(actions.map(({ status, attempt }) => ({ status, attempt }))).toEqual([
    { status: 'proved', attempt: 1 },
  ])
}

describe('two ticks at the same time', () => {
  it('one restarts, the other says that it stood aside', async () => {
    const service = await withDeadUnit()
    const reports = await Promise.all([service.tick(), service.tick()])
    const lines = reports.map((report) => told(lineOf(report, 'bot')))
    expect(lines).toContainEqual({ actions: [RESTARTED], trouble: undefined })
    expect(lines).toContainEqual({ actions: [], trouble: STOOD_ASIDE })
    await expectOneRestart(service)
  })

  it('the one that stood aside names no incident that is not there, and no phase that is not so', async () => {
    const service = await withDeadUnit()
    const reports = await Promise.all([service.tick(), service.tick(), service.tick()])
    const known = (await service.incidents('bot')).map(({ id }) => id)
    const ids = reports.flatMap((report) => lineOf(report, 'bot').incidentId ?? [])
    expect([...new Set(ids)]).toEqual(known)
    const { verdict, phase } = await service.target('bot')
    expect({ verdict, phase }).toEqual({ verdict: 'healthy', phase: 'probation' })
    await expectOneRestart(service)
  })

  it('of two services on one store: one restarts', async () => {
    const one = await startArmed()
    const other = await startService({ world: one.world, storePath: one.storePath })
    await other.tick()
    await kill(one)
    const reports = await Promise.all([one.tick(), other.tick()])
    const lines = reports.map((report) => told(lineOf(report, 'bot')))
    expect(lines).toContainEqual({ actions: [RESTARTED], trouble: undefined })
    expect(lines).toContainEqual({ actions: [], trouble: STOOD_ASIDE })
    await expectOneRestart(one)
    await one.tick()
    await other.tick()
    const [seenByOne, seenByOther] = await Promise.all([one.target('bot'), other.target('bot')])
    // What each process saw itself, and has not written down, is its own.
    const own = { lastTickAt: '', evidence: {}, workloads: [], days: [], uptime: {}, outlook: undefined }
    expect({ ...seenByOther, ...own }).toEqual({ ...seenByOne, ...own })
  })
})

describe('a person who pauses between the wish and its issue', () => {
  it('is heard: nothing is issued, and after the resume the target is acted on at once', async () => {
    let service: Service | undefined
    let pauses = false
    const wrap = (ports: Ports): Ports => ({
      ...ports,
      store: {
        ...ports.store,
        async commit(commit) {
          const committed = await ports.store.commit(commit)
          if (pauses && commit.state.action?.status === 'intended') {
            pauses = false
            await service?.order('bot', 'pause', { minutes: 5, reason: 'deploying' })
          }
          return committed
        },
      },
    })
    service = await withDeadUnit({ wrap })
    pauses = true
    const line = lineOf(await service.tick(), 'bot')
    expect(line.actions).toEqual([
      {
        rung: 'restart-workload',
        result: 'skipped',
        detail: 'a person has paused it meanwhile: you@sandbox.example',
      },
    ])
    expect(lives(service, 'bot').restarts).toBe(0)
    await service.order('bot', 'resume', { reason: 'deployed' })
    await service.tick()
    expect(lives(service, 'bot').restarts).toBe(1)
  })
})

describe('a recovery by hand that loses its first write to a tick', () => {
  it('looks and decides anew, and is carried out once', async () => {
    let loses = false
    const wrap = (ports: Ports): Ports => ({
      ...ports,
      store: {
        ...ports.store,
        async commit(commit) {
          if (!loses || commit.state.action?.status !== 'intended') return ports.store.commit(commit)
          loses = false
          return { kind: 'conflict' }
        },
      },
    })
    const service = await withDeadUnit({ wrap })
    loses = true
    const { status, body } = await service.order('bot', 'recover', PERSON)
    expect([status, body.report.actions, loses]).toEqual([200, [RESTARTED], false])
    await expectOneRestart(service)
  })
})

describe('while a tick is restarting the unit', () => {
  const slow = { timing: { restartMs: 800 } }

  it.each([
    ['a tick', (service: Service) => service.tick()],
    ['a sync', (service: Service) => service.sync()],
  ])('%s looks, does nothing and says whose lease it is', async (_name, run) => {
    const service = await withDeadUnit(slow)
    const acting = service.tick()
    await untilRestarting(service)
    const { actions, trouble, evidence, phase } = lineOf(await run(service), 'bot')
    expect({ actions, trouble, asked: Object.keys(evidence), phase }).toEqual({
      actions: [],
      trouble: AT_WORK,
      asked: ['http'],
      phase: 'recovering',
    })
    expect(told(lineOf(await acting, 'bot'))).toEqual({ actions: [RESTARTED], trouble: undefined })
    await expectOneRestart(service)
  })

  it.each([{}, { force: true }, { dryRun: true }])('a person who recovers with %j gets 409', async (more) => {
    const service = await withDeadUnit(slow)
    const acting = service.tick()
    await untilRestarting(service)
    const { status, type, body } = await service.order('bot', 'recover', { ...PERSON, ...more })
    expect({ status, type, problem: body.type, title: body.title, detail: body.detail }).toEqual({
      status: 409,
      type: 'application/problem+json',
      problem: '/problems/in-flight',
      title: 'An action is in flight',
      detail: AT_WORK,
    })
    await acting
    await expectOneRestart(service)
  })

  it('a person who pauses the target is heard, and the end of the restart is noted all the same', async () => {
    const service = await withDeadUnit(slow)
    const acting = service.tick()
    await untilRestarting(service)
    const paused = await service.order('bot', 'pause', { minutes: 5, reason: 'let me look' })
    expect({ status: paused.status, by: paused.body.target.paused?.by }).toEqual({
      status: 200,
      by: 'you@sandbox.example',
    })
    const { verdict, phase, actions, trouble } = lineOf(await acting, 'bot')
    expect({ verdict, phase, actions, trouble }).toEqual({
      verdict: 'healthy',
      phase: 'probation',
      actions: [RESTARTED],
      trouble: undefined,
    })
    await expectOneRestart(service)
    const { timeline } = await onlyIncident(service, 'bot')
    expect(timeline.map(({ kind }) => kind)).toEqual(['opened', 'action', 'person', 'action', 'verified'])
    expect((await service.target('bot')).paused?.reason).toBe('let me look')
  })
})

describe('a tick and a person at the same time', () => {
  it('one acts, the other says why not', async () => {
    const service = await withDeadUnit()
    const [report, answer] = await Promise.all([service.tick(), service.order('bot', 'recover', PERSON)])
    const byTick = told(lineOf(report, 'bot'))
    if (answer.status === 200) {
      expect(byTick).toEqual({ actions: [], trouble: STOOD_ASIDE })
      expect(answer.body.report.actions).toEqual([RESTARTED])
    } else {
      expect({ status: answer.status, detail: answer.body.detail }).toEqual({
        status: 409,
        detail: STOOD_ASIDE,
      })
      expect(byTick).toEqual({ actions: [RESTARTED], trouble: undefined })
    }
    await expectOneRestart(service)
  })

  it('two persons: one gets 200, the other 409', async () => {
    const service = await withDeadUnit()
    const recover = () => service.order('bot', 'recover', { action: 'auto', reason: 'it looks dead' })
    const answers = await Promise.all([recover(), recover()])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    await expectOneRestart(service)
  })

  it('while an action is being verified, a person gets 409 until its end is known', async () => {
    const service = await startArmed()
    await service.world.breakIt('container-exits', { machine: 'crawler' })
    // Its container has a health check: right after the restart it is only starting.
    await tickUntil(service, { target: 'crawler', what: 'was acted on' }, ({ actions }) => actions.length > 0)
    const { status, body } = await service.order('crawler', 'recover', {
      action: 'restart-workload',
      reason: 'it takes so long',
    })
    expect({ status, detail: body.detail }).toEqual({
      status: 409,
      detail: expect.stringMatching(/^restart-workload was issued \d{4}-.*Z and is still being verified$/),
    })
    expect(lives(service, 'crawler').restarts).toBe(1)
    await tickUntil(service, { target: 'crawler', what: 'is well' }, ({ verdict }) => verdict === 'healthy')
  })
})
