/** One life of a container: what Podman knows of it. It ends when its unit stops (Quadlet runs with --rm). */
import { randomBytes } from 'node:crypto'
import type { WorkloadOptions } from './options.ts'
import type { SecretStore } from './secret-store.ts'

export type HealthLogEntry = { readonly at: number; readonly exitCode: number; readonly output: string }

export type ContainerHealth = {
  readonly status: 'starting' | 'healthy' | 'unhealthy'
  readonly failingStreak: number
  /** Podman keeps the last five. */
  readonly log: readonly HealthLogEntry[]
}

export type Container = {
  readonly id: string
  readonly pid: number
  readonly startedAt: number
  /** Values as they were when it was created, by the Podman secret's name. */
  readonly secrets: ReadonlyMap<string, string>
  /** The process accepts connections and never answers. */
  hung: boolean
  /** Its health command fails, with these words. */
  sick: boolean
  readonly failureOutput: string
  health?: ContainerHealth
}

const HEALTH_LOG_MAX = 5

export type Creation =
  | { readonly kind: 'created'; readonly container: Container }
  | { readonly kind: 'missing-secret'; readonly name: string }

export function createContainer(options: WorkloadOptions, store: SecretStore, now: number): Creation {
  const secrets = new Map<string, string>()
  for (const use of options.secrets ?? []) {
    const stored = store.get(use.name)
    if (stored === undefined) return { kind: 'missing-secret', name: use.name }
    secrets.set(use.name, stored.value)
  }
  const container: Container = {
    id: randomBytes(32).toString('hex'),
    pid: 1_000 + (randomBytes(2).readUInt16BE() % 30_000),
    startedAt: now,
    secrets,
    hung: false,
    sick: false,
    failureOutput: options.health?.failureOutput ?? 'health: the agent has made no progress',
  }
  if (options.health !== undefined) container.health = { status: 'starting', failingStreak: 0, log: [] }
  return { kind: 'created', container }
}

/** One run of the health command. */
export function checkHealth(container: Container, { retries, now }: { retries: number; now: number }): void {
  const before = container.health
  if (before === undefined) return
  const failingStreak = container.sick ? before.failingStreak + 1 : 0
  const entry: HealthLogEntry = container.sick
    ? { at: now, exitCode: 1, output: container.failureOutput }
    : { at: now, exitCode: 0, output: '' }
  container.health = {
    status: failingStreak === 0 ? 'healthy' : failingStreak >= retries ? 'unhealthy' : before.status,
    failingStreak,
    log: [...before.log, entry].slice(-HEALTH_LOG_MAX),
  }
}
