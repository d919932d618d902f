/** The worst cases of the specification, computed from the policy; and that every chain of a tick fits it. */
import { describe, expect, it } from 'vitest'
import type { ActingRung } from '../../src/core/action.ts'
import type { Freeze, Way } from '../../src/core/worst-case.ts'
import {
  chainWorstCaseMs,
  frozenVmMs,
  hungWorkloadWorstCaseMs,
  judgedWorstCaseMs,
} from '../../src/core/worst-case.ts'
import { facts, NOW, policy, SECOND } from './build.ts'
import { createLife } from './life.ts'
import { DONE } from './world.ts'

const HEARTBEAT_EVERY_MS = 30 * SECOND
const plain: Way = { patient: false, behindWorkingHttp: false }

describe('every chain of a tick fits its deadline', () => {
  it.each<[string, ActingRung, Way, number]>([
    ['a restart', 'restart-workload', plain, 48],
    ['a reboot', 'reboot', plain, 51],
    ['a reset', 'reset', plain, 37],
    ['a reset after the patient SSH attempt', 'reset', { ...plain, patient: true }, 48.5],
    ['a start', 'start', plain, 37],
    ['a resume', 'resume', plain, 37],
  ])('%s', (_name, rung, way, seconds) => {
    const chainMs = chainWorstCaseMs(policy, rung, way)
    expect(chainMs).toBe(seconds * SECOND)
    expect(chainMs).toBeLessThanOrEqual(policy.tick.deadlineMs)
  })

  it('but for a restart behind a working endpoint: the unit is asked twice, and an SSH that slow is left to the next tick', () => {
    const way = { ...plain, behindWorkingHttp: true }
    expect(judgedWorstCaseMs(policy, way)).toBe(21 * SECOND)
    expect(chainWorstCaseMs(policy, 'restart-workload', way)).toBe(64 * SECOND)
    const failed = { status: 'failed', bootId: 'boot-1', workloads: [] }
    const slow = createLife({ world: { kit: failed, units: [] } })
    expect(slow.tick().decision.next).toEqual({ kind: 'rest' })
  })

  it('and the deadline leaves the next tick its start', () => {
    expect(policy.tick.deadlineMs).toBeLessThan(policy.tick.everyMs)
  })

  it('an action that starts last is over before its lease, with the time that must be left of it', () => {
    const { durationMs, issueRemainingMs } = policy.lease
    expect(policy.tick.deadlineMs + issueRemainingMs).toBeLessThanOrEqual(durationMs)
  })
})

it('a workload that hangs is detected, restarted and verified within 150 s', () => {
  expect(hungWorkloadWorstCaseMs(policy)).toBe(141 * SECOND)
})

describe('a VM that freezes', () => {
  const seconds = (count: number, from: number): readonly number[] =>
    Array.from({ length: count }, (_, index) => (from + index) * SECOND)

  /** Every second of a tick's phase with every second of the heartbeat's. */
  function everyPhase(rest: Omit<Freeze, 'tickAfterMs' | 'heartbeatAgeMs'>): readonly number[] {
    return seconds(policy.tick.everyMs / SECOND, 1)
      .flatMap((tickAfterMs) =>
        seconds(HEARTBEAT_EVERY_MS / SECOND, 0).map((heartbeatAgeMs) =>
          frozenVmMs(policy, { ...rest, tickAfterMs, heartbeatAgeMs }),
        ),
      )
      .sort((one, other) => one - other)
  }

  it('is detected, reset, booted in 90 s and verified within 300 s at worst, every call taking all its time', () => {
    const all = everyPhase({
      bootMs: 90 * SECOND,
      computeMs: policy.compute.callMs,
      answerMs: policy.probe.timeoutMs,
      lookMs: policy.ssh.lookMs,
    })
    expect(all.at(-1)).toBeLessThanOrEqual(300 * SECOND)
    expect(all.at(-1)).toBe(278 * SECOND)
  })

  it('is detected, reset, booted in 60 s and verified within 200 s in the median', () => {
    const all = everyPhase({ bootMs: 60 * SECOND, computeMs: SECOND, answerMs: 100, lookMs: SECOND })
    const medianMs = all[Math.floor(all.length / 2)]
    expect(medianMs).toBeLessThanOrEqual(200 * SECOND)
    expect(medianMs).toBe(185_100)
  })

  const freezes = seconds(6, 0).flatMap((tenth) =>
    [0, 9, 29].flatMap((age) => [60, 90].map((boot) => ({ phase: (tenth / SECOND) * 10 + 1, age, boot }))),
  )
  it.each(freezes)(
    '$phase s before a tick, its heartbeat $age s old, its boot $boot s: the loop itself takes no longer',
    ({ phase, age, boot }) => {
      const bootMs = boot * SECOND
      const frozenAt = NOW - phase * SECOND
      const life = createLife({
        world: {
          http: 'silent',
          ssh: 'silent',
          heartbeat: { kind: 'seen', at: frozenAt - age * SECOND, bootId: 'boot-1' },
        },
      })
      let upAt = Number.POSITIVE_INFINITY
      let resets = 0
      life.world.onAction = () => {
        resets += 1
        upAt = life.now + bootMs
        return DONE
      }
      life.world.onAsk = (_state, world) => {
        if (life.now < upAt) return
        Object.assign(world, {
          http: 'ok',
          ssh: 'ok',
          heartbeat: 'beating',
          facts: { ...facts, bootId: 'boot-2' },
        })
      }
      let verifiedAt = 0
      for (let tick = 0; tick < 8 && verifiedAt === 0; tick += 1) {
        const run = life.tick()
        if (run.decision.state.phase === 'probation') verifiedAt = run.endedAt
      }
      // What this driver's calls take; and it changes its world between rounds of questions only, not within one.
      const costs = { computeMs: SECOND, answerMs: 20, lookMs: 300 }
      const roundMs = 16 * SECOND
      const boundMs = frozenVmMs(policy, {
        tickAfterMs: phase * SECOND,
        heartbeatAgeMs: age * SECOND,
        bootMs,
        ...costs,
      })
      expect(resets).toBe(1)
      expect(life.incident?.actions[0]?.status).toBe('proved')
      expect(verifiedAt - frozenAt).toBeLessThanOrEqual(boundMs + roundMs)
    },
  )
})
