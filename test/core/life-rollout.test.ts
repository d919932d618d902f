/** Lives of secrets: a new version is put, and each unit that uses it is restarted once. */
import { describe, expect, it } from 'vitest'
import type { SecretVersionEvidence } from '../../src/core/evidence.ts'
import { newState } from '../../src/core/state-new.ts'
import type { Target } from '../../src/core/target.ts'
import { armed, failedUnit, HOUR, MINUTE, NOW, target, unit } from './build.ts'
import { createLife, tell } from './life.ts'
import type { World } from './world.ts'
import { DONE } from './world.ts'

const version = (number: string, secret = 'token'): SecretVersionEvidence => ({
  kind: 'version',
  secret,
  wanted: 'latest',
  version: number,
})
const applied = [{ name: 'bot_token', secret: 'token', version: '1', at: NOW - HOUR }]
const sync = { kind: 'sync', dryRun: false } as const

const use = (secret: string, as: string) => ({ secret, version: 'latest', as, type: 'mount' as const })
const pair: Target = {
  ...target,
  health: { url: target.health.url, expect: { status: 200 } },
  workloads: [
    {
      unit: 'bot.service',
      container: 'systemd-bot',
      secrets: [use('token', 'bot_token'), use('key', 'key')],
    },
    { unit: 'api.service', container: 'systemd-api', secrets: [use('key', 'key')] },
  ],
}

function living(options: Parameters<typeof createLife>[0] = {}) {
  const life = createLife({ state: armed({ applied }), ...options })
  const done: string[] = []
  life.world.onPut = (name) => {
    done.push(`put ${name}`)
    return DONE
  }
  life.world.onAction = ({ rung, unit: which }, world) => {
    done.push(`${rung} ${which}`)
    world.units = world.units.map((row) =>
      row.unit === which ? { ...row, invocationId: `new-${life.now}` } : row,
    )
    return DONE
  }
  return { life, done }
}

describe('a workload that fails because its secret was removed on the VM', () => {
  const removed = {
    http: 'refused' as const,
    units: [failedUnit],
    present: [],
    versions: [version('1')],
  }

  it('gets it put again and is restarted, in the same tick, before any rung is climbed', () => {
    const { life, done } = living({ world: removed })
    const restart = life.world.onAction
    life.world.onAction = (action, world) => {
      world.http = 'ok'
      world.units = [unit()]
      return restart(action, world)
    }
    const run = life.tick()
    expect(done).toEqual(['put bot_token', 'restart-workload bot.service'])
    expect(tell(run)).toBe(
      'healthy · probation · put-secret done, restart-workload done · incident probation',
    )
    expect(life.state.uses.map(({ rung }) => rung)).toEqual(['rollout'])
    expect(life.incident?.timeline.map(({ text }) => text)).toEqual([
      'workload-failed: bot.service is failed (exit-code)',
      'bot_token is missing on the VM: put again',
      'restart-workload of bot.service: done',
      'well again 4 s after the restart-workload of bot.service, proved',
    ])
  })

  it('that can not be put climbs the ladder, and costs one payload in the outage', () => {
    const { life, done } = living({ world: removed })
    life.world.onPut = (name) => {
      done.push(`try ${name}`)
      return { kind: 'failed', detail: 'no space left' }
    }
    life.ticks(12)
    expect(done.slice(0, 3)).toEqual(['try bot_token', 'restart-workload bot.service', 'reboot undefined'])
    expect(done.filter((what) => what.startsWith('try'))).toHaveLength(1)
    expect(life.state.phase).toBe('gave-up')
  })

  it('is restarted as ever where the source does not give it', () => {
    const unavailable = {
      kind: 'unavailable',
      secret: 'token',
      wanted: 'latest',
      detail: '403',
      passing: false,
    } as const
    const { life, done } = living({ world: { ...removed, versions: [unavailable] } })
    life.tick()
    expect(done).toEqual(['restart-workload bot.service'])
  })
})

