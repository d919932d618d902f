/** What a look changes in the state; and that a tick with nothing new writes nothing. */
import { describe, expect, it } from 'vitest'
import type { Observation } from '../../src/core/evidence.ts'
import { remember } from '../../src/core/remember.ts'
import type { TargetState } from '../../src/core/state.ts'
import { newState } from '../../src/core/state-new.ts'
import { judge } from '../../src/core/verdict.ts'
import {
  armed,
  facts,
  HOUR,
  heartbeat,
  http,
  kit,
  MINUTE,
  NOW,
  observe,
  SECOND,
  ssh,
  subject,
  target,
  vm,
} from './build.ts'

function look(state: TargetState, seen: Partial<Observation>, now = NOW): TargetState {
  const moment = { now, deadlineAt: now + 55 * SECOND, guardStartedAt: NOW - HOUR, owner: 'me' }
  const under = subject({ observation: observe(seen), state, moment })
  return remember(under, judge(under))
}

const silent = {
  http: [http.silent],
  ssh: ssh('silent'),
  vm: vm(),
  heartbeat: heartbeat.stale,
} as const

describe('a tick with nothing new writes nothing', () => {
  it.each<[string, TargetState, Partial<Observation>]>([
    ['healthy', armed(), { http: [http.ok()] }],
    ['healthy, first seen', newState(target, 'new', NOW), { http: [http.ok()], vm: vm() }],
    ['healthy by the kit', armed(), { http: [http.ok(kit())] }],
    [
      'healthy after an outage',
      armed({
        failingSince: NOW - HOUR,
        silentSince: NOW - HOUR,
        failures: [{ at: NOW, cause: 'vm-frozen' }],
      }),
      { http: [http.ok()] },
    ],
    [
      'healthy with SSH seen',
      armed(),
      { http: [http.ok()], ssh: ssh('ok'), facts, workloads: { kind: 'ok', units: [] } },
    ],
    ['degraded by SSH', armed(), { http: [http.ok()], ssh: ssh('auth-failed', { detail: 'publickey' }) }],
    ['stopped by a person', armed(), { ...silent, vm: vm({ status: 'TERMINATED' }) }],
  ])('%s: the second look leaves the state as it is, to the letter', (_name, state, seen) => {
    const once = look(state, seen)
    const twice = look(once, seen, NOW + MINUTE)
    expect(twice).toEqual(once)
    expect(JSON.stringify(twice)).toBe(JSON.stringify(once))
  })
})

describe('health', () => {
  it('ends all that an outage counted', () => {
    const ill = armed({
      failingSince: NOW - MINUTE,
      failures: [{ at: NOW - MINUTE, cause: 'vm-frozen' }],
      bannerTimeouts: 2,
      innerGuardSince: NOW - MINUTE,
      silentSince: NOW - MINUTE,
      transitionSince: NOW - MINUTE,
      unclearSince: NOW - MINUTE,
      relookAt: NOW,
      stockOut: { failures: 2, until: NOW },
      grace: { since: NOW - MINUTE, until: NOW + MINUTE, why: 'reset' },
      graceSpent: true,
    })
    const { healthySince: _since, ...rest } = ill
    expect(look(rest, { http: [http.ok()] })).toEqual({
      ...armed(),
      failures: [{ at: NOW - MINUTE, cause: 'vm-frozen' }],
      healthySince: NOW,
      lastHealthyAt: NOW,
      servedByKit: false,
    })
  })

  it('of an hour resets the cooldown when it ends; a shorter one does not', () => {
    const long = look(armed({ healthySince: NOW - HOUR }), silent)
    const short = look(armed({ healthySince: NOW - HOUR + 1 }), silent)
    expect([long.cooldownResetAt, short.cooldownResetAt]).toEqual([NOW, undefined])
  })
})

describe('a suspicion', () => {
  it('of silence is remembered whole', () => {
    expect(
      look(armed({ serialNext: 5 }), { ...silent, vm: vm({ serial: { next: 9, booted: false } }) }),
    ).toEqual(
      (({ healthySince: _since, ...state }) => ({
        ...state,
        failingSince: NOW,
        cooldownResetAt: NOW,
        failures: [{ at: NOW, cause: 'vm-frozen' }],
        silentSince: NOW,
        sshTrouble: { kind: 'silent', since: NOW },
        heartbeat: { at: NOW - 5 * MINUTE, bootId: 'boot-1', seenAt: NOW },
        serialNext: 9,
        lastVerdict: {
          verdict: 'unhealthy',
          cause: 'vm-frozen',
          reason: 'the VM runs, but HTTP, SSH and heartbeat are all gone',
          at: NOW,
        },
      }))(armed()),
    )
  })

  it.each<[string, TargetState, Partial<Observation>, Partial<TargetState>]>([
    [
      'counts silent banners in a row',
      armed({ bannerTimeouts: 1 }),
      { ...silent, ssh: ssh('banner-timeout') },
      { bannerTimeouts: 2 },
    ],
    [
      'forgets them when SSH says something else',
      armed({ bannerTimeouts: 2 }),
      silent,
      { bannerTimeouts: 0 },
    ],
    ['keeps when silence began', armed({ silentSince: NOW - HOUR }), silent, { silentSince: NOW - HOUR }],
    [
      'forgets it when SSH answers',
      armed({ silentSince: NOW - HOUR }),
      { ...silent, ssh: ssh('auth-failed') },
      {},
    ],
    [
      'keeps when a transition began',
      armed({ transitionSince: NOW - HOUR }),
      { ...silent, vm: vm({ status: 'STOPPING' }) },
      { transitionSince: NOW - HOUR },
    ],
    ['forgets it when the VM has settled', armed({ transitionSince: NOW - HOUR }), silent, {}],
    [
      'notes when the guard was cut off',
      armed(),
      { ...silent, canary: { urlsAsked: 3, urlsOk: 0 } },
      { unclearSince: NOW },
    ],
    ['forgets it when it is not', armed({ unclearSince: NOW - HOUR }), silent, {}],
  ])('%s', (_name, state, seen, expected) => {
    const { bannerTimeouts, silentSince, transitionSince, unclearSince } = look(state, seen)
    expect({ bannerTimeouts, silentSince, transitionSince, unclearSince }).toMatchObject(expected)
    for (const [key, value] of Object.entries({ silentSince, transitionSince, unclearSince }))
      if (!(key in expected) && key in state) expect([key, value]).toEqual([key, undefined])
  })

  it("that the guard's youth excuses is counted as excused", () => {
    const moment = { now: NOW, deadlineAt: NOW + MINUTE, guardStartedAt: NOW - SECOND, owner: 'me' }
    const under = subject({ observation: observe(silent), moment })
    expect(remember(under, judge(under)).youngExcuses).toEqual([NOW])
  })
})
