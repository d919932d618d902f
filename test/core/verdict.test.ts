import { describe, expect, it } from 'vitest'
import type { Observation } from '../../src/core/evidence.ts'
import type { Case } from '../../src/core/judgement.ts'
import { judge } from '../../src/core/verdict.ts'
import {
  armed,
  facts,
  failedUnit,
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
  twoWorkloads,
  unit,
  vm,
} from './build.ts'

/** A case in the table: what was seen, under which state, and the word of the judge in brief. */
type Row = readonly [string, Partial<Observation>, string, Partial<Case>?]

function table(rows: readonly Row[]): void {
  for (const [name, seen, expected, under] of rows) it(name, () => expect(word(seen, under)).toBe(expected))
}

function word(change: Partial<Observation>, under: Partial<Case> = {}): string {
  const { verdict, cause, certainty, remedy } = judge(subject({ observation: observe(change), ...under }))
  const units =
    remedy.kind === 'restart-workload'
      ? `(${remedy.units.join(',')}${remedy.allDown ? ', all down' : ''})`
      : ''
  const held =
    'notBefore' in remedy && remedy.notBefore !== undefined
      ? ` after ${(remedy.notBefore - NOW) / SECOND} s`
      : ''
  return `${verdict}${cause ? ` ${cause}` : ''} ${certainty}: ${remedy.kind}${units}${held}`
}

const inside = { kind: 'fails', detail: 'curl: (7) refused' } as const
const running = { kind: 'ok', units: [unit()] } as const
const down = {
  http: [http.refused],
  ssh: ssh('ok'),
  facts,
  inside,
  vm: vm(),
  heartbeat: heartbeat.fresh,
} as const

describe('http works', () => {
  table([
    ['and nothing else was asked: healthy', { http: [http.ok()] }, 'healthy definitive: none'],
    [
      'after a probe that failed: the newest word counts',
      { http: [http.silent, http.ok()] },
      'healthy definitive: none',
    ],
    [
      'and a workload failed, which ssh confirms: that unit',
      { http: [http.ok()], ssh: ssh('ok'), facts, workloads: { kind: 'ok', units: [failedUnit] } },
      'unhealthy workload-failed definitive: restart-workload(bot.service, all down)',
    ],
    [
      'and the kit says failed, ssh says fine: the kit alone causes nothing',
      { http: [http.ok(kit({ status: 'failed' }))], ssh: ssh('ok'), facts, workloads: running },
      'healthy definitive: none',
    ],
    [
      'and the kit says failed, ssh is silent: degraded',
      { http: [http.ok(kit({ status: 'failed' }))], ssh: ssh('silent') },
      'degraded recovery-path-broken definitive: none',
    ],
    [
      'and ssh does not: the recovery path is broken',
      { http: [http.ok()], ssh: ssh('auth-failed') },
      'degraded recovery-path-broken definitive: none',
    ],
    [
      'and ssh did not when last asked',
      { http: [http.ok()] },
      'degraded recovery-path-broken definitive: none',
      { state: armed({ sshTrouble: { kind: 'silent', since: NOW } }) },
    ],
    [
      'and Podman hangs: no reboot of a VM that works',
      {
        http: [http.ok()],
        ssh: ssh('ok'),
        facts,
        workloads: { kind: 'wedged', detail: 'timed out', units: [unit()] },
      },
      'degraded recovery-path-broken definitive: none',
    ],
    [
      'and memory is over its threshold',
      { http: [http.ok(kit({ memory: { totalMb: 1000, usedMb: 750 } }))] },
      'degraded pressure definitive: none',
    ],
    [
      'and swap is over its threshold',
      { http: [http.ok(kit({ swap: { totalMb: 2000, usedMb: 1900 } }))] },
      'degraded pressure definitive: none',
    ],
    [
      'and memory stalls',
      { http: [http.ok(kit({ memoryStallPercent: 60 }))] },
      'degraded pressure definitive: none',
    ],
    [
      'and the disk is nearly full',
      { http: [http.ok(kit({ disk: { totalMb: 100, usedMb: 95 } }))] },
      'degraded pressure definitive: none',
    ],
    [
      'and a unit is active without a container that we know: not failed while http works',
      {
        http: [http.ok()],
        ssh: ssh('ok'),
        facts,
        workloads: { kind: 'ok', units: [unit({ container: undefined as never })] },
      },
      'healthy definitive: none',
    ],
  ])
})

