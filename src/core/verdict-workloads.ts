/** Rows of the evidence table for a VM that SSH gets into: what its units, Podman and the URL from inside say. */
import type { UnitEvidence } from './evidence.ts'
import type { Case, Judgement } from './judgement.ts'
import { degraded, inconclusive, unhealthy } from './judgement.ts'
import type { UnitReading } from './reading.ts'
import { httpWorks, innerGuardLimitMs, readUnit } from './reading.ts'
import type { Workload } from './target.ts'

type Readings = readonly {
  readonly workload: Workload
  readonly unit: UnitEvidence | undefined
  readonly reading: UnitReading
}[]

/** Http works: one workload of several may be down all the same. */
export function workloadsBehindHealthyHttp(subject: Case): Judgement | undefined {
  const { observation } = subject
  if (observation.ssh?.kind !== 'ok' || observation.workloads?.kind !== 'ok') return undefined
  // Without its facts nobody knows whether a person asked for peace on this VM.
  if (observation.facts === undefined || observation.facts.held) return undefined
  return judgeReadings(subject, readingsOf(subject, observation.workloads.units))
}

/** Http fails and SSH works. */
export function judgeWorkloads(subject: Case): Judgement | undefined {
  const { observation } = subject
  if (observation.ssh?.kind !== 'ok') return undefined
  if (observation.facts?.held === true)
    return degraded('stopped-by-person', 'the hold file is there: a person asked for peace on this VM')
  const workloads = observation.workloads
  if (workloads === undefined) return inconclusive('SSH works, but the workloads were not asked')
  if (workloads.kind === 'unreadable')
    return inconclusive(`SSH works, but what it says of the workloads makes no sense: ${workloads.detail}`)
  const readings = readingsOf(subject, workloads.units)
  if (workloads.kind === 'wedged')
    return unhealthy('ambiguous', 'podman-wedged', `Podman is wedged: ${workloads.detail}`, {
      kind: 'reboot',
    })
  if (observation.facts === undefined)
    return inconclusive('SSH works, but not whether a person asked for peace on this VM could be read')
  return judgeReadings(subject, readings) ?? judgeFineUnits(subject, readings)
}

function readingsOf({ target }: Case, units: readonly UnitEvidence[]): Readings {
  return target.workloads.map((workload) => {
    const unit = units.find((candidate) => candidate.unit === workload.unit)
    return { workload, unit, reading: readUnit(unit) }
  })
}

function judgeReadings(subject: Case, readings: Readings): Judgement | undefined {
  const failed = readings.filter(({ reading }) => hasFailed(reading, subject))
  if (failed.length > 0) return workloadFailed(failed, readings)
  const missing = readings.filter(({ reading }) => reading === 'missing')
  if (missing.length > 0)
    return unhealthy('definitive', 'workload-failed', `systemd knows no ${names(missing)}`, { kind: 'human' })
  const atWork = readings.filter((row) => row.reading === 'at-work' && !answers(row.workload, subject))
  if (atWork.length > 0) return innerGuardAtWork(subject, atWork, readings)
  const stopped = readings.filter((row) => row.reading === 'stopped' && mayExplain(row.workload, subject))
  if (stopped.length > 0) return degraded('stopped-by-person', `${names(stopped)} was stopped, not failed`)
  return undefined
}

/** The workload's own process has just answered the health check: whatever it is starting, it works. */
function answers({ unit }: Workload, { target, observation }: Case): boolean {
  return target.health.unit === unit && httpWorks(observation)
}

/** A failing health check that another workload owns is not explained by this one's rest. */
function mayExplain({ unit }: Workload, { target, observation }: Case): boolean {
  const owner = target.health.unit
  return httpWorks(observation) || owner === undefined || owner === unit
}

/** A unit that is active without a container we know has failed only where the health check says so too. */
function hasFailed(reading: UnitReading, { observation }: Case): boolean {
  return reading === 'failed' || (reading === 'no-container' && !httpWorks(observation))
}

function workloadFailed(failed: Readings, readings: Readings): Judgement {
  const words = failed.map(({ workload, unit }) => `${workload.unit} ${describe(unit)}`)
  return unhealthy('definitive', 'workload-failed', words.join('; '), {
    kind: 'restart-workload',
    units: failed.map(({ workload }) => workload.unit),
    allDown: noneWorks(readings),
  })
}

function innerGuardAtWork(subject: Case, atWork: Readings, readings: Readings): Judgement {
  const { policy, state, moment } = subject
  const since = state.innerGuardSince ?? moment.now
  const limitMs = Math.max(...atWork.map(({ workload, unit }) => innerGuardLimitMs(policy, workload, unit)))
  if (moment.now - since <= limitMs)
    return unhealthy(
      'definitive',
      'inner-guard-at-work',
      `${names(atWork)} is being restarted on the VM, which may take ${Math.round(limitMs / 1000)} s`,
      { kind: 'wait' },
    )
  return unhealthy(
    'definitive',
    'workload-failed',
    `${names(atWork)} did not come up in the ${Math.round(limitMs / 1000)} s that the VM's own guard has`,
    {
      kind: 'restart-workload',
      units: atWork.map(({ workload }) => workload.unit),
      allDown: noneWorks(readings),
    },
  )
}

/** All units look well and the health check fails: the path, or a workload that hangs. */
function judgeFineUnits(subject: Case, readings: Readings): Judgement {
  const inside = subject.observation.inside
  if (inside === undefined || inside.kind === 'unknown')
    return inconclusive('the units look well, and the health URL could not be asked from inside')
  if (inside.kind === 'ok')
    return degraded('path-broken', 'the health URL works from inside the VM, not from here')
  if (subject.state.servedByKit === true && subject.target.health.unit === undefined)
    return degraded('path-broken', 'all workloads are well; only the endpoint that reports on them fails')
  const owner = subject.target.health.unit
  const hung = readings.filter(({ workload }) => owner === undefined || workload.unit === owner)
  if (hung.length === 0)
    return unhealthy('definitive', 'workload-hung', 'no workload is configured that could be restarted', {
      kind: 'human',
    })
  // Without an owner the URL speaks for all of them: each is restarted, in the configuration's order, before a reboot.
  const verb = hung.length === 1 ? 'looks well and answers' : 'look well and answer'
  return unhealthy('definitive', 'workload-hung', `${names(hung)} ${verb} nobody: ${inside.detail}`, {
    kind: 'restart-workload',
    units: hung.map(({ workload }) => workload.unit),
    allDown: hung.length === readings.length,
  })
}

function noneWorks(readings: Readings): boolean {
  return readings.every(({ reading }) => reading !== 'fine' && reading !== 'unknown')
}

function names(readings: Readings): string {
  return readings.map(({ workload }) => workload.unit).join(', ')
}

function describe(unit: UnitEvidence | undefined): string {
  if (unit === undefined) return 'is unknown'
  const container = unit.container
  if (unit.active !== 'active') return `is ${unit.active} (${unit.result})`
  if (container === undefined) return 'has no container'
  if (!container.running) return `exited (${container.exitCode ?? 'unknown code'})`
  return `is ${container.health ?? 'in an unknown state'}`
}
