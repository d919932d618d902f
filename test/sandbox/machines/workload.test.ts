import { describe, expect, it } from 'vitest'
import { createTimers } from '../../../sandbox/machines/clock.ts'
import { SANDBOX_TIMING, type WorkloadOptions } from '../../../sandbox/machines/options.ts'
import { createSecretStore } from '../../../sandbox/machines/secret-store.ts'
import { createWorkload } from '../../../sandbox/machines/workload.ts'
import { manualClock } from './manual-clock.ts'

const AGENT: WorkloadOptions = { unit: 'agent.service', health: { intervalMs: 500, retries: 3 } }

function started(options = AGENT) {
  const clock = manualClock(1_000)
  const secrets = createSecretStore()
  const told: string[] = []
  const workload = createWorkload(options, {
    timers: createTimers(clock),
    timing: SANDBOX_TIMING,
    secrets,
    now: clock.now,
    tell: (text) => told.push(text),
    changed: () => undefined,
  })
  workload.start('at-once')
  const looks = () => {
    const { invocationId: _, ...state } = workload.state()
    return { ...state, health: workload.current()?.health?.status }
  }
  return { clock, workload, secrets, told, looks }
}

const RUNNING = { load: 'loaded', active: 'active', sub: 'running', result: 'success', restarts: 0 }

describe('a unit', () => {
  it('that runs becomes healthy at the first check of its container', () => {
    const { clock, looks } = started()
    expect(looks()).toEqual({ ...RUNNING, health: 'starting' })
    clock.advance(500)
    expect(looks()).toEqual({ ...RUNNING, health: 'healthy' })
  })

  it('whose container dies once is started again by systemd after RestartSec', () => {
    const { clock, workload, looks } = started()
    const before = workload.state().invocationId
    workload.die('once')
    expect(looks()).toEqual({
      load: 'loaded',
      active: 'activating',
      sub: 'auto-restart',
      result: 'exit-code',
      restarts: 1,
      health: undefined,
    })
    clock.advance(300 + 300)
    expect(looks()).toEqual({ ...RUNNING, restarts: 1, health: 'starting' })
    expect(workload.state().invocationId).not.toBe(before)
  })

  it('whose starts fail hits the start limit, and stays down', () => {
    const { clock, workload, looks } = started()
    workload.die('for-good')
    clock.advance(60_000)
    expect(looks()).toMatchObject({ active: 'failed', sub: 'failed', result: 'start-limit-hit', restarts: 3 })
    expect(clock.waiting()).toBe(0)
  })

  it('that hit the start limit is restarted only after reset-failed', async () => {
    const { clock, workload, looks } = started()
    workload.die('for-good')
    clock.advance(60_000)
    expect(await workload.restart()).toBe('failed')
    workload.resetFailed()
    const restarted = workload.restart()
    clock.advance(600)
    expect(await restarted).toBe('active')
    expect(looks()).toEqual({ ...RUNNING, health: 'starting' })
  })

  it('whose health command fails is killed by Podman and comes back by itself', () => {
    const { clock, workload, looks, told } = started()
    workload.sicken('acts')
    clock.advance(1_500 + 600)
    expect(looks()).toEqual({ ...RUNNING, restarts: 1, health: 'starting' })
    expect(told).toContain('container systemd-agent is unhealthy: Podman kills it')
  })

  it('whose inner guard is asleep stays active and unhealthy', () => {
    const { clock, workload, looks } = started()
    workload.sicken('asleep')
    clock.advance(5_000)
    expect(looks()).toEqual({ ...RUNNING, health: 'unhealthy' })
    expect(workload.current()?.health).toMatchObject({ failingStreak: 10, log: { length: 5 } })
  })

  it('stopped by a person is inactive with success, and stays so', () => {
    const { clock, workload, looks } = started()
    workload.stop()
    clock.advance(60_000)
    expect(looks()).toMatchObject({ active: 'inactive', sub: 'dead', result: 'success' })
    expect(workload.current()).toBeUndefined()
  })

  it('copies its secrets when the container is created, and never later', async () => {
    const options: WorkloadOptions = { unit: 'bot.service', secrets: [{ name: 'token', type: 'mount' }] }
    const { clock, workload, secrets, told } = started(options)
    expect(told).toEqual(["bot.service can't start: no Podman secret token"])
    secrets.put({ name: 'token', value: 'one' }, clock.now())
    clock.advance(600)
    expect(workload.current()?.secrets).toEqual(new Map([['token', 'one']]))
    secrets.put({ name: 'token', value: 'two' }, clock.now())
    expect(workload.current()?.secrets).toEqual(new Map([['token', 'one']]))
    const restarted = workload.restart()
    clock.advance(600)
    await restarted
    expect(workload.current()?.secrets).toEqual(new Map([['token', 'two']]))
  })
})
