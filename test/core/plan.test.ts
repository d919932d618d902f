/** What is asked, and when: a healthy tick costs one request; a suspicion asks all witnesses side by side. */
import { describe, expect, it } from 'vitest'
import type { Action } from '../../src/core/action.ts'
import { plan } from '../../src/core/plan.ts'
import type { Query } from '../../src/core/query.ts'
import type { Situation } from '../../src/core/situation.ts'
import type { TargetState } from '../../src/core/state.ts'
import {
  armed,
  facts,
  HOUR,
  heartbeat,
  http,
  MINUTE,
  NOW,
  observe,
  SECOND,
  situation,
  ssh,
  target,
  vm,
} from './build.ts'
import { person, recover } from './life.ts'

const probe = { kind: 'http', timeoutMs: 5_000, times: 1, afterMs: 0 } as const
const idleProbe = { ...probe, timeoutMs: 2_000 }
const reprobes = { kind: 'http', timeoutMs: 5_000, times: 2, afterMs: 3_000 } as const
const gapProbe = { ...probe, afterMs: 3_000 }
const shell = (change: Partial<Extract<Query, { kind: 'shell' }>['questions']> = {}, connectMs = 10_000) => ({
  kind: 'shell' as const,
  questions: { inside: false, workloads: true, secrets: [], ...change },
  connectMs,
})
const versions = { kind: 'secret-versions', uses: target.workloads[0]?.secrets ?? [] } as const
const witnesses = [
  shell({ inside: true, secrets: ['bot_token'] }),
  { kind: 'vm', serialFrom: 0 },
  { kind: 'heartbeat' },
  { kind: 'canary' },
]
const action: Action = {
  id: 'a.reset.1',
  incidentId: 'a',
  rung: 'reset',
  attempt: 1,
  cause: 'vm-frozen',
  purpose: 'recovery',
  by: { kind: 'guard' },
  force: false,
  status: 'intended',
  intendedAt: NOW - SECOND,
  baseline: {},
  fence: 1,
}
const restart: Action = { ...action, id: 'a.r.1', rung: 'restart-workload', unit: 'bot.service' }
const issued = (base: Action): Action => ({ ...base, status: 'issued', issuedAt: NOW - SECOND })
const mine = { owner: 'me', fence: 1, purpose: 'recovery', expiresAt: NOW + 2 * MINUTE } as const

type Change = Partial<Omit<Situation, 'state'>> & {
  readonly seen?: Partial<Situation['observation']>
  readonly state?: Partial<TargetState>
  readonly leftMs?: number
}

function asked({ seen = {}, state = {}, leftMs = 55_000, ...change }: Change): readonly Query[] {
  const { canary: _canary, ...nothing } = observe({})
  const moment = { now: NOW, deadlineAt: NOW + leftMs, guardStartedAt: NOW - 10 * MINUTE, owner: 'me' }
  return plan(situation({ moment, observation: { ...nothing, ...seen }, ...change, state: armed(state) }))
}

const unarmed = { arming: { kind: 'unarmed', why: 'new', since: NOW } } as const
const ok = { seen: { http: [http.ok()] } }
const dark = { http: [http.silent] }
const heardAll = {
  ssh: ssh('silent'),
  vm: vm(),
  heartbeat: heartbeat.stale,
  canary: { urlsAsked: 3, urlsOk: 3 },
}
const drillOrder: Situation['request'] = { kind: 'pause', minutes: 1, ...person }

