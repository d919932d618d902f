/** What a command of the simulated machine may see and do, and what it answers. */
import type { Timers } from './clock.ts'
import type { MachineTiming } from './options.ts'
import type { RunDirectory } from './run-directory.ts'
import type { SecretStore } from './secret-store.ts'
import type { Vitals } from './vitals.ts'
import type { Workload } from './workload.ts'

/** What whoever listens on the health port does with a request. */
export type HealthAnswer =
  | { readonly kind: 'answers'; readonly status: number; readonly body: string }
  | { readonly kind: 'refuses' }
  | { readonly kind: 'hangs' }

export type Reply = { readonly stdout: string; readonly stderr: string; readonly exitCode: number }

/** What a command may see and do of its machine. */
export type ShellHost = {
  readonly timers: Timers
  readonly timing: MachineTiming
  readonly workloads: readonly Workload[]
  readonly secrets: SecretStore
  readonly run: RunDirectory
  readonly healthPort: number
  now(): number
  bootId(): string
  uptimeMs(): number
  vitalsNow(): Vitals
  /** The kernel's ring: its lines since it began to boot. */
  kernelLog(): string
  /** Podman's commands hang. */
  wedged(): boolean
  healthAnswer(): HealthAnswer
  reboot(): void
  tell(text: string): void
}

export type Invocation = {
  readonly words: readonly string[]
  readonly root: boolean
  /** All of stdin, once the caller has closed it. */
  readonly stdin: () => Promise<string>
}

export function ok(stdout: string): Reply {
  return { stdout, stderr: '', exitCode: 0 }
}

export function failed(exitCode: number, stderr: string): Reply {
  return { stdout: '', stderr: `${stderr}\n`, exitCode }
}