describe('a new version', () => {
  it('is put, its unit restarted once and verified, in one tick of the poll', () => {
    const { life, done } = living({ world: { versions: [version('2')] } })
    life.ticks(5)
    expect(done).toEqual([])
    const run = life.tick()
    expect(run.asked).toEqual(['http', 'secret-versions', 'shell', 'http', 'shell'])
    expect(run.actions).toEqual([
      { rung: 'put-secret', result: 'done', detail: 'bot_token version 2' },
      { rung: 'restart-workload', result: 'done', detail: 'bot.service' },
    ])
    expect(done).toEqual(['put bot_token', 'restart-workload bot.service'])
    expect(tell(run)).toBe('healthy · watching · put-secret done, restart-workload done')
    const { rollout, lease, action, phase, uses } = life.state
    expect({ rollout, lease, action, phase, uses, applied: life.state.applied }).toEqual({
      phase: 'watching',
      uses: [{ rung: 'rollout', unit: 'bot.service', at: uses[0]?.at }],
      applied: [{ name: 'bot_token', secret: 'token', version: '2', at: life.state.applied[0]?.at }],
    })
    expect(life.incident).toBeUndefined()
    life.ticks(12)
    expect(done).toHaveLength(2)
  })

  it('of two secrets restarts each unit once, after all its secrets are in', () => {
    const { life, done } = living({
      target: pair,
      world: {
        versions: [version('2'), version('7', 'key')],
        units: [unit(), unit({ unit: 'api.service' })],
      },
    })
    life.order(sync)
    expect(done).toEqual([
      'put bot_token',
      'put key',
      'restart-workload bot.service',
      'restart-workload api.service',
    ])
    expect(life.state.rollout).toBeUndefined()
  })

  it('for a unit that a person stopped is put, and the unit stays stopped', () => {
    const stopped = unit({ unit: 'api.service', active: 'inactive', sub: 'dead' })
    const { life, done } = living({
      target: pair,
      world: { versions: [version('1'), version('7', 'key')], units: [unit(), stopped] },
    })
    life.order(sync)
    expect(done).toEqual(['put key', 'restart-workload bot.service'])
  })

  it('reaches the others on a VM where a person stopped a workload', () => {
    const stopped = unit({ unit: 'api.service', active: 'inactive', sub: 'dead' })
    const { life, done } = living({
      target: pair,
      world: { http: 'bad', versions: [version('2'), version('7', 'key')], units: [unit(), stopped] },
    })
    life.ticks(8)
    expect(done).toEqual(['put bot_token', 'put key', 'restart-workload bot.service'])
  })

  it('that can not be put is reported, and its unit is not restarted; the next poll tries again', () => {
    const { life, done } = living({ world: { versions: [version('2')] } })
    life.world.onPut = () => ({ kind: 'failed', detail: 'no space left' })
    const run = life.order(sync)
    expect(run.actions).toEqual([
      { rung: 'put-secret', result: 'failed', detail: 'bot_token version 2: no space left' },
    ])
    expect(run.decision.verdict).toEqual({ verdict: 'healthy', reason: 'healthy' })
    expect([done, life.state.rollout, life.state.lease]).toEqual([[], undefined, undefined])
    expect(life.state.syncTrouble?.detail).toBe('bot_token: no space left')
    life.world.onPut = () => DONE
    life.order(sync)
    expect(life.state.syncTrouble).toBeUndefined()
  })

  it('is not rolled out while the target fails: recovery goes first', () => {
    const { life, done } = living({
      world: {
        versions: [version('2')],
        http: 'refused',
        inside: { kind: 'fails', detail: 'refused' },
        units: [failedUnit],
      },
    })
    const run = life.order(sync)
    expect([tell(run), done]).toEqual(['unhealthy workload-failed · suspect · rollout skipped', []])
    expect(run.actions).toEqual([
      {
        rung: 'rollout',
        result: 'skipped',
        detail: 'recovery goes first: bot.service is failed (exit-code)',
      },
    ])
    life.world.onAction = (action, world) => {
      done.push(`${action.purpose} ${action.rung}`)
      Object.assign(world, { http: 'ok', units: [unit({ invocationId: 'inv-2' })] })
      return DONE
    }
    life.ticks(7)
    expect(done).toEqual(['recovery restart-workload', 'put bot_token', 'rollout restart-workload'])
  })

  it('is rolled out by a sync where recovery has given up: the old value may be why', () => {
    const { life, done } = living({
      world: {
        versions: [version('2')],
        http: 'refused',
        units: [unit({ load: 'not-found', active: 'inactive' })],
      },
    })
    life.ticks(1)
    expect(life.state.phase).toBe('gave-up')
    life.world.units = [failedUnit]
    life.order(sync)
    expect(done).toEqual(['put bot_token', 'restart-workload bot.service'])
  })

  it('for a VM that is new is put although it fails, for it may fail for want of it; nothing is restarted', () => {
    const { life, done } = living({
      state: newState(target, 'new', NOW),
      world: { present: [], http: 'refused', units: [failedUnit] },
    })
    life.forget()
    const run = life.tick()
    expect(done).toEqual(['put bot_token'])
    expect(run.actions.map(({ rung, result }) => `${rung} ${result}`)).toEqual([
      'human done',
      'put-secret done',
      'rollout skipped',
    ])
  })

  it('for a VM that is new and not yet reachable is put by a later poll', () => {
    const { life, done } = living({
      state: newState(target, 'new', NOW),
      world: { present: [], http: 'silent', ssh: 'silent' },
    })
    life.forget()
    life.ticks(2)
    Object.assign(life.world, { http: 'refused', ssh: 'ok', units: [failedUnit] })
    life.ticks(5)
    expect(done).toEqual(['put bot_token'])
  })

  it('found together with a suspicion is put by the same look over SSH', () => {
    const { life, done } = living({ world: { versions: [version('2')] } })
    life.forget()
    life.world.kit = { status: 'failed', bootId: 'boot-1', workloads: [] }
    const run = life.tick()
    expect(run.asked[1]).toBe('shell+secret-versions')
    expect(done).toEqual(['put bot_token', 'restart-workload bot.service'])
  })
})

