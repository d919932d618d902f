/** Readings: what a witness's word means by the policy's measures, one question a function. No verdicts here. */
import { assertNever } from './assert-never.ts'
import type { HttpEvidence, KitReport, Observation, UnitEvidence } from './evidence.ts'
import type { Policy } from './policy.ts'
import type { TargetState } from './state.ts'
import type { Workload } from './target.ts'

export function newestHttp(observation: Observation): HttpEvidence | undefined {
  return observation.http.at(-1)
}

export function httpWorks(observation: Observation): boolean {
  return newestHttp(observation)?.kind === 'ok'
}

/** No SSH answer at all; what a banner that never comes means is decided by how long it lasts. */
export function sshIsSilent(observation: Observation): boolean {
  const kind = observation.ssh?.kind
  return kind === 'silent' || kind === 'banner-timeout' || kind === 'refused'
}

export type HeartbeatReading = 'fresh' | 'stale' | 'absent' | 'unavailable'

/**
 * A heartbeat is written by the VM's clock, which may have jumped: one that changed since the last look is
 * fresh whatever it says, and one from the future is no proof of anything.
 */
export function readHeartbeat(
  policy: Policy,
  state: TargetState,
  observation: Observation,
  now: number,
): HeartbeatReading {
  const beat = observation.heartbeat
  if (beat === undefined) return 'unavailable'
  switch (beat.kind) {
    case 'absent':
      return 'absent'
    case 'unavailable':
      return 'unavailable'
    case 'seen': {
      const known = state.heartbeat
      const knownForMs = known === undefined ? Number.POSITIVE_INFINITY : now - known.seenAt
      const sameAsKnown = known !== undefined && known.at === beat.at && known.bootId === beat.bootId
      if (sameAsKnown && knownForMs > policy.heartbeat.freshMs) return 'stale'
      if (!sameAsKnown && knownForMs <= policy.confirmation.gapMaxMs) return 'fresh'
      if (beat.at > now + policy.heartbeat.freshMs) return 'unavailable'
      return now - beat.at <= policy.heartbeat.freshMs ? 'fresh' : 'stale'
    }
    default:
      return assertNever(beat)
  }
}

/** Two of three control URLs, or one peer that answers, say that the guard itself is not cut off. */
export function guardReachesTheWorld(observation: Observation, peersAnswering: number): boolean {
  if (peersAnswering > 0) return true
  const canary = observation.canary
  if (canary === undefined || canary.urlsAsked === 0) return true
  return canary.urlsOk * 3 >= canary.urlsAsked * 2
}

export type UnitReading = 'failed' | 'at-work' | 'stopped' | 'fine' | 'no-container' | 'missing' | 'unknown'

/** What systemd and Podman together say of a unit: `at-work` is the inner guard's business, for a while. */
export function readUnit(unit: UnitEvidence | undefined): UnitReading {
  if (unit === undefined) return 'unknown'
  if (unit.load === 'masked') return 'stopped'
  if (unit.load === 'not-found') return 'missing'
  switch (unit.active) {
    case 'activating':
    case 'reloading':
      return 'at-work'
    case 'deactivating':
      return 'stopped'
    case 'failed':
      return 'failed'
    case 'inactive':
      return unit.result === 'success' ? 'stopped' : 'failed'
    case 'active':
      return readContainer(unit)
    default:
      return 'unknown'
  }
}

function readContainer({ container }: UnitEvidence): UnitReading {
  if (container === undefined) return 'no-container'
  if (!container.running || container.health === 'unhealthy') return 'failed'
  if (container.health === 'starting' || (container.failingStreak ?? 0) > 0) return 'at-work'
  return 'fine'
}

/** How long the inner guard may take to start a unit or to find it unhealthy; then it has failed. */
export function innerGuardLimitMs(
  policy: Policy,
  workload: Workload,
  unit: UnitEvidence | undefined,
): number {
  const health = workload.health
  if (health === undefined) return Math.min(policy.innerGuard.unknownMs, policy.innerGuard.maxMs)
  const startTimeoutMs = unit?.startTimeoutMs ?? 0
  const healthMs = (health.startSeconds + health.intervalSeconds * health.retries) * 1000
  return Math.min(startTimeoutMs + healthMs, policy.innerGuard.maxMs)
}

const BAD_STATES = new Set(['failed', 'inactive', 'exited', 'dead'])

/** True when the kit names a workload that is not well: worth a look over SSH, never an action by itself. */
export function kitRaisesSuspicion(kit: KitReport | undefined): boolean {
  if (kit === undefined) return false
  return (
    kit.status === 'failed' ||
    kit.workloads.some((workload) => BAD_STATES.has(workload.state) || workload.health === 'unhealthy')
  )
}

/** The kit's measures that are over their thresholds, in words; empty when none is. */
export function pressures(policy: Policy, kit: KitReport | undefined): readonly string[] {
  if (kit === undefined) return []
  const limits = policy.pressure
  const found: string[] = []
  const { memory, swap, disk, memoryStallPercent } = kit
  if (memory && memory.usedMb > limits.memoryUsedMb)
    found.push(`memory ${memory.usedMb} MB (over ${limits.memoryUsedMb})`)
  if (swap && percent(swap) > limits.swapUsedPercent)
    found.push(`swap ${percent(swap)} % (over ${limits.swapUsedPercent})`)
  if (memoryStallPercent !== undefined && memoryStallPercent > limits.memoryStallPercent)
    found.push(`memory stalls ${memoryStallPercent} % of the time (over ${limits.memoryStallPercent})`)
  if (disk && percent(disk) > limits.diskUsedPercent)
    found.push(`disk ${percent(disk)} % (over ${limits.diskUsedPercent})`)
  return found
}

function percent({ usedMb, totalMb }: { readonly usedMb: number; readonly totalMb: number }): number {
  return totalMb > 0 ? Math.round((usedMb / totalMb) * 100) : 0
}

/** An older heartbeat may be of a boot before the last one: three beats are its news. */
const BEAT_IS_NEWS_MS = 90_000

/** The boot id that any witness of this observation gave; the one over SSH counts most. */
export function seenBootId(observation: Observation): string | undefined {
  const beat = observation.heartbeat
  const http = newestHttp(observation)
  const kit = http?.kind === 'ok' || http?.kind === 'answers-bad' ? http.kit : undefined
  return (
    observation.facts?.bootId ??
    kit?.bootId ??
    (beat?.kind === 'seen' && beat.at >= observation.startedAt - BEAT_IS_NEWS_MS ? beat.bootId : undefined)
  )
}
