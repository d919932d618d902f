/** Why the loop runs. A tick, a sync and a person's order differ in nothing else. */
import type { ActingRung } from './action.ts'

export type Request =
  | { readonly kind: 'tick'; readonly dryRun: boolean }
  | { readonly kind: 'sync'; readonly dryRun: boolean }
  | {
      readonly kind: 'recover'
      /** `start` resumes a suspended VM. */
      readonly action: 'auto' | Exclude<ActingRung, 'resume'>
      readonly unit?: string
      readonly reason: string
      readonly by: string
      readonly force: boolean
      readonly dryRun: boolean
    }
  | { readonly kind: 'arm'; readonly by: string; readonly reason: string }
  | { readonly kind: 'pause'; readonly by: string; readonly reason: string; readonly minutes: number }
  | {
      readonly kind: 'resume'
      readonly by: string
      readonly reason: string
      readonly closeBreaker: boolean
    }

/** The clock and the circumstances of one round, read once and passed down. */
export type Moment = {
  readonly now: number
  /** When the tick must be over; nothing starts unless its worst case fits before. */
  readonly deadlineAt: number
  readonly guardStartedAt: number
  /** Who takes the lease: one run of the loop. */
  readonly owner: string
}

/** What one process remembers and may forget at no harm. */
export type Recollection = {
  readonly secretsPolledAt?: number
  readonly sshAskedAt?: number
}