describe('a restart for new secrets', () => {
  it('is expected down-time: the ladder does not count it; what lasts longer is recovered', () => {
    const { life } = living({ world: { versions: [version('2')] } })
    const rungs: string[] = []
    life.world.onAction = ({ rung, purpose }, world) => {
      rungs.push(`${purpose} ${rung}`)
      Object.assign(world, { http: 'refused', units: [failedUnit], inside: { kind: 'fails', detail: 'x' } })
      return DONE
    }
    const run = life.order(sync)
    expect(run.actions.map(({ result }) => result)).toEqual(['done', 'done'])
    expect(life.state.phase).toBe('recovering')
    expect(life.state.rollout?.expectedDownUntil).toBe((life.state.action?.issuedAt ?? 0) + 47_000)
    life.ticks(1)
    expect(rungs).toEqual(['rollout restart-workload', 'recovery restart-workload'])
    expect(life.state.ladder.filter(({ verified }) => !verified)).toEqual([])
  })

  it('excuses a failing workload while it is expected, and no longer', () => {
    const { life, done } = living({ world: { http: 'refused', units: [failedUnit] } })
    const expectedDownUntil = NOW + 50_000
    life.state = {
      ...life.state,
      rollout: { id: 'r', startedAt: NOW, units: [], before: [], expectedDownUntil },
    }
    expect(life.ticks(1)).toEqual(['unhealthy workload-failed · waiting'])
    expect(done).toEqual([])
    life.ticks(1)
    expect(done).toEqual(['restart-workload bot.service'])
  })

  it('is done six times an hour at most; what is owed is done when the window has slid on', () => {
    const uses = Array.from({ length: 6 }, (_, index) => ({
      rung: 'rollout' as const,
      unit: 'bot.service',
      at: NOW - 50 * MINUTE + index,
    }))
    const { life, done } = living({ state: armed({ applied, uses }), world: { versions: [version('2')] } })
    const run = life.order(sync)
    expect(run.actions.at(-1)).toEqual({
      rung: 'rollout',
      result: 'skipped',
      detail: 'bot.service: the budget for restarts by rollouts is spent',
    })
    expect([done, life.state.rollout?.units]).toEqual([['put bot_token'], ['bot.service']])
    life.ticks(12)
    expect(done).toEqual(['put bot_token', 'restart-workload bot.service'])
  })

  it('is not begun over SSH that does not work', () => {
    const { life, done } = living({ world: { ssh: 'silent' } })
    life.state = {
      ...life.state,
      rollout: { id: 'r', startedAt: NOW, units: ['bot.service'], before: [], expectedDownUntil: NOW },
    }
    const run = life.tick()
    expect(done).toEqual([])
    expect(run.actions).toEqual([])
    expect(life.state.rollout?.units).toEqual(['bot.service'])
  })

  it.each([
    ['fails', { kind: 'failed', detail: 'no login' }],
    ['is refused by the machine', { kind: 'skipped', detail: 'busy' }],
  ] as const)('stays owed when it %s, and is given again', (_name, result) => {
    const { life, done } = living({ world: { versions: [version('2')] } })
    const restart = life.world.onAction
    life.world.onAction = () => result
    life.order(sync)
    expect([life.state.rollout?.units, life.state.lease]).toEqual([['bot.service'], undefined])
    life.world.onAction = restart
    life.tick()
    expect(done).toEqual(['put bot_token', 'restart-workload bot.service'])
    expect(life.state.rollout).toBeUndefined()
  })

  it('is given again when its end is unknown and no newer invocation shows', () => {
    const { life, done } = living({ world: { versions: [version('2')] } })
    const restart = life.world.onAction
    life.world.onAction = () => ({ kind: 'unknown', detail: 'the connection was lost' })
    life.order(sync)
    life.world.onAction = restart
    life.ticks(6)
    expect(done).toEqual(['put bot_token', 'restart-workload bot.service'])
  })

  it('costs a healthy tick nothing while the breaker is open', () => {
    const rollout = { id: 'r', startedAt: NOW, units: ['bot.service'], before: [], expectedDownUntil: NOW }
    const breaker = { kind: 'open', since: NOW, rung: 'reset', reason: 'spent' } as const
    const { life } = living({ state: armed({ applied, rollout, breaker }) })
    const run = life.tick()
    expect([run.asked, run.actions, life.state.rollout]).toEqual([['http'], [], rollout])
  })
})

