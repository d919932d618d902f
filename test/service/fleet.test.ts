/** Half the fleet fails at once: destructive rungs are held, then released for one target at a time. */
import { describe, expect, it } from 'vitest'
import { lineOf, startArmed, until } from './harness.ts'
import { lives } from './outage.ts'

const HOLD_MS = 4_000
/** A dead machine's silence is most of these tests' time. */
const IMPATIENT = { probe: { timeoutMs: 400 }, ssh: { connectMs: 400, patientConnectMs: 500 } }
const HELD = /^2 of 3 targets fail at once: destructive rungs are held, until \d{4}-.*Z at the latest$/

describe('two of three VMs frozen at once', () => {
  it('no reset while the brake holds; then one, and the other only after it', async () => {
    const service = await startArmed({
      policy: { ...IMPATIENT, fleet: { holdMs: HOLD_MS } },
    })
    const resets = () => [lives(service, 'bot').resets, lives(service, 'mailer').resets]
    const phaseReason = async (id: string) => (await service.target(id)).phaseReason
    await service.world.breakIt('vm-freezes', { machine: 'bot' })
    await service.world.breakIt('vm-freezes', { machine: 'mailer' })
    const first = await service.tick()
    expect(first.targets.map(({ cause, phase }) => ({ cause, phase }))).toEqual([
      { cause: 'vm-frozen', phase: 'suspect' },
      { cause: undefined, phase: 'watching' },
      { cause: 'vm-frozen', phase: 'suspect' },
    ])
    const second = await service.tick()
    expect(second.targets.map(({ phase, actions }) => ({ phase, actions }))).toEqual([
      { phase: 'waiting', actions: [] },
      { phase: 'watching', actions: [] },
      { phase: 'waiting', actions: [] },
    ])
    expect(await phaseReason('bot')).toMatch(HELD)
    expect(await phaseReason('mailer')).toMatch(HELD)
    expect(resets()).toEqual([0, 0])
    await until('one is reset', async () => {
      const report = await service.tick()
      return ['bot', 'mailer'].some((id) => lineOf(report, id).actions.length > 0)
    })
    const [bot, mailer] = resets()
    expect((bot ?? 0) + (mailer ?? 0)).toBe(1)
    const other = bot === 1 ? 'mailer' : 'bot'
    const reset = bot === 1 ? 'bot' : 'mailer'
    expect(await phaseReason(other)).toMatch(new RegExp(`^2 of 3 targets fail at once: ${reset} goes first$`))
    await until('the other one is reset as well', async () => {
      const report = await service.tick()
      return lineOf(report, other).actions.length > 0
    })
    await until('all are well', async () => {
      const report = await service.tick()
      return report.targets.every(({ verdict }) => verdict === 'healthy')
    })
    expect(resets()).toEqual([1, 1])
    expect(lives(service, 'crawler')).toEqual({ restarts: 0, reboots: 0, resets: 0, boots: 0 })
  }, 40_000)

  it('a tick that names only one of them is held as well', async () => {
    const service = await startArmed({ policy: { ...IMPATIENT, fleet: { holdMs: '5m' } } })
    await service.world.breakIt('vm-freezes', { machine: 'bot' })
    await service.world.breakIt('vm-freezes', { machine: 'mailer' })
    await service.tick()
    const report = await service.tick({ targets: ['bot'] })
    expect(report.targets.map(({ id, phase, actions }) => ({ id, phase, actions }))).toEqual([
      { id: 'bot', phase: 'waiting', actions: [] },
    ])
    expect(lives(service, 'bot').resets).toBe(0)
  })
})

describe('the guard itself cut off', () => {
  it('nothing is concluded of any target, and nothing is done', async () => {
    const service = await startArmed({ policy: IMPATIENT })
    service.world.network.setGuard('offline')
    for (const _tick of [1, 2]) {
      const report = await service.tick()
      expect(report.targets.map(({ verdict, cause, actions }) => ({ verdict, cause, actions }))).toEqual(
        Array(3).fill({ verdict: 'inconclusive', cause: 'guard-offline', actions: [] }),
      )
    }
    expect(service.world.machines.map(({ name }) => lives(service, name).boots)).toEqual([0, 0, 0])
    service.world.network.setGuard('online')
    const report = await service.tick()
    expect(report.targets.map(({ verdict }) => verdict)).toEqual(['healthy', 'healthy', 'healthy'])
  })
})