describe('a tick', () => {
  it.each<[string, Change, readonly unknown[]]>([
    ['begins with one probe', {}, [probe]],
    ['that is answered well asks no more', ok, []],
    ['asks Compute who a healthy target is that is not armed', { ...ok, state: unarmed }, [{ kind: 'vm' }]],
    [
      "polls the secrets' metadata every five minutes, beside nothing else",
      { ...ok, recollection: { secretsPolledAt: NOW - 5 * MINUTE } },
      [versions],
    ],
    ['does not poll them sooner', { ...ok, recollection: { secretsPolledAt: NOW - 5 * MINUTE + 1 } }, []],
    ['polls them when the process is fresh', { ...ok, recollection: {} }, [versions]],
    [
      'looks over SSH once an hour, at the secrets too',
      {
        ...ok,
        state: { sshCheckedAt: NOW - HOUR },
        recollection: { secretsPolledAt: NOW, sshAskedAt: NOW - HOUR },
      },
      [shell({ secrets: ['bot_token'] }), versions],
    ],
    [
      'does not when another process wrote down that it did',
      { ...ok, state: { sshCheckedAt: NOW - HOUR + 1 }, recollection: { secretsPolledAt: NOW } },
      [],
    ],
    [
      'looks over SSH every five minutes while it is known to be broken',
      {
        ...ok,
        state: { sshTrouble: { kind: 'silent', since: NOW }, sshCheckedAt: NOW - HOUR },
        recollection: { secretsPolledAt: NOW, sshAskedAt: NOW - 5 * MINUTE },
      },
      [shell({ secrets: ['bot_token'] }), versions],
    ],
    [
      'looks over SSH at once when an outage ends and SSH was broken in it',
      { ...ok, state: { sshTrouble: { kind: 'silent', since: NOW }, failingSince: NOW - MINUTE } },
      [shell({ secrets: ['bot_token'] }), versions],
    ],
    [
      'looks over SSH when the kit names a failure',
      { seen: { http: [http.ok({ status: 'failed', workloads: [] })] } },
      [shell()],
    ],
    ['looks over SSH for proof of what was done', { ...ok, state: { action: issued(action) } }, [shell()]],
    [
      'looks over SSH before a restart that is owed',
      {
        ...ok,
        state: {
          rollout: { id: 'r', startedAt: NOW, units: ['bot.service'], before: [], expectedDownUntil: NOW },
        },
      },
      [shell()],
    ],
    [
      'looks over SSH when a version differs from what was applied',
      {
        seen: {
          http: [http.ok()],
          secretVersions: [{ kind: 'version', secret: 'token', wanted: 'latest', version: '2' }],
        },
      },
      [shell({ secrets: ['bot_token'] })],
    ],
    [
      'does not when the version is the applied one',
      {
        seen: {
          http: [http.ok()],
          secretVersions: [{ kind: 'version', secret: 'token', wanted: 'latest', version: '2' }],
        },
        state: { applied: [{ name: 'bot_token', secret: 'token', version: '2', at: NOW }] },
      },
      [],
    ],
    [
      'does not believe an SSH failure that is older than the answer over HTTP',
      { seen: { http: [http.ok()], ssh: ssh('silent', { at: NOW - SECOND }) } },
      [shell()],
    ],
    [
      'with a suspicion probes again and asks all witnesses side by side',
      { seen: dark },
      [reprobes, ...witnesses],
    ],
    [
      'asks the serial console from where it was read last',
      { seen: dark, state: { serialNext: 700 } },
      [reprobes, witnesses[0], { kind: 'vm', serialFrom: 700 }, witnesses[2], witnesses[3]],
    ],
    [
      'asks only who was not heard',
      { seen: { http: [http.silent, http.silent, http.silent], ssh: ssh('silent'), vm: vm() } },
      [{ kind: 'heartbeat' }, { kind: 'canary' }],
    ],
    ['has heard all', { seen: { http: [http.silent, http.silent, http.silent], ...heardAll } }, []],
    [
      'is patient with SSH on the third tick of a silent banner',
      { seen: dark, state: { bannerTimeouts: 2 } },
      [reprobes, shell({ inside: true, secrets: ['bot_token'] }, 25_000), ...witnesses.slice(1)],
    ],
    [
      'looks for the trace of a power order whose end is unknown',
      { seen: dark, state: { action: issued(action) } },
      [reprobes, ...witnesses, { kind: 'trace', actionId: 'a.reset.1' }],
    ],
    [
      'does not for one that is known to be done',
      { seen: dark, state: { action: { ...issued(action), result: { kind: 'done' } } } },
      [reprobes, ...witnesses],
    ],
    [
      'wants the secrets of a VM that is new',
      { seen: dark, state: unarmed, recollection: {} },
      [reprobes, shell({ inside: true, secrets: ['bot_token'] }), ...witnesses.slice(1), versions],
    ],
    ['of an idle target is one short probe', { state: { relookAt: NOW + 1 } }, [idleProbe]],
    ['of an idle target asks no more when it fails', { state: { relookAt: NOW + 1 }, seen: dark }, []],
    ['of an idle target takes a full look when it is time', { state: { relookAt: NOW } }, [probe]],
    [
      'of a paused target is one short probe',
      { state: { pause: { ...person, since: NOW, until: NOW + 1 } } },
      [idleProbe],
    ],
    ["that meets another run's lease is one probe", { state: { lease: { ...mine, owner: 'you' } } }, [probe]],
    [
      "that meets another run's lease asks no more",
      { state: { lease: { ...mine, owner: 'you' } }, seen: dark },
      [],
    ],
    [
      'that meets a lease which has ended goes on',
      { state: { lease: { ...mine, owner: 'you', expiresAt: NOW } }, seen: dark },
      [reprobes, ...witnesses],
    ],
  ])('%s', (_name, change, expected) => expect(asked(change)).toEqual(expected))
})

