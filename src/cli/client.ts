/** The service over HTTP: one request a call, bounded in time and bytes, never redirected. Showing answers is elsewhere. */
import type { z } from 'zod'
import { parseJsonText } from '../schemas/json-text.ts'
import { type ProblemAnswer, problemAnswer } from './answers.ts'
import { Failure, wrongUsage } from './failure.ts'
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

/** A text for people, as the service makes it. */
export type TextCall = { readonly path: string; readonly type: string }

/** `json` is the body as the service sent it. */
export type Answer<Value> =
  | { readonly kind: 'answer'; readonly value: Value; readonly json: string }
  | {
      readonly kind: 'problem'
      readonly status: number
      readonly problem: ProblemAnswer
      readonly json: string
    }

export type Client = {
  call<Value>(call: Call<Value>): Promise<Answer<Value>>
  text(call: TextCall): Promise<Answer<string>>
}

/** Throws a UsageError for a URL that can't be used, and a Failure when no answer was had. */
export function createClient(base: string): Client {
  const url = baseUrl(base)
  return {
    async call({ method, path, body, timeoutMs = READ_TIMEOUT_MS, answer }) {
      const response = await ask(url, { method, path, body, timeoutMs, accept: 'application/json' })
      return readAnswer(response, answer)
    },
    async text({ path, type }) {
      const response = await ask(url, { method: 'GET', path, timeoutMs: READ_TIMEOUT_MS, accept: type })
      const { status, text } = response
      if (status < 200 || status >= 300) return readProblem(response)
      if (!response.type.startsWith(type)) throw notOurs()
      return { kind: 'answer', value: text, json: text }
    },
  }
}

type Question = Pick<Call<unknown>, 'method' | 'path' | 'body'> & {
  readonly timeoutMs: number
  readonly accept: string
}

async function headersOf(url: URL, { body, accept }: Question): Promise<Record<string, string>> {
  const token = await findToken(url)
  return {
    accept: `${accept}, application/problem+json`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    // Cloud Run checks the second one and strips its signature; the service gets the first one whole.
    ...(token === undefined
      ? {}
      : { authorization: `Bearer ${token}`, 'x-serverless-authorization': `Bearer ${token}` }),
  }
}

/** Where the service is, with a `/` at its end. Throws a UsageError for a URL that can't be used. */
export function baseUrl(text: string): URL {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw wrongUsage('--url must be a whole URL, like http://127.0.0.1:8080 or https://guard.example.com')
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw wrongUsage('--url must have no user name, password, query or fragment')
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw wrongUsage('--url must begin with https://: over http:// everyone on the way could read your token')
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

type Response = {
  readonly status: number
  readonly type: string
  readonly text: string
  readonly value: unknown
}

async function ask(base: URL, question: Question): Promise<Response> {
  const { method, path, body, timeoutMs } = question
  const url = new URL(`.${path}`, base)
  const headers = await headersOf(base, question)
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await readBody(response)
    const parsed = parseJsonText(text)
    const type = response.headers.get('content-type') ?? ''
    return { status: response.status, type, text, value: parsed.kind === 'json' ? parsed.value : undefined }
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
      throw new Failure(
        { text: 'The answer is larger than {count} MiB', values: { count: BODY_BYTES_MAX / 1024 / 1024 } },
        { mend: { text: 'Is this the right URL? Ask for less with --limit' } },
      )
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

export function unreachable(url: URL, error: unknown): Failure {
  const mend = isLoopback(url)
    ? 'Start the service (nightguard sandbox tries it out), or name another with --url or NIGHTGUARD_URL'
    : 'Check --url and NIGHTGUARD_URL, and that the service runs'
  const values = { origin: url.origin }
  if (error instanceof Error && error.name === 'TimeoutError') {
    const text = { text: "Can't reach {origin}: it gave no answer in time", values }
    return new Failure(text, { mend: { text: mend }, cause: error })
  }
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const why = inner instanceof Error ? inner.message : String(inner)
  const text =
    why === ''
      ? { text: "Can't reach {origin}: no connection", values }
      : { text: "Can't reach {origin}: {why}", values: { ...values, why } }
  return new Failure(text, { mend: { text: mend }, cause: error })
}

function notOurs(): Failure {
  return new Failure(
    { text: "The answer is not Night Guard's" },
    { mend: { text: 'Is this the right URL? A newer service may need a newer nightguard command' } },
  )
}

function readAnswer<Value>(response: Response, answer: z.ZodType<Value>): Answer<Value> {
  const { status, text, value } = response
  if (status < 200 || status >= 300) return readProblem(response)
  const parsed = answer.safeParse(value)
  if (!parsed.success) throw notOurs()
  return { kind: 'answer', value: parsed.data, json: text }
}

function readProblem({ status, text, value }: Response): Extract<Answer<never>, { kind: 'problem' }> {
  const parsed = problemAnswer.safeParse(value)
  const problem = parsed.success ? parsed.data : { title: '', detail: '', errors: [] }
  return { kind: 'problem', status, problem: withMend(status, problem), json: parsed.success ? text : '' }
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
