/** A person's orders through the API: recover in all its forms, arm, pause, resume; each on real machines. */
import { describe, expect, it } from 'vitest'
import { aTime, lineOf, type Service, type ServiceOptions, startArmed, tickUntil, until } from './harness.ts'
import { lives, onlyIncident } from './outage.ts'

const QUIET = { restarts: 0, reboots: 0, resets: 0, boots: 0 }

async function withDeadUnit(options: ServiceOptions = {}): Promise<Service> {
  const service = await startArmed(options)
  await kill(service)
  return service
}

async function kill(service: Service): Promise<void> {
  await service.world.breakIt('container-exits', { machine: 'bot' })
  await until('systemd gives up', () => service.machine('bot').workload().state().active === 'failed')
}

async function recover(service: Service, body: object) {
  return service.order('bot', 'recover', { reason: 'a test', ...body })
}

async function refusal(service: Service, body: object) {
  const { status, type, body: problem } = await recover(service, body)
  return { status, type, problem: problem.type, detail: problem.detail }
}

function refused(status: number, name: string, detail: unknown) {
  return { status, type: 'application/problem+json', problem: `/problems/${name}`, detail }
}

/** All that is known of the target and of its incidents, but for the time of the last look. */
async function known(service: Service) {
  const { lastTickAt: _at, evidence: _evidence, workloads: _words, ...target } = await service.target('bot')
  return { target, incidents: await service.incidents('bot') }
}

describe('recovering by hand', () => {
  it.each([
    { action: 'auto', rung: 'restart-workload', detail: 'bot.service' },
    { action: 'restart-workload', rung: 'restart-workload', detail: 'bot.service' },
    { action: 'restart-workload', unit: 'bot.service', rung: 'restart-workload', detail: 'bot.service' },
    { action: 'reboot', rung: 'reboot' },
  ])('$action on a dead unit (unit $unit): done, recorded, proved', async ({ rung, detail, ...body }) => {
    const service = await withDeadUnit()
    const before = service.machine('bot').snapshot()
    const { status, body: answer } = await recover(service, body)
    expect({ status, actions: answer.report.actions, verdict: answer.target.verdict }).toEqual({
      status: 200,
      actions: [{ rung, result: 'done', ...(detail === undefined ? {} : { detail }) }],
      verdict: 'healthy',
    })
    const reboots = rung === 'reboot' ? 1 : 0
    expect(lives(service, 'bot')).toEqual({ restarts: 1 - reboots, reboots, resets: 0, boots: reboots })
    expect(service.machine('bot').snapshot().bootId === before.bootId).toBe(rung !== 'reboot')
    const incident = await onlyIncident(service, 'bot')
    expect({ openedBy: incident.openedBy, cause: incident.cause, first: incident.timeline[0] }).toEqual({
      openedBy: 'person',
      cause: 'workload-failed',
      first: { at: aTime, kind: 'opened', text: `you@sandbox.example asks for ${body.action}: a test` },
    })
    expect(incident.actions.map(({ by, status: end }) => ({ by, end }))).toEqual([
      { by: { kind: 'person', who: 'you@sandbox.example', reason: 'a test' }, end: 'proved' },
    ])
  })

  it.each([
    { action: 'auto', rung: 'restart-workload' },
    { action: 'restart-workload', rung: 'restart-workload' },
    { action: 'reboot', rung: 'reboot' },
    { action: 'reset', force: true, rung: 'reset' },
  ])('a dry run of $action says what it would do, and nothing changes', async ({ rung, ...body }) => {
    const service = await withDeadUnit()
    const before = await known(service)
    const { status, body: answer } = await recover(service, { ...body, dryRun: true })
    const detail = `dry run: would ${rung}${rung === 'restart-workload' ? ' bot.service' : ''}`
    expect({ status, actions: answer.report.actions }).toEqual({
      status: 200,
      actions: [{ rung, result: 'skipped', detail }],
    })
    expect(await known(service)).toEqual(before)
    expect(lives(service, 'bot')).toEqual(QUIET)
  })

  it('a healthy target is left alone, unless forced', async () => {
    const service = await startArmed()
    for (const action of ['auto', 'restart-workload', 'reboot', 'reset'])
      expect(await refusal(service, { action })).toEqual(
        refused(423, 'healthy', 'it works: the health endpoint answers as it should'),
      )
    expect(lives(service, 'bot')).toEqual(QUIET)
    const { status, body } = await recover(service, { action: 'restart-workload', force: true })
    expect({ status, actions: body.report.actions }).toEqual({
      status: 200,
      actions: [{ rung: 'restart-workload', result: 'done', detail: 'bot.service' }],
    })
    expect(lives(service, 'bot')).toEqual({ ...QUIET, restarts: 1 })
    expect((await onlyIncident(service, 'bot')).cause).toBe('manual')
  })

  it('a reset is barred while SSH works, unless forced', async () => {
    const service = await withDeadUnit()
    expect(await refusal(service, { action: 'reset' })).toEqual(
      refused(423, 'barred', 'SSH works: reboot is the gentler way; force a reset if you must'),
    )
    expect(lives(service, 'bot')).toEqual(QUIET)
    const { status, body } = await recover(service, { action: 'reset', force: true })
    expect({ status, verdict: body.target.verdict }).toEqual({ status: 200, verdict: 'healthy' })
    expect(lives(service, 'bot')).toEqual({ ...QUIET, resets: 1, boots: 1 })
  })

  it('only a VM that is down is started', async () => {
    const service = await withDeadUnit()
    expect(await refusal(service, { action: 'start' })).toEqual(
      refused(409, 'not-applicable', 'the VM is RUNNING: only one that is down can be started'),
    )
  })

  it.each([
    { action: 'auto', how: 'stopped', rung: 'start', refusals: 1 },
    { action: 'start', how: 'stopped', rung: 'start', refusals: 1 },
    { action: 'start', how: 'suspended', rung: 'resume', refusals: 0 },
  ])('$action brings a VM back that a person has $how', async ({ action, how, rung }) => {
    const service = await startArmed()
    if (how === 'stopped') await service.world.breakIt('vm-stopped-by-person', { machine: 'bot' })
    else await suspend(service)
    const { actions } = lineOf(await service.tick(), 'bot')
    expect(actions).toEqual([])
    const { status, body } = await recover(service, { action })
    expect({ status, actions: body.report.actions }).toEqual({
      status: 200,
      actions: [{ rung, result: 'done', detail: `${rung} of bot (us-west1-b): done` }],
    })
    await tickUntil(service, { target: 'bot', what: 'is well' }, ({ verdict }) => verdict === 'healthy')
  })

  it('what goes over SSH needs SSH', async () => {
    const service = await startArmed()
    await service.world.breakIt('network-path-broken', { machine: 'bot' })
    for (const action of ['restart-workload', 'reboot'])
      expect(await refusal(service, { action })).toEqual(
        refused(409, 'not-applicable', `${action} goes over SSH, which says silent`),
      )
  })
})