describe('nothing starts that does not fit', () => {
  it.each<[string, Change, readonly unknown[]]>([
    ['16 s: all of it', { seen: dark, leftMs: 16_000 }, [reprobes, ...witnesses]],
    ['15.9 s: no second probe and no SSH', { seen: dark, leftMs: 15_999 }, witnesses.slice(1)],
    ['7.9 s: no Compute either', { seen: dark, leftMs: 7_999 }, []],
    [
      '27.4 s: no patient attempt',
      { seen: dark, state: { bannerTimeouts: 2 }, leftMs: 27_499 },
      [reprobes, ...witnesses.slice(1)],
    ],
    [
      '15.9 s: no look over SSH at a healthy target',
      { ...ok, state: { action: issued(action) }, leftMs: 15_999 },
      [],
    ],
  ])('%s', (_name, change, expected) => expect(asked(change)).toEqual(expected))
})

describe('the last look', () => {
  const blackBox = { at: NOW, sections: [] }
  const look = (
    base: Action,
    seen: Change['seen'],
    leftMs?: number,
    intendedAt = base.intendedAt,
  ): Change => ({
    state: { action: { ...base, intendedAt }, lease: mine },
    ...(seen === undefined ? {} : { seen }),
    ...(leftMs === undefined ? {} : { leftMs }),
  })
  const old = { http: [{ ...http.silent, at: NOW - 2 * SECOND }], vm: vm({ at: NOW - 2 * SECOND }) }
  const oldOk = { http: [http.ok()], ssh: ssh('ok', { at: NOW - 2 * SECOND }) }
  it.each<[string, Change, readonly unknown[]]>([
    ['before a restart is one more probe', look(restart, old), [probe]],
    [
      'before a reboot is one more probe, and the black box beside it',
      look({ ...action, rung: 'reboot' }, old),
      [probe, { kind: 'black-box', overSsh: false, deadlineMs: 10_000 }],
    ],
    [
      'which goes over SSH where SSH works',
      look({ ...action, rung: 'reboot' }, { ...old, ssh: ssh('ok') }),
      [probe, { kind: 'black-box', overSsh: true, deadlineMs: 10_000 }],
    ],
    [
      'which gets no time that the action needs',
      look({ ...action, rung: 'reboot' }, old, 25_000),
      [probe, { kind: 'black-box', overSsh: false, deadlineMs: 2_000 }],
    ],
    ['which is left out for want of time', look({ ...action, rung: 'reboot' }, old, 23_000), [probe]],
    [
      "before a reset is one more probe, Compute's word and the black box",
      look(action, old),
      [probe, { kind: 'vm' }, { kind: 'black-box', overSsh: false, deadlineMs: 10_000 }],
    ],
    [
      'probes once more when the black box took long: the VM may be back',
      look(
        action,
        { http: [{ ...http.silent, at: NOW - 9 * SECOND }], vm: vm(), blackBox },
        undefined,
        NOW - 10 * SECOND,
      ),
      [probe],
    ],
    [
      'does so once only',
      look(
        action,
        {
          http: [
            { ...http.silent, at: NOW - 9 * SECOND },
            { ...http.silent, at: NOW - 8 * SECOND },
          ],
          vm: vm(),
          blackBox,
        },
        undefined,
        NOW - 10 * SECOND,
      ),
      [],
    ],
    ...(['start', 'resume'] as const).map((rung): [string, Change, readonly unknown[]] => [
      `before a ${rung} too`,
      look({ ...action, rung }, old),
      [probe, { kind: 'vm' }],
    ]),
    ['asks no more when it has both', look(action, { http: [http.silent], vm: vm() }), []],
    ['behind a working endpoint asks for the unit again', look(restart, oldOk), [shell()]],
    ['does so once', look(restart, { http: [http.ok()], ssh: ssh('ok') }), []],
    ['does so only where the restart would still fit', look(restart, oldOk, 37_999), []],
  ])('%s', (_name, change, expected) => expect(asked(change)).toEqual(expected))
})

