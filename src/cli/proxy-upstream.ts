/**
 * One request to the service, with the operator's tokens, and its answer to the browser: bounded in time and bytes,
 * redirected within the service only. Who may ask at all is proxy-door.ts's business.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { unreachable } from './client.ts'
import { Failure } from './failure.ts'
import type { Tokens } from './fresh-tokens.ts'
import type { Language } from './language.ts'
import { type Refusal, refusal } from './proxy-door.ts'
import { answeredHeaders, askedHeaders, isWithin, whereTo } from './proxy-headers.ts'
import { wantsPage } from './proxy-page.ts'
import { PROBLEM_TYPE, problemIn, turnedAway } from './proxy-turned-away.ts'

export type Limits = {
  readonly readMs: number
  readonly writeMs: number
  readonly askedBytesMax: number
  readonly answeredBytesMax: number
}

export type Upstream = {
  /** With a `/` at its end. */
  readonly service: URL
  readonly tokens: Tokens
  readonly limits: Limits
}

export type Asked = {
  readonly request: IncomingMessage
  readonly body: Uint8Array
  /** Of what is said if the service can't be had. */
  readonly language: Language
}

/** Answers, or says why it can't. */
export async function passOn(
  asked: Asked,
  response: ServerResponse,
  upstream: Upstream,
): Promise<Refusal | undefined> {
  const { request } = asked
  const url = new URL(`.${request.url ?? ''}`, upstream.service)
  if (!isWithin(url, upstream.service)) {
    return refusal(400, { text: 'This is no address of the service', mend: 'Go to the first page' })
  }
  const signal = signalFor(request, response, upstream.limits)
  const had = await askWithTrust(url, upstream, { ...asked, signal })
  if (had.kind === 'refusal') return had.refusal
  const { answer } = had
  if (isTurnedAway(answer) && (wantsPage(request) || typeOf(answer) !== PROBLEM_TYPE)) {
    await discard(answer)
    return { status: answer.status, why: await whyTurnedAway(url, upstream, { ...asked, signal }) }
  }
  return give(answer, response, { url, upstream, method: request.method ?? '' })
}

/** A browser that has gone no longer needs what it wanted to read; what it ordered goes on. */
function signalFor(request: IncomingMessage, response: ServerResponse, limits: Limits): AbortSignal {
  if (request.method === 'POST') return AbortSignal.timeout(limits.writeMs)
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  return AbortSignal.any([gone.signal, AbortSignal.timeout(limits.readMs)])
}

type Question = Asked & { readonly signal: AbortSignal; readonly accept?: string }
type Had =
  | { readonly kind: 'answer'; readonly answer: Response }
  | { readonly kind: 'refusal'; readonly refusal: Refusal }

/** Who is turned away has had nothing done, so it may be asked once more with a new token. */
async function askWithTrust(url: URL, upstream: Upstream, question: Question): Promise<Had> {
  const had = await ask(url, upstream, question)
  if (had.kind === 'refusal' || !isTurnedAway(had.answer)) return had
  if (upstream.tokens.distrust() === 'brand-new') return had
  await discard(had.answer)
  return ask(url, upstream, question)
}

async function ask(url: URL, { tokens }: Upstream, question: Question): Promise<Had> {
  const { request, body, signal, accept } = question
  try {
    const token = await tokens.current()
    const answer = await fetch(url, {
      method: request.method ?? 'GET',
      redirect: 'manual',
      signal,
      headers: {
        ...askedHeaders(request.headers),
        ...(accept === undefined ? {} : { accept }),
        // Cloud Run checks the second one and strips its signature; the service gets the first one whole.
        ...(token === undefined
          ? {}
          : { authorization: `Bearer ${token}`, 'x-serverless-authorization': `Bearer ${token}` }),
      },
      ...(body.byteLength === 0 ? {} : { body }),
    })
    return { kind: 'answer', answer }
  } catch (error) {
    if (error instanceof Failure) return { kind: 'refusal', refusal: { status: 502, why: error } }
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    return { kind: 'refusal', refusal: { status: isLate ? 504 : 502, why: unreachable(url, error) } }
  }
}

/** Not needed any more: that the rest of it fails, or that the browser has gone, is no news. */
async function discard({ body }: Response): Promise<void> {
  await body?.cancel().catch(() => undefined)
}

function isTurnedAway({ status }: Response): boolean {
  return status === 401 || status === 403
}

function typeOf({ headers }: Response): string | null {
  return headers.get('content-type')
}

/** The page that the service makes is for who sends tokens by hand; as a problem it says what is missing. */
async function whyTurnedAway(url: URL, upstream: Upstream, question: Question): Promise<Failure> {
  const { tokens } = upstream
  const again =
    question.request.method === 'POST'
      ? undefined
      : await ask(url, upstream, { ...question, accept: PROBLEM_TYPE })
  const problem = again?.kind === 'answer' ? await problemIn(again.answer) : undefined
  const account = tokens.account()
  return turnedAway({
    ...(problem === undefined ? {} : { problem }),
    ...(account === undefined ? {} : { account }),
    language: question.language,
  })
}

type Given = { readonly url: URL; readonly upstream: Upstream; readonly method: string }

async function give(
  answer: Response,
  response: ServerResponse,
  { url, upstream: { service, limits }, method }: Given,
): Promise<Refusal | undefined> {
  const to = whereTo(answer.headers, { service, asked: url })
  const bytesMax = limits.answeredBytesMax
  if (to.kind === 'elsewhere' || Number(answer.headers.get('content-length')) > bytesMax) {
    await discard(answer)
    return to.kind === 'elsewhere' ? leadsElsewhere() : { status: 502, why: tooLarge(bytesMax) }
  }
  response.writeHead(answer.status, [
    ...answeredHeaders(answer.headers).flat(),
    ...(to.kind === 'within' ? ['location', to.path] : []),
  ])
  if (method === 'HEAD' || answer.body === null) {
    response.end()
    return undefined
  }
  try {
    await pipeline(bounded(answer.body, bytesMax), response)
  } catch {
    // Too late for another answer: the browser sees that this one is broken off.
    response.destroy()
  }
  return undefined
}

async function* bounded(body: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) throw tooLarge(bytesMax)
    yield chunk
  }
}

function leadsElsewhere(): Refusal {
  return refusal(502, {
    text: 'The service leads elsewhere, and that is not followed',
    mend: "Is this the service's own URL? Check --url and NIGHTGUARD_URL",
  })
}

function tooLarge(bytesMax: number): Failure {
  return new Failure(
    { text: 'The answer is larger than {count} MiB', values: { count: bytesMax / 1024 / 1024 } },
    { mend: { text: 'Ask for less, or use the command line' } },
  )
}