describe('http fails and ssh works', () => {
  const units = (...list: ReturnType<typeof unit>[]) => ({ workloads: { kind: 'ok' as const, units: list } })
  table([
    [
      'the unit failed',
      { ...down, ...units(failedUnit) },
      'unhealthy workload-failed definitive: restart-workload(bot.service, all down)',
    ],
    [
      'the unit is inactive after a failure',
      { ...down, ...units(unit({ active: 'inactive', result: 'exit-code' })) },
      'unhealthy workload-failed definitive: restart-workload(bot.service, all down)',
    ],
    [
      'the container exited under an active unit',
      { ...down, ...units(unit({ container: { id: 'c', running: false, exitCode: 137 } })) },
      'unhealthy workload-failed definitive: restart-workload(bot.service, all down)',
    ],
    [
      'the container is gone',
      { ...down, ...units(unit({ container: undefined as never })) },
      'unhealthy workload-failed definitive: restart-workload(bot.service, all down)',
    ],
    [
      'the container is unhealthy',
      { ...down, ...units(unit({ container: { id: 'c', running: true, health: 'unhealthy' } })) },
      'unhealthy workload-failed definitive: restart-workload(bot.service, all down)',
    ],
    [
      'systemd knows no such unit: a restart would not help',
      { ...down, ...units(unit({ load: 'not-found' })) },
      'unhealthy workload-failed definitive: human',
    ],
    [
      'auto-restart: the inner guard is at work',
      { ...down, ...units(unit({ active: 'activating', sub: 'auto-restart' })) },
      'unhealthy inner-guard-at-work definitive: wait',
    ],
    [
      'health starting',
      { ...down, ...units(unit({ container: { id: 'c', running: true, health: 'starting' } })) },
      'unhealthy inner-guard-at-work definitive: wait',
    ],
    [
      'health failing below its retries',
      {
        ...down,
        ...units(unit({ container: { id: 'c', running: true, health: 'healthy', failingStreak: 2 } })),
      },
      'unhealthy inner-guard-at-work definitive: wait',
    ],
    [
      'the inner guard has been at work to its limit',
      { ...down, ...units(unit({ active: 'activating', sub: 'auto-restart' })) },
      'unhealthy inner-guard-at-work definitive: wait',
      { state: armed({ innerGuardSince: NOW - 75 * SECOND }) },
    ],
    [
      'the inner guard has been at work for longer than its limit',
      { ...down, ...units(unit({ active: 'activating', sub: 'auto-restart' })) },
      'unhealthy workload-failed definitive: restart-workload(bot.service, all down)',
      { state: armed({ innerGuardSince: NOW - 76 * SECOND }) },
    ],
    [
      'the units look well and inside fails: hung',
      { ...down, workloads: running },
      'unhealthy workload-hung definitive: restart-workload(bot.service, all down)',
    ],
    [
      'inside works: the path is broken',
      { ...down, inside: { kind: 'ok' }, workloads: running },
      'degraded path-broken definitive: none',
    ],
    [
      'inside could not be asked',
      { ...down, inside: { kind: 'unknown', detail: 'no curl' }, workloads: running },
      'inconclusive ambiguous: none',
    ],
    [
      'only the kit fails, which used to answer: no workload is restarted for it',
      { ...down, workloads: { kind: 'ok', units: [unit(), unit({ unit: 'api.service' })] } },
      'degraded path-broken definitive: none',
      { target: twoWorkloads, state: armed({ servedByKit: true }) },
    ],
    [
      'the unit was stopped cleanly',
      { ...down, ...units(unit({ active: 'inactive', sub: 'dead' })) },
      'degraded stopped-by-person definitive: none',
    ],
    [
      'the unit is masked',
      { ...down, ...units(unit({ load: 'masked', active: 'failed' })) },
      'degraded stopped-by-person definitive: none',
    ],
    [
      'the unit is being stopped',
      { ...down, ...units(unit({ active: 'deactivating' })) },
      'degraded stopped-by-person definitive: none',
    ],
    [
      'the hold file is there',
      { ...down, facts: { ...facts, held: true }, ...units(failedUnit) },
      'degraded stopped-by-person definitive: none',
    ],
    [
      'Podman is wedged',
      { ...down, workloads: { kind: 'wedged', detail: 'timed out', units: [unit()] } },
      'unhealthy podman-wedged ambiguous: reboot',
    ],
    [
      'the answers make no sense: never a recovery',
      { ...down, workloads: { kind: 'unreadable', detail: 'not JSON' } },
      'inconclusive ambiguous: none',
    ],
    [
      'one of two failed: only that one, and not all are down',
      { ...down, workloads: { kind: 'ok', units: [failedUnit, unit({ unit: 'api.service' })] } },
      'unhealthy workload-failed definitive: restart-workload(bot.service)',
      { target: twoWorkloads },
    ],
    [
      'one failed, the other is being restarted: the failed one',
      {
        ...down,
        workloads: { kind: 'ok', units: [failedUnit, unit({ unit: 'api.service', active: 'activating' })] },
      },
      'unhealthy workload-failed definitive: restart-workload(bot.service, all down)',
      { target: twoWorkloads },
    ],
    [
      'a 503 by the kit counts as a failure',
      { ...down, http: [http.bad(kit({ status: 'failed' }))], ...units(failedUnit) },
      'unhealthy workload-failed definitive: restart-workload(bot.service, all down)',
    ],
  ])
})