describe('verifying', () => {
  const ordered = (base: Action, change: Change = {}): Change => ({
    ...change,
    state: { action: { ...issued(base), result: { kind: 'done' } }, lease: mine },
  })
  const grace = { since: NOW, until: NOW + 5 * MINUTE, why: 'reset' }
  it.each<[string, Change, readonly unknown[]]>([
    ['probes again after a gap', ordered(restart), [gapProbe]],
    ['goes on while it fails', ordered(restart, { seen: dark }), [gapProbe]],
    [
      "ends when the restart's window is over",
      {
        ...ordered(restart),
        state: {
          action: { ...issued(restart), issuedAt: NOW - 45 * SECOND, result: { kind: 'done' } },
          lease: mine,
        },
      },
      [],
    ],
    ['of a boot goes on to the end of the tick', ordered(action, { leftMs: 8_000 }), [gapProbe]],
    ['starts no probe that would not fit', ordered(action, { leftMs: 7_999 }), []],
    ['asks for proof when it works', ordered(restart, ok), [shell()]],
    ['has its proof', ordered(restart, { seen: { http: [http.ok()], ssh: ssh('ok'), facts } }), []],
    ['goes without proof when there is no time', ordered(restart, { ...ok, leftMs: 15_999 }), []],
    [
      'of a boot goes on in the ticks after, when all witnesses were heard',
      {
        seen: { http: [http.silent, http.silent, http.silent], ...heardAll },
        state: { action: { ...issued(action), result: { kind: 'done' } }, grace },
      },
      [gapProbe],
    ],
    [
      'of a boot does not go on where Compute says that the VM is down',
      {
        seen: {
          http: [http.silent, http.silent, http.silent],
          ...heardAll,
          vm: vm({ status: 'TERMINATED' }),
        },
        state: { action: { ...issued(action), result: { kind: 'done' } }, grace },
      },
      [],
    ],
    [
      'of a boot does not go on where its grace ends in this tick: it may have to act',
      {
        seen: { http: [http.silent, http.silent, http.silent], ...heardAll },
        state: {
          action: { ...issued(action), result: { kind: 'done' } },
          grace: { ...grace, until: NOW + 54 * SECOND },
        },
      },
      [],
    ],
  ])('%s', (_name, change, expected) => expect(asked(change)).toEqual(expected))
})

describe('other requests', () => {
  it.each<[string, Change, readonly unknown[]]>([
    ["a person's recovery asks for everything at once", { request: recover() }, [probe, ...witnesses]],
    [
      'a sync asks for the versions and the VM at once',
      { request: { kind: 'sync', dryRun: false } },
      [probe, versions, shell({ inside: true, secrets: ['bot_token'] })],
    ],
    [
      'a sync of an idle target is no short probe',
      { request: { kind: 'sync', dryRun: false }, state: { relookAt: NOW + 1 } },
      [probe, versions, shell({ inside: true, secrets: ['bot_token'] })],
    ],
    ['an order asks nothing', { request: drillOrder }, []],
    [
      "an effect's result asks nothing",
      {
        state: { action: issued(restart), lease: mine },
        seen: { result: { kind: 'action', actionId: 'a.r.1', result: { kind: 'done' }, at: NOW } },
      },
      [],
    ],
  ])('%s', (_name, change, expected) => expect(asked(change)).toEqual(expected))

  it('a target without secrets is asked for none', () => {
    const plain = { ...target, workloads: target.workloads.map((workload) => ({ ...workload, secrets: [] })) }
    expect(asked({ target: plain, ...ok, recollection: {} })).toEqual([])
  })
})
