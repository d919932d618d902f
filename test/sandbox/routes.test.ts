/** The sandbox's own routes: breaking things and adding secrets' versions, with errors that say what is known. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { FAULTS } from '../../sandbox/machines/faults.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'

async function start() {
  const told: string[] = []
  const sandbox = await startSandbox({ port: 0, scheduler: 'off', tell: (line) => told.push(line) })
  onTestFinished(() => sandbox.close())
  const ask = async (path: string, body?: unknown) => {
    const answer = await fetch(`${sandbox.url}${path}`, {
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: typeof body === 'string' ? body : JSON.stringify(body),
          }),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  return { sandbox, told, ask }
}

describe('/sandbox/faults', () => {
  it('lists what can be broken', async () => {
    const { ask } = await start()
    expect(await ask('/sandbox/faults')).toEqual({
      status: 200,
      body: { targets: ['bot', 'crawler', 'mailer'], faults: FAULTS },
    })
  })

  it('breaks one unit of a machine, and says what to expect', async () => {
    const { ask, sandbox, told } = await start()
    const answer = await ask('/sandbox/faults', {
      target: 'crawler',
      fault: 'container-stopped-by-person',
      unit: 'api.service',
    })
    expect(answer).toEqual({
      status: 200,
      body: {
        target: 'crawler',
        fault: 'container-stopped-by-person',
        says: 'A person stops the unit with systemctl.',
        expected: 'degraded stopped-by-person: an alert, no action',
      },
    })
    const { workloads } = sandbox.world.machines[1]?.snapshot() ?? { workloads: [] }
    expect(workloads.map(({ active }) => active)).toEqual(['active', 'inactive'])
    expect(told).toContain('you break crawler: container-stopped-by-person')
  })

  it.each([
    [{ target: 'ghost', fault: 'vm-freezes' }, 404, 'no machine ghost; known: bot, crawler, mailer'],
    [
      { target: 'bot', fault: 'container-exits', unit: 'x.service' },
      404,
      'bot has no unit x.service; known: bot.service',
    ],
    [{ target: 'bot', fault: 'meteor' }, 400, 'Not right: fault'],
    [{ target: 'bot', fault: 'vm-freezes', when: 'now' }, 400, 'Not right: when'],
    ['{', 400, 'Not right: body'],
  ])('%j: %i', async (body, status, detail) => {
    const { ask, sandbox } = await start()
    const answer = await ask('/sandbox/faults', body)
    expect({ status: answer.status, detail: answer.body['detail'] }).toEqual({ status, detail })
    expect(sandbox.world.machines.map((machine) => machine.still())).toEqual(['no', 'no', 'no'])
  })
})

describe('/sandbox/secrets/{name}', () => {
  it('adds a version; the answer has no value', async () => {
    const { ask, told } = await start()
    const answer = await ask('/sandbox/secrets/smtp-password', { value: 'a-new-value' })
    expect(answer).toEqual({ status: 200, body: { secret: 'smtp-password', version: '2' } })
    expect(told.join('\n')).not.toContain('a-new-value')
    expect(told).toContain('you add version 2 of smtp-password')
  })

  it.each([
    ['nightguard-ssh-key', { value: 'x' }, 404],
    ['__proto__', { value: 'x' }, 404],
    ['toString', { value: 'x' }, 404],
    ['smtp-password', { value: '' }, 400],
    ['smtp-password', {}, 400],
    ['smtp-password', { value: 'x', more: 1 }, 400],
  ])('%s with %j: %i', async (name, body, status) => {
    const { ask, sandbox } = await start()
    expect((await ask(`/sandbox/secrets/${name}`, body)).status).toBe(status)
    expect(sandbox.world.secretManager.accesses()).toBe(0)
  })
})
