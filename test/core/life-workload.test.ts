/** Lives of a target whose workload is in trouble: what each tick says, does and remembers. */
import { describe, expect, it } from 'vitest'
import { failedUnit, MINUTE, twoWorkloads, unit } from './build.ts'
import { createLife, tell } from './life.ts'
import { DONE } from './world.ts'

const fails = { kind: 'fails', detail: 'curl: (7) refused' } as const

describe('a workload that failed', () => {
  it('is restarted, verified and proved in the same tick; five minutes of health close the incident', () => {
    const life = createLife({ world: { http: 'refused', inside: fails, units: [failedUnit] } })
    life.world.onAction = (action, world) => {
      expect(life.state.action).toEqual(action)
      Object.assign(world, { http: 'ok', units: [unit({ invocationId: 'inv-2' })], inside: { kind: 'ok' } })
      return DONE
    }
    const run = life.tick()
    expect(tell(run)).toBe('healthy · probation · restart-workload done · incident probation')
    expect(run.asked).toEqual(['http', 'http+shell+vm+heartbeat+canary', 'http', 'http', 'shell'])
    expect(life.incident?.actions.map(({ rung, unit, status }) => ({ rung, unit, status }))).toEqual([
      { rung: 'restart-workload', unit: 'bot.service', status: 'proved' },
    ])
    expect(life.ticks(5)).toEqual([
      'healthy · probation · incident probation',
      'healthy · probation · incident probation',
      'healthy · probation · incident probation',
      'healthy · probation · incident probation',
      'healthy · probation · incident probation',
    ])
    expect(life.ticks(2)).toEqual(['healthy · watching · incident closed', 'healthy · watching'])
  })

  it('is written down as intended, then as issued, each before anything is carried out', () => {
    const life = createLife({ world: { http: 'refused', inside: fails, units: [failedUnit] } })
    life.tick({ crash: 'before-issuing' })
    expect(life.state.action?.status).toBe('intended')
    expect(life.state.uses).toEqual([])
    const again = createLife({ world: { http: 'refused', inside: fails, units: [failedUnit] } })
    again.tick({ crash: 'before-carrying-out' })
    const { action } = again.state
    expect(action).toEqual({
      id: `bot-${action?.intendedAt.toString(36)}.restart-workload.bot.service.1`,
      incidentId: `bot-${action?.intendedAt.toString(36)}`,
      rung: 'restart-workload',
      unit: 'bot.service',
      attempt: 1,
      cause: 'workload-failed',
      purpose: 'recovery',
      by: { kind: 'guard' },
      force: false,
      status: 'issued',
      intendedAt: action?.intendedAt,
      issuedAt: action?.issuedAt,
      baseline: { bootId: 'boot-1', invocationId: 'inv-1' },
      fence: 1,
    })
    expect(again.state.uses).toEqual([
      { rung: 'restart-workload', unit: 'bot.service', at: action?.issuedAt },
    ])
  })

  it('behind a health check that works is restarted alone, and proved', () => {
    const failed = { ...failedUnit, unit: 'api.service' }
    const kit = { status: 'failed', bootId: 'boot-1', workloads: [{ unit: 'api.service', state: 'failed' }] }
    const life = createLife({ target: twoWorkloads, world: { http: 'ok', kit, units: [unit(), failed] } })
    const units: string[] = []
    life.world.onAction = (action, world) => {
      units.push(`${action.rung} ${action.unit}`)
      Object.assign(world, {
        kit: { ...kit, status: 'healthy', workloads: [] },
        units: [unit(), unit({ unit: 'api.service', invocationId: 'inv-9' })],
      })
      return DONE
    }
    expect(tell(life.tick())).toBe('healthy · probation · restart-workload done · incident probation')
    expect(units).toEqual(['restart-workload api.service'])
  })

  it('that is well at the last look is left alone', () => {
    const life = createLife({ world: { http: 'refused', inside: fails, units: [failedUnit] } })
    life.world.onAsk = (state, world) => {
      if (state.action?.status === 'intended') Object.assign(world, { http: 'ok', units: [unit()] })
    }
    life.world.onAction = () => {
      throw new Error('nothing may be done')
    }
    const run = life.tick()
    expect(run.actions).toEqual([
      { rung: 'restart-workload', result: 'skipped', detail: 'it was healthy at the last look' },
    ])
    expect(life.state.action).toBeUndefined()
    expect(life.state.lease).toBeUndefined()
    expect(life.state.uses).toEqual([])
  })

  it('with no unit that systemd knows needs a person, once', () => {
    const missing = unit({ load: 'not-found', active: 'inactive', container: undefined as never })
    const life = createLife({ world: { http: 'refused', inside: fails, units: [missing] } })
    expect(life.ticks(3)).toEqual([
      'unhealthy workload-failed · gave-up · human done · incident gave-up',
      'unhealthy workload-failed · gave-up · incident gave-up',
      'unhealthy workload-failed · gave-up · incident gave-up',
    ])
  })
})