async function suspend(service: Service): Promise<void> {
  const port = service.world.endpoints.compute.port
  const path = '/compute/v1/projects/night-guard-sandbox/zones/us-west1-b/instances/bot/suspend'
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST' })
  expect(answer.status).toBe(200)
  await until('it is suspended', () => service.machine('bot').power() === 'suspended')
  await service.machine('bot').settled()
}

describe('a bad order', () => {
  it.each([
    [{ action: 'auto' }, 'reason'],
    [{ action: 'auto', reason: '  ' }, 'reason'],
    [{ action: 'explode', reason: 'why not' }, 'action'],
    [{ reason: 'which?' }, 'action'],
    [{ action: 'auto', reason: 'x', forced: true }, 'forced'],
    [{ action: 'auto', reason: 'x', force: 'yes' }, 'force'],
    [{ action: 'restart-workload', unit: 'other.service', reason: 'x' }, 'unit'],
  ])('%j is a 400 that names %s', async (body, field) => {
    const service = await startArmed()
    const { status, type, body: problem } = await service.order('bot', 'recover', body)
    expect({ status, type, fields: problem.errors?.map((error) => error.field) }).toEqual({
      status: 400,
      type: 'application/problem+json',
      fields: [field],
    })
    expect(lives(service, 'bot')).toEqual(QUIET)
  })

  it.each(['recover', 'arm', 'pause', 'resume'])(
    '%s of a target that is not there is a 404',
    async (verb) => {
      const service = await startArmed()
      const body = {
        reason: 'x',
        ...(verb === 'recover' ? { action: 'auto' } : {}),
        ...(verb === 'pause' ? { minutes: 1 } : {}),
      }
      const { status, body: problem } = await service.order('ghost', verb, body)
      expect({ status, known: problem.known }).toEqual({ status: 404, known: ['bot', 'crawler', 'mailer'] })
    },
  )
})

