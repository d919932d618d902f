/**
 * A workload: a systemd unit made by Quadlet, with its container. systemd's states, Restart=always, the start
 * limit and HealthOnFailure=kill are here; how they are printed is systemd-output.ts's and podman-output.ts's.
 */
import { randomUUID } from 'node:crypto'
import type { Timers } from './clock.ts'
import { type Container, checkHealth, createContainer } from './container.ts'
import type { MachineTiming, WorkloadOptions } from './options.ts'
import type { SecretStore } from './secret-store.ts'

/** A start that fails does so at once. */
const FAILED_START_MS = 40
const EXIT_KILLED = 137
/** Podman's own exit code when it couldn't make the container. */
const EXIT_PODMAN = 125

export type UnitState = {
  readonly load: 'loaded' | 'masked'
  readonly active: 'active' | 'activating' | 'deactivating' | 'inactive' | 'failed'
  readonly sub: 'running' | 'start' | 'auto-restart' | 'stop-sigterm' | 'dead' | 'failed'
  readonly result: 'success' | 'exit-code' | 'start-limit-hit'
  /** 32 hexadecimal digits, new with every start; empty before the first. */
  readonly invocationId: string
  /** NRestarts: systemd's own, since the last ordered start. */
  readonly restarts: number
}

export type JobResult = 'active' | 'failed'

export type Workload = {
  readonly options: WorkloadOptions
  readonly container: string
  state(): UnitState
  current(): Container | undefined
  /** `boot`: as systemd starts what multi-user.target wants; `at-once`: it has been running all the time. */
  start(how: 'boot' | 'at-once'): void
  /** `systemctl restart`; resolves when the job ended, never when the power goes meanwhile. */
  restart(): Promise<JobResult>
  resetFailed(): void
  /** A person's `systemctl stop`. */
  stop(): void
  /** The main process dies; with `for-good` systemd's own starts fail until `reset-failed`. */
  die(how: 'once' | 'for-good'): void
  hang(): void
  /** The health command fails from now on; HealthOnFailure=kill acts on it or, `asleep`, doesn't. */
  sicken(innerGuard: 'acts' | 'asleep'): void
  powerLoss(): void
}

export type WorkloadContext = {
  readonly timers: Timers
  readonly timing: MachineTiming
  readonly secrets: SecretStore
  now(): number
  tell(text: string): void
  /** Something changed that may show from outside. */
  changed(): void
}

/** The unit as it is inside; the functions below move it. */
type Unit = {
  readonly options: WorkloadOptions
  readonly context: WorkloadContext
  readonly name: string
  state: UnitState
  container: Container | undefined
  failures: number
  startsFail: boolean
  innerGuard: 'acts' | 'asleep'
  /** What it waits for next: at most one thing. */
  cancelPending: () => void
  cancelHealth: () => void
  jobDone: (result: JobResult) => void
}

const NOTHING = (): void => undefined

const NEVER_STARTED: UnitState = {
  load: 'loaded',
  active: 'inactive',
  sub: 'dead',
  result: 'success',
  invocationId: '',
  restarts: 0,
}

export function containerNameOf(options: WorkloadOptions): string {
  return options.container ?? `systemd-${options.unit.replace(/\.service$/, '')}`
}

export function createWorkload(options: WorkloadOptions, context: WorkloadContext): Workload {
  const unit: Unit = {
    options,
    context,
    name: containerNameOf(options),
    state: NEVER_STARTED,
    container: undefined,
    failures: 0,
    startsFail: false,
    innerGuard: 'acts',
    cancelPending: NOTHING,
    cancelHealth: NOTHING,
    jobDone: NOTHING,
  }
  return {
    options,
    container: unit.name,
    state: () => unit.state,
    current: () => unit.container,
    start: (how) => start(unit, how),
    restart: () => restart(unit),
    resetFailed: () => resetFailed(unit),
    stop: () => stop(unit),
    die: (how) => die(unit, how),
    hang: () => hang(unit),
    sicken: (innerGuard) => sicken(unit, innerGuard),
    powerLoss: () => powerLoss(unit),
  }
}

function become(unit: Unit, next: Partial<UnitState>): void {
  unit.state = { ...unit.state, ...next }
  unit.context.changed()
}

function later(unit: Unit, delayMs: number, task: (unit: Unit) => void): void {
  unit.cancelPending()
  unit.cancelPending = unit.context.timers.after(delayMs, () => task(unit))
}

function dropContainer(unit: Unit): void {
  unit.cancelHealth()
  unit.container = undefined
}

