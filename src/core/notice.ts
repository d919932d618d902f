/**
 * Notices: what people are told, as data. Which are due is alerts.ts's work, their words are words/'s, and getting
 * them through is app/delivery.ts's. A notice is written with the state change that caused it, and delivered after it.
 */
import type { Rung } from './action.ts'
import type { Button } from './buttons.ts'
import type { FixedBy } from './incident.ts'
import type { Cause, VerdictKind } from './state.ts'

export const NOTICE_SCHEMA = 1
/** The lines of an incident's story that a message shows. */
export const STORY_LINES_MAX = 12

export const NOTICE_KINDS = [
  /** Something is wrong: the first message of its thread. */
  'triggered',
  /** News within the thread: the first message is edited, nobody's phone rings. */
  'progress',
  /** A person is needed: the guard gave up, or may do nothing. */
  'person',
  /** It came back after it was over, in the same thread. */
  'again',
  'resolved',
  'reminder',
  /** Asked for by `nightguard alerts test`. */
  'test',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

export type Severity = 'critical' | 'warning' | 'info'

/** What the guard makes of an incident now. */
export const STANDINGS = ['at-work', 'probation', 'person', 'paused', 'left'] as const
export type Standing = (typeof STANDINGS)[number]

export type StoryLine = { readonly at: number; readonly kind: string; readonly text: string }

export type Notice = {
  readonly schema: typeof NOTICE_SCHEMA
  /** Deterministic, and the idempotency key towards every channel: thread and number. */
  readonly id: string
  /** One incident, or one warning without an incident: one thread of messages. */
  readonly thread: string
  /** 1 for the first notice of its thread. */
  readonly number: number
  readonly target: string
  readonly kind: NoticeKind
  readonly severity: Severity
  readonly at: number
  readonly incidentId?: string
  readonly verdict: VerdictKind
  readonly cause?: Cause | 'manual' | 'fleet'
  /** What is the matter, or what a person is needed for, in plain English; words/ turns it into other languages. */
  readonly reason: string
  /** Of an incident: what the guard does about it now. */
  readonly standing?: Standing
  /** When the trouble began, and when it ended. */
  readonly since: number
  readonly endedAt?: number
  readonly fixedBy?: FixedBy
  /** What has been done so far. */
  readonly story: readonly StoryLine[]
  /** What the person may press; good until `offeredAt` plus the policy's time, once. */
  readonly offer?: { readonly buttons: readonly Button[]; readonly offeredAt: number }
  /** In shadow mode: what would have been done. */
  readonly would?: { readonly rung: Rung; readonly unit?: string }
  /** For one alert that stands for many targets: whom it speaks for, at most some. */
  readonly targets?: readonly string[]
}

/** What has become of a notice on one channel. */
export type Delivery = {
  /** The channel's id: `telegram:123`, … */
  readonly channel: string
  /** `superseded`: never sent there, a later one of its thread says it as well. */
  readonly status: 'pending' | 'sent' | 'superseded' | 'failed'
  readonly attempts: number
  /** How often the last tries, one after the other, were rejected; absent when the last one was not. */
  readonly rejections?: number
  /** Not tried before. */
  readonly dueAt: number
  readonly sentAt?: number
  /** Why the last try failed; never a token or an address with one. */
  readonly detail?: string
  /** What the channel calls the message: a later one edits or answers it. */
  readonly receipt?: string
}

export type OutboxEntry = Notice & {
  /** One a channel; a channel without one was not tried yet. */
  readonly deliveries: readonly Delivery[]
  /** Who is sending now; nobody else does before `until`. */
  readonly claim?: { readonly owner: string; readonly until: number }
  /** Everything is through, or has failed for good. */
  readonly settledAt?: number
}
