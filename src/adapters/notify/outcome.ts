/** What becomes of one call of a channel's API, and how the port Channel is told. */
import type { Sent } from '../../ports/notifier.ts'

export type Trouble =
  | { readonly kind: 'failed'; readonly detail: string; readonly afterMs?: number }
  | { readonly kind: 'rejected'; readonly detail: string }
  /** The key is refused: nothing helps, unless there is a newer one. */
  | { readonly kind: 'unauthorised'; readonly detail: string }
  /** The message that should be edited is not there any more. */
  | { readonly kind: 'gone'; readonly detail: string }

export type Outcome<T> = { readonly kind: 'ok'; readonly value: T } | Trouble

/** Thrown through the chat libraries by what they call, so that its meaning survives their own errors. */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly trouble: Trouble

  constructor(trouble: Trouble) {
    super(trouble.detail)
    this.trouble = trouble
  }
}

/**
 * One call. It must do nothing but ask the other side: all that it throws is taken for that side's failure, which
 * `refusalOf` reads when it is a refusal in the API's own words.
 */
export async function outcomeOf<T>(
  call: () => Promise<T>,
  refusalOf: (error: unknown) => Trouble | undefined,
): Promise<Outcome<T>> {
  try {
    return { kind: 'ok', value: await call() }
  } catch (error) {
    return callErrorIn(error)?.trouble ?? refusalOf(error) ?? { kind: 'failed', detail: UNREADABLE }
  }
}

/** The libraries' own texts are never told: they hold URLs with tokens. */
const UNREADABLE = 'the answer could not be understood'
const WRAPPINGS_MAX = 4

/** A posted message by its name; an answer without one is none of this API's, so nothing is known to be posted. */
export function named(
  outcome: Outcome<unknown>,
  nameOf: (answer: unknown) => string | undefined,
): Outcome<string> {
  if (outcome.kind !== 'ok') return outcome
  const name = nameOf(outcome.value)
  return name === undefined ? { kind: 'failed', detail: UNREADABLE } : { kind: 'ok', value: name }
}

/** grammY keeps what it caught as `error`, Slack's client as `original`, others as `cause`. */
function callErrorIn(error: unknown): CallError | undefined {
  let inner: unknown = error
  for (let depth = 0; depth < WRAPPINGS_MAX; depth += 1) {
    if (inner instanceof CallError) return inner
    if (!(inner instanceof Error)) return undefined
    if ('error' in inner) inner = inner.error
    else if ('original' in inner) inner = inner.original
    else inner = inner.cause
  }
  return undefined
}

export function sentOf(outcome: Outcome<string | undefined>): Sent {
  switch (outcome.kind) {
    case 'ok':
      return { kind: 'sent', ...(outcome.value === undefined ? {} : { receipt: outcome.value }) }
    case 'failed':
      return outcome
    case 'rejected':
    case 'unauthorised':
    case 'gone':
      return { kind: 'rejected', detail: outcome.detail }
  }
}