describe('a workload that hangs', () => {
  it('is restarted; that not helping, the VM is rebooted; the same after it, a person is called', () => {
    const life = createLife({ world: { http: 'silent', inside: fails } })
    const rungs: string[] = []
    life.world.onAction = ({ rung }, world) => {
      rungs.push(rung)
      world.facts = { ...world.facts, lastActionId: 'x', ...(rung === 'reboot' ? { bootId: 'boot-2' } : {}) }
      return DONE
    }
    expect(life.ticks(2)).toEqual([
      'unhealthy workload-hung · recovering · restart-workload done · incident acting',
      'unhealthy workload-hung · grace · reboot done · incident acting',
    ])
    const grace = life.ticks(4)
    expect(new Set(grace)).toEqual(new Set(['unhealthy workload-hung · grace · incident acting']))
    const later = [...life.ticks(3)]
    expect(later.at(-1)).toBe('unhealthy workload-hung · gave-up · incident gave-up')
    expect(later.filter((line) => line.includes('human done'))).toEqual([
      'unhealthy workload-hung · gave-up · human done · incident gave-up',
    ])
    expect(rungs).toEqual(['restart-workload', 'reboot'])
    expect(life.incident?.actions.map(({ rung, status }) => [rung, status])).toEqual([
      ['restart-workload', 'unknown'],
      ['reboot', 'proved'],
    ])
  })

  it('is not rebooted while another workload of the VM is well: a person is called', () => {
    const owner = { ...twoWorkloads, health: { ...twoWorkloads.health, unit: 'bot.service' } }
    const life = createLife({
      target: owner,
      world: { http: 'silent', inside: fails, units: [unit(), unit({ unit: 'api.service' })] },
    })
    expect(life.ticks(2)).toEqual([
      'unhealthy workload-hung · recovering · restart-workload done · incident acting',
      'unhealthy workload-hung · gave-up · human done · incident gave-up',
    ])
  })

  it('and owns no health URL among several: each of them is restarted before the VM is rebooted', () => {
    const life = createLife({
      target: twoWorkloads,
      world: { http: 'refused', inside: fails, units: [unit(), unit({ unit: 'api.service' })] },
    })
    const done: string[] = []
    life.world.onAction = ({ rung, unit }) => {
      done.push(unit === undefined ? rung : `${rung} ${unit}`)
      return DONE
    }
    life.ticks(3)
    expect(done).toEqual(['restart-workload bot.service', 'restart-workload api.service', 'reboot'])
  })

  it('is found although a person stopped another workload', () => {
    const owner = { ...twoWorkloads, health: { ...twoWorkloads.health, unit: 'bot.service' } }
    const stopped = unit({ unit: 'api.service', active: 'inactive', sub: 'dead' })
    const life = createLife({
      target: owner,
      world: { http: 'refused', inside: fails, units: [unit(), stopped] },
    })
    expect(tell(life.tick())).toBe(
      'unhealthy workload-hung · recovering · restart-workload done · incident acting',
    )
  })

  it('fails its order: the next rung is open in the next tick', () => {
    const life = createLife({ world: { http: 'refused', inside: fails } })
    life.world.onAction = ({ rung }) => (rung === 'reboot' ? DONE : { kind: 'failed', detail: 'exit 1' })
    expect(life.ticks(2)).toEqual([
      'unhealthy workload-hung · recovering · restart-workload failed · incident acting',
      'unhealthy workload-hung · grace · reboot done · incident acting',
    ])
  })

  it('and whose order the machine skipped is decided anew: nothing is counted against the workload', () => {
    const life = createLife({ world: { http: 'refused', inside: fails } })
    life.world.onAction = () => ({ kind: 'skipped', detail: 'a higher fence was seen' })
    life.tick()
    expect(life.state.ladder).toEqual([])
    expect(life.state.lease).toBeUndefined()
    expect(life.incident?.actions[0]?.status).toBe('not-happened')
  })
})

