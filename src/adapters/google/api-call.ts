/**
 * One bounded call of a Google API: a hard end by an AbortSignal, no retries by the library, failures as data.
 * Reads may be tried again here; whatever changes something never is.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { type ApiFailure, failureOf, timedOut, unreadable } from './api-failure.ts'

export type ApiOutcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: ApiFailure }

/** What remains of one port call's time; all its API calls share it. */
export type Budget = {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  remainingMs(): number
}

/**
 * The library's `timeout` alone is no hard bound (3 s became 5 to 9 s, measured with google-gax 6.17), and its
 * own retries go on for up to 10 minutes: so all three are always given.
 */
export type CallOptions = { readonly timeout: number; readonly retry: null; readonly signal: AbortSignal }

const READ_PAUSES_MS = [50, 200]
/** The library's own time-out comes after ours, so that one kind of failure has one text. */
const LIBRARY_SLACK_MS = 1000

export function startBudget(timeoutMs: number): Budget {
  const startedAt = performance.now()
  return {
    timeoutMs,
    signal: AbortSignal.timeout(timeoutMs),
    remainingMs: () => Math.max(0, Math.floor(timeoutMs - (performance.now() - startedAt))),
  }
}

/** One attempt. `call` must do nothing but ask the library: all that it throws is taken for the outside's failure. */
export async function apiCall<T>(
  budget: Budget,
  call: (options: CallOptions) => Promise<T>,
): Promise<ApiOutcome<T>> {
  const { signal, timeoutMs } = budget
  if (signal.aborted) return { kind: 'failed', failure: timedOut(timeoutMs) }
  try {
    const value = await orAborted(
      call({ timeout: budget.remainingMs() + LIBRARY_SLACK_MS, retry: null, signal }),
      signal,
    )
    return { kind: 'ok', value }
  } catch (error) {
    return { kind: 'failed', failure: signal.aborted ? timedOut(timeoutMs) : failureOf(error) }
  }
}

/** Up to three attempts while the failure is a passing one and time remains; the answer is parsed. */
export async function apiRead<Schema extends z.ZodType>(
  budget: Budget,
  schema: Schema,
  call: (options: CallOptions) => Promise<unknown>,
): Promise<ApiOutcome<z.infer<Schema>>> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = parsed(await apiCall(budget, call), schema)
    const pauseMs = READ_PAUSES_MS[attempt]
    if (outcome.kind === 'ok' || !outcome.failure.passing) return outcome
    if (pauseMs === undefined || budget.remainingMs() <= pauseMs) return outcome
    await sleep(pauseMs)
  }
}

/** The answer in its exact type, or the failure that it isn't. */
export function parsed<Schema extends z.ZodType>(
  outcome: ApiOutcome<unknown>,
  schema: Schema,
): ApiOutcome<z.infer<Schema>> {
  if (outcome.kind === 'failed') return outcome
  const result = schema.safeParse(outcome.value)
  if (result.success) return { kind: 'ok', value: result.data }
  return { kind: 'failed', failure: unreadable(result.error) }
}

/** Settles when the signal does, also when the library is stuck in something that it can't cancel. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