describe('http fails and ssh lets nobody in', () => {
  table([
    [
      'a rejected key is no frozen VM',
      { ...down, ssh: ssh('auth-failed') },
      'unhealthy no-way-in ambiguous: human',
    ],
    ['a changed host key', { ...down, ssh: ssh('host-key-changed') }, 'unhealthy no-way-in ambiguous: human'],
    ['the gate refuses', { ...down, ssh: ssh('gate-refused') }, 'unhealthy no-way-in ambiguous: human'],
    [
      'there is no key to connect with',
      { ...down, ssh: ssh('not-asked') },
      'unhealthy no-way-in ambiguous: human',
    ],
    [
      'something answers badly: it lives',
      { ...down, http: [http.bad()], ssh: ssh('silent') },
      'unhealthy no-way-in ambiguous: human',
    ],
  ])
})

describe('neither http nor ssh answers and the VM runs', () => {
  const dark = { http: [http.silent], ssh: ssh('silent'), vm: vm(), heartbeat: heartbeat.stale }
  const lost = { urlsAsked: 3, urlsOk: 1 }
  table([
    ['heartbeat stale: frozen, by three witnesses', dark, 'unhealthy vm-frozen ambiguous: reset'],
    ['refused instead of silent', { ...dark, http: [http.refused] }, 'unhealthy vm-frozen ambiguous: reset'],
    [
      'heartbeat fresh: the VM lives',
      { ...dark, heartbeat: heartbeat.fresh },
      'degraded path-broken definitive: none',
    ],
    [
      'heartbeat from the future proves nothing',
      { ...dark, heartbeat: { kind: 'seen', at: NOW + HOUR_AHEAD, bootId: 'b' } },
      'inconclusive ambiguous: none',
    ],
    [
      'a heartbeat that moved since the last look is fresh, whatever its clock says',
      dark,
      'degraded path-broken definitive: none',
      { state: armed({ heartbeat: { at: NOW - 6 * MINUTE, bootId: 'boot-1', seenAt: NOW - MINUTE } }) },
    ],
    [
      'a heartbeat that stands still is stale, whatever its clock says',
      { ...dark, heartbeat: heartbeat.fresh },
      'unhealthy vm-frozen ambiguous: reset',
      { state: armed({ heartbeat: { at: NOW - 20 * SECOND, bootId: 'boot-1', seenAt: NOW - 2 * MINUTE } }) },
    ],
    [
      'the heartbeat could not be read',
      { ...dark, heartbeat: { kind: 'unavailable', detail: '403' } },
      'inconclusive ambiguous: none',
    ],
    [
      'no kit and no peer: silence has to last',
      { ...dark, heartbeat: heartbeat.absent },
      'unhealthy vm-unreachable ambiguous: reset after 600 s',
    ],
    [
      'no kit, and silent for ten minutes already',
      { ...dark, heartbeat: heartbeat.absent },
      'unhealthy vm-unreachable ambiguous: reset after 0 s',
      { state: armed({ silentSince: NOW - 10 * MINUTE }) },
    ],
    [
      'no kit, and a peer answers',
      { ...dark, heartbeat: heartbeat.absent },
      'unhealthy vm-unreachable ambiguous: reset',
      { peersAnswering: 1 },
    ],
    [
      'ssh refused: a kernel lives, time must tell',
      { ...dark, ssh: ssh('refused') },
      'unhealthy vm-frozen ambiguous: reset after 600 s',
    ],
    [
      'a silent banner, first tick',
      { ...dark, ssh: ssh('banner-timeout') },
      'unhealthy vm-frozen ambiguous: wait',
    ],
    [
      'a silent banner, third tick, but no patient attempt',
      { ...dark, ssh: ssh('banner-timeout') },
      'unhealthy vm-frozen ambiguous: wait',
      { state: armed({ bannerTimeouts: 2 }) },
    ],
    [
      'a silent banner, third tick, with one attempt of 25 s',
      { ...dark, ssh: ssh('banner-timeout', { patient: true }) },
      'unhealthy vm-frozen ambiguous: reset',
      { state: armed({ bannerTimeouts: 2 }) },
    ],
    [
      'Compute could not be asked',
      { ...dark, vm: { kind: 'unavailable', at: NOW, detail: '503' } },
      'inconclusive ambiguous: none',
    ],
    ['the canary fails', { ...dark, canary: lost }, 'inconclusive guard-offline ambiguous: none'],
    [
      'the canary fails, but a peer answers',
      { ...dark, canary: lost },
      'unhealthy vm-frozen ambiguous: reset',
      { peersAnswering: 1 },
    ],
    [
      'two of three control URLs are enough',
      { ...dark, canary: { urlsAsked: 3, urlsOk: 2 } },
      'unhealthy vm-frozen ambiguous: reset',
    ],
    ['the guard has just started', dark, 'inconclusive guard-young ambiguous: none', { moment: young }],
    [
      'the guard has just started, and a peer answers',
      dark,
      'unhealthy vm-frozen ambiguous: reset',
      { moment: young, peersAnswering: 1 },
    ],
    [
      'the guard has just started, and youth has excused two ticks',
      dark,
      'unhealthy vm-frozen ambiguous: reset',
      { moment: young, state: armed({ youngExcuses: [NOW - 2 * MINUTE, NOW - MINUTE] }) },
    ],
    [
      'the guard has just started, but the port was refused: no lost packet',
      { ...dark, http: [http.refused] },
      'unhealthy vm-frozen ambiguous: reset',
      { moment: young },
    ],
  ])

  it('allows a reset of a VM that lives behind a broken path only where the policy does, and after ten minutes', () => {
    const under = subject({ observation: observe({ ...dark, heartbeat: heartbeat.fresh }) })
    const allowed = { ...under.policy, path: { ...under.policy.path, resetAllowed: true } }
    expect(judge({ ...under, policy: allowed })).toEqual({
      verdict: 'degraded',
      cause: 'path-broken',
      certainty: 'definitive',
      reason: 'neither HTTP nor SSH answers, but the heartbeat is fresh: the VM lives behind a broken path',
      remedy: { kind: 'reset', notBefore: NOW + 10 * MINUTE },
    })
  })
})

