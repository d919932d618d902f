/**
 * Tells apart how a call of a Google API failed, above all: may the other side have acted?
 * The texts are for people and never contain a token. What a failure means is the caller's business.
 */
import { z } from 'zod'

export type ApiFailure = {
  readonly kind:
    | 'answered' // the API said no; `httpStatus` is set
    | 'not-sent' // no connection or no credentials: nothing can have happened
    | 'timed-out'
    | 'broken' // the connection broke, or the answer can't be read: it may have happened
  readonly httpStatus?: number
  /** The gRPC status code that the client library derived. */
  readonly code?: number
  /** Whether trying again may help. */
  readonly passing: boolean
  readonly detail: string
  readonly cause?: unknown
}

const DETAIL_MAX = 300
const CAUSES_MAX = 6
/** Node's codes for a request that never left. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])
/** Where access tokens come from: the metadata server, OAuth, impersonation. */
const TOKEN_PATH = /\/computeMetadata\/|\/token$|:generateAccessToken$/

const errorSchema = z.object({
  message: z.string().catch(''),
  code: z.union([z.number(), z.string()]).optional().catch(undefined),
  httpStatusCode: z.number().optional().catch(undefined),
  config: z
    .object({ url: z.union([z.string(), z.instanceof(URL)]) })
    .optional()
    .catch(undefined),
  cause: z.unknown().optional(),
})
type ErrorFacts = z.infer<typeof errorSchema>

export function timedOut(timeoutMs: number): ApiFailure {
  return { kind: 'timed-out', passing: true, detail: `no answer within ${timeoutMs} ms` }
}

export function unreadable(cause: unknown): ApiFailure {
  return { kind: 'broken', passing: true, detail: 'the answer is not what the API documents', cause }
}

/** `error` is anything that Google's client libraries throw. */
export function failureOf(error: unknown): ApiFailure {
  const chain = causesOf(error)
  const first = chain[0]
  if (first === undefined)
    return { kind: 'broken', passing: false, detail: clean(String(error)), cause: error }
  const detail = clean(first.message)
  if (chain.some(isAboutToken)) {
    return { kind: 'not-sent', passing: true, detail: `no access token: ${detail}`, cause: error }
  }
  const code = typeof first.code === 'number' ? { code: first.code } : {}
  if (first.httpStatusCode !== undefined) {
    const httpStatus = first.httpStatusCode
    const passing = httpStatus >= 500 || httpStatus === 429 || httpStatus === 408
    return {
      kind: 'answered',
      httpStatus,
      ...code,
      passing,
      detail: `HTTP ${httpStatus}: ${detail}`,
      cause: error,
    }
  }
  const refused = chain.find((one) => typeof one.code === 'string' && NOT_SENT.has(one.code))
  if (refused)
    return {
      kind: 'not-sent',
      ...code,
      passing: true,
      detail: `no connection (${refused.code})`,
      cause: error,
    }
  return { kind: 'broken', ...code, passing: true, detail: detail || 'the connection broke', cause: error }
}

function causesOf(error: unknown): readonly ErrorFacts[] {
  const chain: ErrorFacts[] = []
  for (let next = error; chain.length < CAUSES_MAX; ) {
    const parsed = errorSchema.safeParse(next)
    if (!parsed.success) break
    chain.push(parsed.data)
    next = parsed.data.cause
  }
  return chain
}

/** A 404 of the metadata server must not be taken for a VM that is not found. */
function isAboutToken(facts: ErrorFacts): boolean {
  const url = facts.config?.url
  if (url === undefined || !URL.canParse(String(url))) return false
  return TOKEN_PATH.test(new URL(url).pathname)
}

/** One line, bounded, without anything that looks like a bearer token or a JWT. */
function clean(message: string): string {
  const line = message
    .replace(/\b(ya29\.|eyJ)[\w.~+/=-]+/g, '[redacted]')
    .replace(/\b(bearer)\s+\S+/gi, '$1 [redacted]')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > DETAIL_MAX ? `${line.slice(0, DETAIL_MAX)}…` : line
}
