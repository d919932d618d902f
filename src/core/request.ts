/** Why the loop runs. A tick, a sync and a person's order differ in nothing else. */
import type { ActingRung } from './action.ts'
import type { Bucket } from './bucket.ts'
import type { Button } from './buttons.ts'

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
  /** A button is good once: it is used up before what it asks for is done. */
  | { readonly kind: 'press'; readonly by: string; readonly press: Press }

/** A button of a message. */
export type Press = {
  readonly button: Button
  readonly thread: string
  readonly offeredAt: number
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
  /** The `outboxDueAt` up to which everything is known to be through. */
  readonly outboxDone?: number
  /** Measured by this process and not written yet. */
  readonly unwritten?: Bucket
}
