/** The service over HTTP: one request a call, bounded in time and bytes, never redirected. Showing answers is elsewhere. */
import type { z } from 'zod'
import { parseJsonText } from '../schemas/json-text.ts'
import { type ProblemAnswer, problemAnswer } from './answers.ts'
import { Failure, UsageError } from './failure.ts'
import { findToken, isLoopback } from './token.ts'

const READ_TIMEOUT_MS = 15_000
/** Longer than the service's own deadline of a tick. */
export const RUN_TIMEOUT_MS = 60_000
const BODY_BYTES_MAX = 16 * 1024 * 1024

export type Call<Value> = {
  readonly method: 'GET' | 'POST'
  /** Begins with `/`; its parts are encoded. */
  readonly path: string
  readonly body?: unknown
  readonly timeoutMs?: number
  readonly answer: z.ZodType<Value>
}

/** `json` is the body as the service sent it. */
export type Answer<Value> =
  | { readonly kind: 'answer'; readonly value: Value; readonly json: string }
  | {
      readonly kind: 'problem'
      readonly status: number
      readonly problem: ProblemAnswer
      readonly json: string
    }

export type Client = { call<Value>(call: Call<Value>): Promise<Answer<Value>> }

/** Throws a UsageError for a URL that can't be used, and a Failure when no answer was had. */
export function createClient(base: string): Client {
  const url = baseUrl(base)
  return {
    async call({ method, path, body, timeoutMs = READ_TIMEOUT_MS, answer }) {
      const token = await findToken(url)
      const response = await ask(new URL(`.${path}`, url), {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          accept: 'application/json, application/problem+json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          // Cloud Run checks the second one and strips its signature; the service gets the first one whole.
          ...(token === undefined
            ? {}
            : { authorization: `Bearer ${token}`, 'x-serverless-authorization': `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return readAnswer(response, answer)
    },
  }
}

function baseUrl(text: string): URL {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError('--url must be a whole URL, like http://127.0.0.1:8080 or https://guard.example.com')
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError('--url must have no user name, password, query or fragment')
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new UsageError(
      '--url must begin with https://: over http:// everyone on the way could read your token',
    )
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

type Response = { readonly status: number; readonly json: string; readonly value: unknown }

async function ask(url: URL, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, init)
    const json = await readBody(response)
    const parsed = parseJsonText(json)
    return { status: response.status, json, value: parsed.kind === 'json' ? parsed.value : undefined }
  } catch (error) {
    if (error instanceof Failure) throw error
    throw unreachable(url, error)
  }
}

async function readBody(response: globalThis.Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > BODY_BYTES_MAX) {
      throw new Failure(`The answer is larger than ${BODY_BYTES_MAX / 1024 / 1024} MiB`, {
        mend: 'Is this the right URL? Ask for less with --limit',
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function unreachable(url: URL, error: unknown): Failure {
  const timedOut = error instanceof Error && error.name === 'TimeoutError'
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const why = timedOut ? 'it gave no answer in time' : inner instanceof Error ? inner.message : String(inner)
  return new Failure(`Can't reach ${url.origin}: ${why === '' ? 'no connection' : why}`, {
    mend: isLoopback(url)
      ? 'Start the service (nightguard sandbox tries it out), or name another with --url or NIGHTGUARD_URL'
      : 'Check --url and NIGHTGUARD_URL, and that the service runs',
    cause: error,
  })
}

function readAnswer<Value>({ status, json, value }: Response, answer: z.ZodType<Value>): Answer<Value> {
  if (status >= 200 && status < 300) {
    const parsed = answer.safeParse(value)
    if (parsed.success) return { kind: 'answer', value: parsed.data, json }
    throw new Failure("The answer is not Night Guard's", {
      mend: 'Is this the right URL? A newer service may need a newer nightguard command',
    })
  }
  const parsed = problemAnswer.safeParse(value)
  const problem = parsed.success
    ? parsed.data
    : { title: `The service answered with status ${status}`, detail: '', errors: [] }
  return { kind: 'problem', status, problem: withMend(status, problem), json: parsed.success ? json : '' }
}

/** Cloud Run's own refusals carry no advice. */
function withMend(status: number, problem: ProblemAnswer): ProblemAnswer {
  if (problem.mend !== undefined) return problem
  if (status === 401 || status === 403) {
    return {
      ...problem,
      mend: 'Log in as someone whom auth.operators or auth.viewers names: gcloud auth login',
    }
  }
  return { ...problem, mend: "Check --url, and look into the service's log" }
}