describe('the inner guard', () => {
  const starting = unit({ active: 'activating', sub: 'auto-restart', container: undefined as never })

  it('gets its own limit of 75 s, alternation included; then the unit is restarted', () => {
    const life = createLife({ world: { http: 'refused', inside: fails, units: [starting] } })
    const first = tell(life.tick())
    life.world.units = [unit({ container: { id: 'c', running: true, health: 'starting' } })]
    expect([first, ...life.ticks(2)]).toEqual([
      'unhealthy inner-guard-at-work · waiting',
      'unhealthy inner-guard-at-work · waiting',
      'unhealthy workload-failed · recovering · restart-workload done · incident acting',
    ])
  })

  it('that mends it within its limit is left alone, and opens no incident', () => {
    const life = createLife({ world: { http: 'refused', inside: fails, units: [starting] } })
    life.tick()
    Object.assign(life.world, { http: 'ok', units: [unit()] })
    expect(life.ticks(1)).toEqual(['healthy · watching'])
    expect(life.state.innerGuardSince).toBeUndefined()
  })

  it('gets its limit anew after our own restart', () => {
    const life = createLife({ world: { http: 'refused', inside: fails, units: [failedUnit] } })
    life.world.onAction = (_action, world) => {
      world.units = [starting]
      return DONE
    }
    expect(life.ticks(3)).toEqual([
      'unhealthy workload-failed · recovering · restart-workload done · incident acting',
      'unhealthy inner-guard-at-work · recovering · incident acting',
      'unhealthy inner-guard-at-work · recovering · incident acting',
    ])
  })

  it('that does not bring up a workload behind a working health check gets its help too', () => {
    const kit = { status: 'failed', bootId: 'boot-1', workloads: [] }
    const looping = { ...starting, unit: 'api.service' }
    const life = createLife({ target: twoWorkloads, world: { kit, units: [unit(), looping] } })
    expect(life.ticks(3).map((line) => line.split(' · incident')[0])).toEqual([
      'unhealthy inner-guard-at-work · waiting',
      'unhealthy inner-guard-at-work · waiting',
      'unhealthy workload-failed · recovering · restart-workload done',
    ])
  })

  it('is not at work where the workload that owns the health URL answers it', () => {
    const life = createLife({
      world: { units: [unit({ container: { id: 'c', running: true, health: 'starting' } })] },
    })
    life.forget()
    life.pass(70 * MINUTE)
    const run = life.tick()
    expect([tell(run), run.asked]).toEqual(['healthy · watching', ['http', 'shell+secret-versions']])
  })
})

describe('Podman is wedged', () => {
  it('twice in a row: reboot; the boot unchanged for five minutes: reset; then a person', () => {
    const life = createLife({ world: { http: 'refused', podman: 'wedged' } })
    const rungs: string[] = []
    life.world.onAction = ({ rung }) => {
      rungs.push(rung)
      return DONE
    }
    expect(life.ticks(2)).toEqual([
      'unhealthy podman-wedged · suspect',
      'unhealthy podman-wedged · grace · reboot done · incident acting',
    ])
    life.ticks(6)
    expect(rungs).toEqual(['reboot', 'reset'])
    const rest = life.ticks(8)
    expect(rungs).toEqual(['reboot', 'reset'])
    expect(rest.at(-1)).toBe('unhealthy podman-wedged · gave-up · incident gave-up')
  })

  it('again after a reboot that happened: a person, never a reset while SSH works', () => {
    const life = createLife({ world: { http: 'refused', podman: 'wedged' } })
    const rungs: string[] = []
    life.world.onAction = ({ rung }, world) => {
      rungs.push(rung)
      world.facts = { ...world.facts, bootId: 'boot-2', uptimeMs: 1 }
      return DONE
    }
    const lines = life.ticks(10)
    expect(rungs).toEqual(['reboot'])
    expect(lines.at(-1)).toBe('unhealthy podman-wedged · gave-up · incident gave-up')
  })
})

describe('what is never acted on', () => {
  it.each([
    [
      'a broken path: the URL works from inside',
      { http: 'silent' as const },
      'degraded path-broken · watching',
    ],
    [
      'a unit that a person stopped',
      { http: 'refused' as const, units: [unit({ active: 'inactive', sub: 'dead' })] },
      'degraded stopped-by-person · watching',
    ],
    [
      'the hold file',
      {
        http: 'refused' as const,
        units: [failedUnit],
        facts: { bootId: 'boot-1', uptimeMs: 1, held: true },
      },
      'degraded stopped-by-person · watching',
    ],
  ])('%s', (_name, world, line) => {
    const life = createLife({ world })
    life.world.onAction = () => {
      throw new Error('nothing may be done')
    }
    expect(new Set(life.ticks(30))).toEqual(new Set([line]))
  })

  it('rubbish over SSH; a person is told once it has lasted ten minutes', () => {
    const life = createLife({ world: { http: 'refused', podman: 'unreadable' } })
    life.world.onAction = () => {
      throw new Error('nothing may be done')
    }
    const lines = life.ticks(30)
    expect(lines.map((line) => line.endsWith('human done')).indexOf(true)).toBe(10)
    expect(new Set(lines)).toEqual(
      new Set(['inconclusive · watching', 'inconclusive · watching · human done']),
    )
    expect(lines.filter((line) => line.endsWith('human done'))).toHaveLength(1)
  })

  it('SSH that fails while the workload answers, from the tick that finds it', () => {
    const life = createLife({ world: { ssh: 'silent' } })
    life.forget()
    life.pass(70 * MINUTE)
    life.ticks(1)
    expect(new Set(life.ticks(30))).toEqual(new Set(['degraded recovery-path-broken · watching']))
    life.world.ssh = 'ok'
    expect(life.ticks(6).at(-1)).toBe('healthy · watching')
  })
})
