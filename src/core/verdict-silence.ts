/**
 * Rows of the evidence table for a VM that runs and answers neither HTTP nor SSH: cut off, or dead?
 * A third witness must say dead before anything may be reset.
 */
import { assertNever } from './assert-never.ts'
import type { Case, Judgement, Remedy } from './judgement.ts'
import { degraded, inconclusive, unhealthy } from './judgement.ts'
import { guardReachesTheWorld, newestHttp, readHeartbeat, sshIsSilent } from './reading.ts'

export function judgeSilence(subject: Case): Judgement | undefined {
  const { policy, observation, peersAnswering, moment } = subject
  if (!sshIsSilent(observation)) return undefined
  if (!guardReachesTheWorld(observation, peersAnswering))
    return inconclusive('the guard itself reaches nothing: no control URL, no other target', 'guard-offline')
  if (isExcusedByYouth(subject))
    return inconclusive(
      `the guard started ${Math.round((moment.now - moment.guardStartedAt) / 1000)} s ago, when fresh instances lose packets`,
      'guard-young',
    )
  const vm = observation.vm
  if (vm === undefined || vm.kind !== 'seen')
    return inconclusive(
      vm?.kind === 'unavailable'
        ? `neither HTTP nor SSH answers, and Compute could not be asked: ${vm.detail}`
        : 'neither HTTP nor SSH answers, and Compute was not asked',
    )
  const heartbeat = readHeartbeat(policy, subject.state, observation, moment.now)
  switch (heartbeat) {
    case 'unavailable':
      return inconclusive('neither HTTP nor SSH answers, and the heartbeat could not be read')
    case 'fresh':
      return degraded(
        'path-broken',
        'neither HTTP nor SSH answers, but the heartbeat is fresh: the VM lives behind a broken path',
        livesBehindBrokenPath(subject),
      )
    case 'stale':
      return dead(subject, 'vm-frozen', 'the VM runs, but HTTP, SSH and heartbeat are all gone')
    case 'absent':
      return dead(subject, 'vm-unreachable', 'the VM runs, but neither HTTP nor SSH answers')
    default:
      return assertNever(heartbeat)
  }
}

function isExcusedByYouth({ policy, state, observation, peersAnswering, moment }: Case): boolean {
  if (moment.now - moment.guardStartedAt >= policy.guard.youngMs || peersAnswering > 0) return false
  if (newestHttp(observation)?.kind !== 'silent' || observation.ssh?.kind !== 'silent') return false
  const excuses = state.youngExcuses.filter((at) => moment.now - at < policy.guard.youngWindowMs)
  return excuses.length < policy.guard.youngTicks
}

function livesBehindBrokenPath({ policy, state, moment }: Case): Remedy {
  if (!policy.path.resetAllowed) return { kind: 'none' }
  return { kind: 'reset', notBefore: (state.silentSince ?? moment.now) + policy.path.resetAfterMs }
}

function dead(subject: Case, cause: 'vm-frozen' | 'vm-unreachable', reason: string): Judgement {
  const { policy, state, observation, peersAnswering, moment } = subject
  const ssh = observation.ssh
  if (
    ssh?.kind === 'banner-timeout' &&
    !(bannerTicks(subject) >= policy.ssh.bannerTimeoutTicks && ssh.patient)
  )
    return unhealthy(
      'ambiguous',
      cause,
      `${reason}; sshd accepts and says nothing (tick ${bannerTicks(subject)} of ${policy.ssh.bannerTimeoutTicks})`,
      { kind: 'wait' },
    )
  // A refusal comes from a living kernel, and without a heartbeat the path may be to blame: time must tell.
  const weak = ssh?.kind === 'refused' || (cause === 'vm-unreachable' && peersAnswering === 0)
  const notBefore = (state.silentSince ?? moment.now) + policy.path.silenceMs
  return unhealthy('ambiguous', cause, reason, weak ? { kind: 'reset', notBefore } : { kind: 'reset' })
}

/** Ticks in a row with a silent banner, this one included. */
function bannerTicks({ state }: Case): number {
  return state.bannerTimeouts + 1
}