function start(unit: Unit, how: 'boot' | 'at-once'): void {
  begin(unit)
  if (how === 'boot') return
  unit.cancelPending()
  launch(unit)
}

function begin(unit: Unit): void {
  become(unit, {
    active: 'activating',
    sub: 'start',
    result: 'success',
    invocationId: randomUUID().replaceAll('-', ''),
  })
  if (unit.startsFail) later(unit, FAILED_START_MS, (failing) => fail(failing, 1))
  else later(unit, unit.context.timing.restartMs / 2, launch)
}

function launch(unit: Unit): void {
  const { context, name } = unit
  const creation = createContainer(unit.options, context.secrets, context.now())
  if (creation.kind === 'missing-secret') {
    context.tell(`${unit.options.unit} can't start: no Podman secret ${creation.name}`)
    fail(unit, EXIT_PODMAN)
    return
  }
  unit.container = creation.container
  unit.innerGuard = 'acts'
  unit.failures = 0
  watchHealth(unit, creation.container)
  context.tell(`container ${name} runs (${creation.container.id.slice(0, 12)})`)
  become(unit, { active: 'active', sub: 'running' })
  unit.jobDone('active')
}

/** Podman's health timer; HealthOnFailure=kill ends the container when it has become unhealthy. */
function watchHealth(unit: Unit, container: Container): void {
  const { context, options } = unit
  const check = options.health
  if (check === undefined) return
  unit.cancelHealth = context.timers.after(check.intervalMs, () => {
    watchHealth(unit, container)
    checkHealth(container, { retries: check.retries, now: context.now() })
    if (container.health?.status === 'unhealthy' && unit.innerGuard === 'acts') {
      context.tell(`container ${unit.name} is unhealthy: Podman kills it`)
      fail(unit, EXIT_KILLED)
      return
    }
    context.changed()
  })
}

/** The main process is gone: Restart=always starts it again until the start limit is hit. */
function fail(unit: Unit, exitCode: number): void {
  const { context } = unit
  dropContainer(unit)
  unit.failures += 1
  if (unit.failures > context.timing.startLimitBurst) {
    context.tell(`${unit.options.unit} failed: start-limit-hit (exit ${exitCode})`)
    unit.cancelPending()
    become(unit, { active: 'failed', sub: 'failed', result: 'start-limit-hit' })
  } else {
    const restarts = unit.state.restarts + 1
    become(unit, { active: 'activating', sub: 'auto-restart', result: 'exit-code', restarts })
    later(unit, context.timing.restartDelayMs, begin)
  }
  // The job of an ordered start ends with its first attempt.
  unit.jobDone('failed')
}

function restart(unit: Unit): Promise<JobResult> {
  const { load, result } = unit.state
  if (load === 'masked' || result === 'start-limit-hit') return Promise.resolve('failed')
  return new Promise((resolve) => {
    unit.jobDone('failed')
    unit.jobDone = resolve
    become(unit, { active: 'deactivating', sub: 'stop-sigterm', restarts: 0 })
    later(unit, unit.context.timing.restartMs / 2, () => {
      dropContainer(unit)
      begin(unit)
    })
  })
}

function resetFailed(unit: Unit): void {
  unit.failures = 0
  unit.startsFail = false
  if (unit.state.active === 'failed') become(unit, { active: 'inactive', sub: 'dead', result: 'success' })
}

function stop(unit: Unit): void {
  unit.context.tell(`${unit.options.unit} is stopped by a person (systemctl stop)`)
  unit.cancelPending()
  dropContainer(unit)
  become(unit, { active: 'inactive', sub: 'dead', result: 'success' })
  unit.jobDone('failed')
}

function die(unit: Unit, how: 'once' | 'for-good'): void {
  unit.startsFail = how === 'for-good'
  if (unit.container === undefined) return
  unit.context.tell(`container ${unit.name} died (exit ${EXIT_KILLED})`)
  fail(unit, EXIT_KILLED)
}

function hang(unit: Unit): void {
  if (unit.container === undefined) return
  unit.container.hung = true
  unit.context.tell(`container ${unit.name} hangs: it accepts and never answers`)
  unit.context.changed()
}

function sicken(unit: Unit, innerGuard: 'acts' | 'asleep'): void {
  if (unit.container === undefined) return
  unit.container.sick = true
  unit.innerGuard = innerGuard
  unit.context.tell(`container ${unit.name}: its health command fails`)
  unit.context.changed()
}

function powerLoss(unit: Unit): void {
  unit.cancelPending()
  dropContainer(unit)
  unit.failures = 0
  unit.startsFail = false
  unit.jobDone = NOTHING
  unit.state = NEVER_STARTED
}