describe('drift', () => {
  it.each<[string, World['present'], string]>([
    ['was removed on the VM', [], 'it was removed on the VM'],
    [
      'has no label of ours',
      [{ name: 'bot_token' }],
      'it is on the VM without our label: somebody else put it there',
    ],
    [
      'was replaced on the VM',
      [{ name: 'bot_token', source: 'token', version: '9' }],
      'it was replaced on the VM by version 9',
    ],
    [
      'came from another secret',
      [{ name: 'bot_token', source: 'other', version: '1' }],
      'it came from other',
    ],
  ])('a secret that %s is found by the hourly look, put again and reported', (_name, present, detail) => {
    const { life, done } = living({ world: { present } })
    expect(life.order({ ...sync, dryRun: true }).decision.secrets).toEqual([
      { name: 'bot_token', secret: 'token', version: '1', result: 'would-put', detail },
    ])
    expect(done).toEqual([])
    life.ticks(59)
    expect(done).toEqual([])
    life.ticks(2)
    expect(done).toEqual(['put bot_token', 'restart-workload bot.service'])
  })
})

describe('the source', () => {
  it('is down: what is there is kept, and the trouble is written once', () => {
    const down = {
      kind: 'unavailable',
      secret: 'token',
      wanted: 'latest',
      detail: '503',
      passing: true,
    } as const
    const { life, done } = living({ world: { versions: [down] } })
    const run = life.order(sync)
    expect(run.decision.secrets).toEqual([
      { name: 'bot_token', secret: 'token', result: 'unavailable', detail: '503' },
    ])
    expect(life.order(sync).commits).toBe(0)
    expect([done, life.state.applied]).toEqual([[], applied])
  })

  it('has a `latest` that is disabled: the newest enabled version is used, and the report says so', () => {
    const instead: SecretVersionEvidence = {
      kind: 'version',
      secret: 'token',
      wanted: 'latest',
      version: '1',
      insteadOf: { version: '2', state: 'DISABLED' },
    }
    const { life, done } = living({ world: { versions: [instead] } })
    expect(life.order(sync).decision.secrets).toEqual([
      {
        name: 'bot_token',
        secret: 'token',
        version: '1',
        result: 'in-sync',
        detail: 'version 2 is DISABLED; the newest enabled one is used',
      },
    ])
    expect(done).toEqual([])
  })
})
