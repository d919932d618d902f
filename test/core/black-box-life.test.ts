/** The black box: what a machine looked like before it is rebooted or reset, kept with the word that the action is issued. */
import { describe, expect, it } from 'vitest'
import { plan } from '../../src/core/plan.ts'
import type { Query } from '../../src/core/query.ts'
import { armed, HOUR, http, MINUTE, NOW, observe, policy, SECOND, situation, ssh } from './build.ts'
import type { Life } from './life.ts'
import { createLife, person, recover, rungsOf } from './life.ts'
import type { World } from './world.ts'
import { booted, DONE, failed, frozen, preempted, seenVm } from './world.ts'

const wedged: Partial<World> = { http: 'refused', podman: 'wedged' }

/** What each commit with a box was, beside it. */
function commitsWithBox({ written }: Life): readonly unknown[] {
  return written.flatMap(({ decision }) =>
    decision.blackBox === undefined
      ? []
      : [{ id: decision.blackBox.id, action: decision.state.action?.status, next: decision.next.kind }],
  )
}

describe('before a destructive rung', () => {
  it('a reset: what was had is written down with the word that it is issued, and the incident points to it', () => {
    const life = createLife({ world: frozen })
    rungsOf(life, booted)
    life.ticks(3)
    const id = `${life.book?.id}.reset.1`
    const [box] = life.blackBoxes
    expect(life.blackBoxes).toEqual([
      {
        schema: 1,
        id,
        incidentId: life.book?.id,
        target: 'bot',
        at: box?.at,
        before: 'reset',
        sections: [{ kind: 'text', name: 'serial-console', text: 'Kernel panic\n', cut: false }],
      },
    ])
    expect(commitsWithBox(life)).toEqual([{ id, action: 'issued', next: 'act' }])
    expect(life.book?.blackBoxes).toEqual([{ id, at: box?.at, before: 'reset' }])
    const kinds = life.book?.timeline.map(({ kind, text }) => `${kind}: ${text}`)
    expect(kinds?.slice(1, 3)).toEqual(['black-box: black box kept: serial-console', 'action: reset issued'])
  })

  it('a reboot: the same', () => {
    const life = createLife({ world: wedged })
    rungsOf(life, { ...booted, podman: 'ok' })
    life.ticks(3)
    expect(life.blackBoxes.map(({ before }) => before)).toEqual(['reboot'])
  })

  it('and one that a person orders: the same', () => {
    const life = createLife()
    rungsOf(life, booted)
    life.order(recover({ action: 'reboot', force: true }))
    expect(commitsWithBox(life)).toEqual([{ id: `${life.book?.id}.reboot.1`, action: 'issued', next: 'act' }])
  })

  it.each<[string, Partial<World>]>([
    ['a restart of a workload', failed],
    ['a start', preempted()],
  ])('%s keeps none', (_name, world) => {
    const life = createLife({ world })
    rungsOf(life, { ...booted, vm: seenVm })
    const asked = Array.from({ length: 3 }, () => life.tick().asked).flat()
    expect(life.blackBoxes).toEqual([])
    expect(asked.join(' ')).not.toContain('black-box')
  })

  it('is asked for beside the last look, once', () => {
    const life = createLife({ world: frozen })
    rungsOf(life, booted)
    life.ticks(1)
    const { asked } = life.tick()
    expect(asked.filter((round) => round.includes('black-box'))).toEqual(['http+vm+black-box'])
  })
})

describe('what can not be had', () => {
  it('of the whole box: the action is issued all the same', () => {
    const life = createLife({ world: frozen, box: 'nothing' })
    const rungs = rungsOf(life, booted)
    life.ticks(3)
    expect([rungs, life.blackBoxes, life.book?.blackBoxes]).toEqual([['reset'], [], []])
  })

  it('of each part of it is kept with its reason, and the incident says so', () => {
    const sections = [
      { kind: 'unavailable', name: 'serial-console', detail: 'timed out' },
      { kind: 'unavailable', name: 'units', detail: 'SSH is silent' },
    ] as const
    const life = createLife({ world: frozen, box: sections })
    const rungs = rungsOf(life, booted)
    life.ticks(3)
    expect(rungs).toEqual(['reset'])
    expect(life.blackBoxes[0]?.sections).toEqual(sections)
    expect(life.book?.timeline[1]?.text).toBe('black box: nothing could be had')
  })

  it('because it came too late: the last look says that it is well, nothing is done and nothing kept', () => {
    const life = createLife({ world: frozen })
    const rungs = rungsOf(life, booted)
    life.ticks(1)
    life.world.onAsk = ({ action }, world) => {
      if (action?.status === 'intended') Object.assign(world, booted)
    }
    life.ticks(1)
    expect([rungs, life.blackBoxes]).toEqual([[], []])
  })
})

describe('the time of a box', () => {
  const action = {
    id: 'bot-1.reset.1',
    incidentId: 'bot-1',
    rung: 'reset',
    attempt: 1,
    cause: 'vm-frozen',
    purpose: 'recovery',
    by: { kind: 'guard' },
    force: false,
    status: 'intended',
    intendedAt: NOW,
    baseline: {},
    fence: 1,
  } as const

  function boxAsked(leftMs: number): Extract<Query, { kind: 'black-box' }> | undefined {
    const lease = { owner: 'me', fence: 1, purpose: 'recovery', expiresAt: NOW + 2 * MINUTE } as const
    const queries = plan(
      situation({
        state: armed({ action, lease }),
        observation: observe({ http: [{ ...http.silent, at: NOW - SECOND }], ssh: ssh('silent') }),
        moment: { now: NOW, deadlineAt: NOW + leftMs, guardStartedAt: NOW - HOUR, owner: 'me' },
      }),
    )
    return queries.find((query) => query.kind === 'black-box')
  }

  it('is ten seconds at most, and tells whether SSH may be asked', () => {
    expect(boxAsked(55 * SECOND)).toEqual({
      kind: 'black-box',
      overSsh: false,
      deadlineMs: policy.blackBox.collectMs,
    })
  })

  it('is never taken from the action', () => {
    const times = Array.from({ length: 40 }, (_, index) => boxAsked(index * SECOND)?.deadlineMs)
    for (const [index, deadlineMs] of times.entries())
      if (deadlineMs !== undefined) {
        expect(deadlineMs).toBeGreaterThan(0)
        expect(deadlineMs + policy.compute.callMs).toBeLessThanOrEqual(index * SECOND)
      }
    expect([times[0], times.at(-1)]).toEqual([undefined, policy.blackBox.collectMs])
  })
})

describe('boxes of one incident', () => {
  it('are pointed to for the newest four; each has a name of its own', () => {
    const life = createLife({ world: wedged })
    life.world.onAction = () => DONE
    for (let time = 0; time < 6; time += 1) {
      life.order(recover({ action: 'reboot', force: true }), 7 * MINUTE)
      life.order({ kind: 'resume', closeBreaker: true, ...person })
    }
    const ids = life.blackBoxes.map(({ id }) => id)
    expect(ids.length).toBeGreaterThanOrEqual(6)
    expect(new Set(ids).size).toBe(ids.length)
    expect(life.book?.blackBoxes.map(({ id }) => id)).toEqual(ids.slice(-4))
  })
})