describe('a pause', () => {
  it('keeps the guard from acting, a person too, until it is ended', async () => {
    const service = await startArmed()
    const paused = await service.order('bot', 'pause', { minutes: 30, reason: 'moving house' })
    expect(paused.body.target.paused).toEqual({
      by: 'you@sandbox.example',
      reason: 'moving house',
      since: aTime,
      until: aTime,
    })
    await kill(service)
    for (const _tick of [1, 2, 3]) {
      const { actions, phase, evidence } = lineOf(await service.tick(), 'bot')
      expect({ actions, phase, asked: Object.keys(evidence) }).toEqual({
        actions: [],
        phase: 'watching',
        asked: ['http'],
      })
    }
    for (const force of [true, false])
      expect(await refusal(service, { action: 'auto', force })).toEqual(
        refused(423, 'paused', 'paused by you@sandbox.example: moving house; resume it first'),
      )
    expect(lives(service, 'bot')).toEqual(QUIET)
    const resumed = await service.order('bot', 'resume', { reason: 'moved' })
    expect({ status: resumed.status, paused: resumed.body.target.paused }).toEqual({ status: 200 })
    expect(lineOf(await service.tick(), 'bot').actions).toEqual([
      { rung: 'restart-workload', result: 'done', detail: 'bot.service' },
    ])
  })

  it('changes nothing of what was seen', async () => {
    const service = await startArmed()
    const before = await service.target('bot')
    const { body } = await service.order('bot', 'pause', { minutes: 1, reason: 'x' })
    expect(body.target).toEqual({ ...before, paused: expect.anything() })
    expect(await service.target('bot')).toEqual(body.target)
  })
})

describe('another instance under the same name', () => {
  it('is not acted on until a person arms it', async () => {
    const service = await startArmed()
    service.world.compute.replaceInstance('bot', { instanceId: '999', internalAddress: '10.138.0.2' })
    await kill(service)
    const first = lineOf(await service.tick(), 'bot')
    expect({ verdict: first.verdict, cause: first.cause, phase: first.phase }).toEqual({
      verdict: 'unhealthy',
      cause: 'vm-replaced',
      phase: 'unarmed',
    })
    await service.tick()
    expect(lives(service, 'bot')).toEqual(QUIET)
    const armed = await service.order('bot', 'arm', { reason: 'I replaced it' })
    expect({ status: armed.status, armed: armed.body.target.armed }).toEqual({ status: 200, armed: true })
    await tickUntil(service, { target: 'bot', what: 'is restarted' }, ({ actions }) => actions.length > 0)
    expect(lives(service, 'bot')).toEqual({ ...QUIET, restarts: 1 })
  })
})

describe('a spent budget', () => {
  const policy = { budgets: { restartWorkload: { max: 1, windowMs: '1h' } }, idleAfterMs: '1h' }
  const spent = 'restart-workload of bot.service was used 1 times in 60 min: the budget is spent'

  async function withOpenBreaker(): Promise<Service> {
    const service = await withDeadUnit({ policy })
    expect(lineOf(await service.tick(), 'bot').actions.map(({ result }) => result)).toEqual(['done'])
    await kill(service)
    return service
  }

  it('opens the breaker and calls a person; watching goes on, acting does not', async () => {
    const service = await withOpenBreaker()
    const { phase, actions } = lineOf(await service.tick(), 'bot')
    expect({ phase, actions }).toEqual({
      phase: 'gave-up',
      actions: [{ rung: 'human', result: 'done', detail: spent }],
    })
    expect(lineOf(await service.tick(), 'bot').actions).toEqual([])
    expect((await service.target('bot')).breaker).toEqual({
      kind: 'open',
      since: aTime,
      rung: 'restart-workload',
      reason: spent,
    })
    expect(await refusal(service, { action: 'auto' })).toEqual(refused(423, 'breaker-open', spent))
    expect(lives(service, 'bot')).toEqual({ ...QUIET, restarts: 1 })
  })

  it('a forced recovery goes through an open breaker, and counts', async () => {
    const service = await withOpenBreaker()
    await service.tick()
    const { status, body } = await recover(service, { action: 'restart-workload', force: true })
    expect({ status, verdict: body.target.verdict, breaker: body.target.breaker.kind }).toEqual({
      status: 200,
      verdict: 'healthy',
      breaker: 'open',
    })
    expect(body.target.budgets[0]).toEqual({
      rung: 'restart-workload',
      unit: 'bot.service',
      used: 2,
      max: 1,
      windowMs: 3_600_000,
    })
  })

  it('a breaker closes only when asked for by name; the budget is not refilled', async () => {
    const service = await withOpenBreaker()
    await service.tick()
    const resumed = await service.order('bot', 'resume', { reason: 'go on' })
    expect(resumed.body.target.breaker.kind).toBe('open')
    const closed = await service.order('bot', 'resume', { reason: 'found it', closeBreaker: true })
    expect(closed.body.target.breaker).toEqual({ kind: 'closed' })
    const { timeline } = await onlyIncident(service, 'bot')
    expect(timeline.filter(({ kind }) => kind === 'person').map(({ text }) => text)).toEqual([
      'resumed by you@sandbox.example: go on',
      'resumed, breaker closed by you@sandbox.example: found it',
    ])
    const again = lineOf(await service.tick(), 'bot')
    expect(again.actions).toEqual([{ rung: 'human', result: 'done', detail: spent }])
    expect(lives(service, 'bot').restarts).toBe(1)
  })
})
