/** Ways to tell people: chats and webhooks. What is told, and when again, is the core's and app/delivery.ts's. */

import type { Button } from '../core/buttons.ts'
import type { Notice } from '../core/notice.ts'
import type { PressAnswer } from '../core/press.ts'

export type SendLimits = {
  /** All of it, several calls of the channel's API included. */
  readonly timeoutMs: number
}

export type Sending = {
  readonly notice: Notice
  /** What the channel called the thread's first message; absent: there is none yet, and this becomes it. */
  readonly root?: string
}

export type Sent =
  /** `receipt` names the message, so that later ones can edit or answer it: at most 500 characters. */
  | { readonly kind: 'sent'; readonly receipt?: string }
  /** Nothing helps: a wrong token, an unknown chat. `detail` holds no token and no secret address. */
  | { readonly kind: 'rejected'; readonly detail: string }
  /** Worth trying again, after `afterMs` at the soonest when the channel says so. */
  | { readonly kind: 'failed'; readonly detail: string; readonly afterMs?: number }

/** One place where people read: a chat, or a URL. */
export type Channel = {
  /** Unique and stable over restarts, without secrets: `telegram:123`, `webhook:nightguard-webhook-key`. */
  readonly id: string
  /**
   * Gets one notice through: a new message, an edit of the thread's first one, an answer to it, or all of these, as the
   * notice's kind wants. The same notice twice (same id) does no harm where the channel can tell. Never throws for what
   * the other side does.
   */
  send(sending: Sending, limits: SendLimits): Promise<Sent>
  /** Quiet hours: until when a notice has to wait that comes at `now`; undefined when it need not. */
  waitsUntil(notice: Notice, now: number): number | undefined
  readonly buttons?: Buttons
}

/** An offer that may still be good: what a press is compared with. */
export type Offer = { readonly thread: string; readonly offeredAt: number; readonly button: Button }

export type Pressed = {
  /** The channel's name for the press. */
  readonly id: string
  /** Who pressed: `telegram:4711`. */
  readonly by: string
  /** On the configuration's list of those who may. */
  readonly allowed: boolean
  /** Absent: none of the offers; forged, or long over. */
  readonly offer?: Offer
}

export type Presses =
  | {
      readonly kind: 'presses'
      readonly presses: readonly Pressed[] /** For `confirm`. */
      readonly upTo?: string
    }
  | { readonly kind: 'unavailable'; readonly detail: string }

/** Buttons under the messages of a channel. A press is delivered again until it is confirmed. */
export type Buttons = {
  presses(offers: readonly Offer[], limits: SendLimits): Promise<Presses>
  /** The person who pressed reads it, in the channel's language. A failure is of no consequence. */
  answer(pressId: string, answer: PressAnswer, limits: SendLimits): Promise<void>
  confirm(upTo: string, limits: SendLimits): Promise<void>
}

/** A service elsewhere that calls a person when it hears nothing for too long. */
export type DeadMan = {
  /** True when it was heard. */
  ping(limits: SendLimits): Promise<boolean>
}
