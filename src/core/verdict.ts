/**
 * The evidence table: what an observation means. Rows stand in order, and the first that fits has the word.
 * Whether it has stood long enough is confirmation.ts's question, what to do about it escalation.ts's.
 */

import type { Case, Judgement } from './judgement.ts'
import { degraded, healthy, inconclusive, unhealthy } from './judgement.ts'
import { guardReachesTheWorld, kitRaisesSuspicion, newestHttp, pressures } from './reading.ts'
import { judgeSilence } from './verdict-silence.ts'
import { judgeVm } from './verdict-vm.ts'
import { judgeWorkloads, workloadsBehindHealthyHttp } from './verdict-workloads.ts'

type Row = (subject: Case) => Judgement | undefined

const WHEN_HTTP_WORKS: readonly Row[] = [
  workloadsBehindHealthyHttp,
  kitNamesAFailureThatSshCannotConfirm,
  recoveryPathBroken,
  underPressure,
  () => healthy('the health endpoint answers as it should'),
]

const WHEN_HTTP_FAILS: readonly Row[] = [
  judgeVm,
  judgeWorkloads,
  noWayIn,
  somethingLivesButNoWayIn,
  judgeSilence,
]

/** Judges one observation. Pure; the same case always gets the same word. */
export function judge(subject: Case): Judgement {
  const http = newestHttp(subject.observation)
  if (http === undefined) return inconclusive('the health endpoint was not asked')
  if (http.kind === 'not-asked')
    return inconclusive(
      `the health endpoint could not be asked: ${http.detail}`,
      isCutOff(subject) ? 'guard-offline' : undefined,
    )
  const rows = http.kind === 'ok' ? WHEN_HTTP_WORKS : WHEN_HTTP_FAILS
  for (const row of rows) {
    const judgement = row(subject)
    if (judgement !== undefined) return judgement
  }
  return inconclusive('the witnesses do not fit any known case')
}

function isCutOff({ observation, peersAnswering }: Case): boolean {
  return !guardReachesTheWorld(observation, peersAnswering)
}

function kitNamesAFailureThatSshCannotConfirm({ observation }: Case): Judgement | undefined {
  const http = newestHttp(observation)
  if (http?.kind !== 'ok' || !kitRaisesSuspicion(http.kit)) return undefined
  if (observation.ssh === undefined || observation.ssh.kind === 'ok') return undefined
  return degraded(
    'recovery-path-broken',
    `the health report names a failed workload, and SSH, which would confirm it, says ${observation.ssh.kind}`,
  )
}

function recoveryPathBroken({ observation, state }: Case): Judgement | undefined {
  const asked = observation.ssh
  if (asked !== undefined && asked.kind !== 'ok')
    return degraded('recovery-path-broken', `the workload answers, SSH does not: ${describeSsh(asked)}`)
  if (asked === undefined && state.sshTrouble !== undefined)
    return degraded(
      'recovery-path-broken',
      `the workload answers, SSH did not when last asked: ${describeSsh(state.sshTrouble)}`,
    )
  if (observation.workloads?.kind === 'wedged')
    return degraded(
      'recovery-path-broken',
      `the workload answers, Podman is wedged: ${observation.workloads.detail}`,
    )
  return undefined
}

function describeSsh({
  kind,
  detail,
}: {
  readonly kind: string
  readonly detail?: string | undefined
}): string {
  return detail === undefined ? kind : `${kind} (${detail})`
}

function underPressure({ policy, observation }: Case): Judgement | undefined {
  const http = newestHttp(observation)
  const found = pressures(policy, http?.kind === 'ok' ? http.kit : undefined)
  return found.length === 0 ? undefined : degraded('pressure', found.join(', '))
}

const LOCKED_OUT: readonly string[] = ['auth-failed', 'host-key-changed', 'gate-refused', 'not-asked']

/** A rotated key is no frozen VM: a person is called, nothing is reset. */
function noWayIn(subject: Case): Judgement | undefined {
  const { observation } = subject
  const ssh = observation.ssh
  if (ssh === undefined || !LOCKED_OUT.includes(ssh.kind)) return undefined
  if (ssh.kind === 'not-asked' && isCutOff(subject))
    return inconclusive('the guard itself reaches nothing, and has no key to ask over SSH', 'guard-offline')
  return unhealthy(
    'ambiguous',
    'no-way-in',
    `the health check fails and SSH lets nobody in: ${describeSsh(ssh)}`,
    {
      kind: 'human',
    },
  )
}

/** An answer, however bad, is a sign of life; without SSH there is no gentle way to mend it. */
function somethingLivesButNoWayIn({ observation }: Case): Judgement | undefined {
  const http = newestHttp(observation)
  const ssh = observation.ssh
  if (http?.kind !== 'answers-bad' || ssh === undefined || ssh.kind === 'ok') return undefined
  return unhealthy(
    'ambiguous',
    'no-way-in',
    `the endpoint answers badly (${http.detail}) and SSH says ${describeSsh(ssh)}`,
    { kind: 'human' },
  )
}