const HOUR_AHEAD = 60 * MINUTE
const young = { now: NOW, deadlineAt: NOW + 55 * SECOND, guardStartedAt: NOW - 30 * SECOND, owner: 'me' }

describe('Compute has a word', () => {
  const dark = { http: [http.silent], ssh: ssh('silent'), heartbeat: heartbeat.stale }
  const stopped = (type: string, by = 'system', at = NOW - MINUTE) =>
    vm({ status: 'TERMINATED', lastStop: { type, by, at } })
  table([
    [
      'preempted: start it',
      { ...dark, vm: stopped('compute.instances.preempted') },
      'unhealthy vm-down definitive: start',
    ],
    [
      'a host error: the platform gets six minutes',
      { ...dark, vm: stopped('compute.instances.hostError') },
      'unhealthy vm-down definitive: start after 300 s',
    ],
    [
      'stopped by a person: it stays stopped',
      { ...dark, vm: stopped('stop', 'alice@example.com') },
      'degraded stopped-by-person definitive: none',
    ],
    [
      'powered off from inside: a person, for all we know',
      { ...dark, vm: stopped('compute.instances.guestTerminate') },
      'degraded stopped-by-person definitive: none',
    ],
    [
      'powered off from inside after our own reboot: ours',
      { ...dark, vm: stopped('compute.instances.guestTerminate') },
      'unhealthy vm-down definitive: start',
      { state: armed({ uses: [{ rung: 'reboot', at: NOW - 2 * MINUTE }] }) },
    ],
    [
      'no operation is found: not guessed at',
      { ...dark, vm: vm({ status: 'TERMINATED' }) },
      'degraded stopped-by-person definitive: none',
    ],
    [
      'suspended by the platform: resume',
      {
        ...dark,
        vm: vm({
          status: 'SUSPENDED',
          lastStop: { type: 'compute.instances.preempted', by: 'system', at: NOW },
        }),
      },
      'unhealthy vm-down definitive: resume',
    ],
    [
      'suspended by a person',
      {
        ...dark,
        vm: vm({ status: 'SUSPENDED', lastStop: { type: 'suspend', by: 'alice@example.com', at: NOW } }),
      },
      'degraded stopped-by-person definitive: none',
    ],
    ...(
      [
        'PROVISIONING',
        'STAGING',
        'PENDING',
        'PENDING_STOP',
        'STOPPING',
        'SUSPENDING',
        'REPAIRING',
        'DEPROVISIONING',
        'UNKNOWN',
      ] as const
    ).map(
      (status): Row => [
        `${status}: wait`,
        { ...dark, vm: vm({ status }) },
        'unhealthy vm-in-transition definitive: wait',
      ],
    ),
    [
      'no such instance',
      { ...dark, vm: { kind: 'not-found', at: NOW } },
      'unhealthy vm-replaced definitive: human',
    ],
    [
      'another instance id than armed',
      { ...dark, vm: vm({ instanceId: '43' }) },
      'unhealthy vm-replaced definitive: human',
    ],
    [
      'the armed address is gone',
      { ...dark, vm: vm({ addresses: ['10.0.0.9'] }) },
      'unhealthy vm-replaced definitive: human',
    ],
    [
      'a target that was never armed has nothing to be replaced',
      { ...dark, vm: vm({ instanceId: '43' }) },
      'unhealthy vm-frozen ambiguous: reset',
      { state: armed({ arming: { kind: 'unarmed', why: 'new', since: NOW } }) },
    ],
    [
      'http works: Compute is not believed over it',
      { http: [http.ok()], vm: stopped('stop', 'alice@example.com') },
      'healthy definitive: none',
    ],
  ])
})

describe('the guard could not look', () => {
  table([
    ['nothing was asked', {}, 'inconclusive ambiguous: none'],
    [
      'its own name resolution failed',
      { http: [{ kind: 'not-asked', at: NOW, durationMs: 1, detail: 'ENOTFOUND' }] },
      'inconclusive ambiguous: none',
    ],
  ])

  it('says so when a target without workloads hangs: there is nothing to restart', () => {
    expect(
      word({ ...down, workloads: { kind: 'ok', units: [] } }, { target: { ...target, workloads: [] } }),
    ).toBe('unhealthy workload-hung definitive: human')
  })
})
