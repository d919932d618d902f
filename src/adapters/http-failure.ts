/** What a failed request says of the other side. Only codes are read, texts of libraries change. */
import { FORBIDDEN_ADDRESS } from './http-address.ts'

export type HttpFailure =
  | { readonly kind: 'refused' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'answers-bad'; readonly detail: string }
  | { readonly kind: 'not-asked'; readonly detail: string }

/** How far the request got: a connection that stood, and whether a byte came back on it. */
export type Progress = { readonly connected: boolean; readonly answered: boolean }

const SILENT = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN'])

/** `error` is what undici, net, tls or dns gave. */
export function httpFailure(error: unknown, { connected, answered }: Progress): HttpFailure {
  const codes = codesOf(error)
  if (codes.includes(FORBIDDEN_ADDRESS)) return { kind: 'not-asked', detail: messageOf(error) }
  if (codes.includes('ECONNREFUSED') && !connected) return { kind: 'refused' }
  if (!answered && codes.some((code) => SILENT.has(code))) return { kind: 'silent' }
  const [code = 'unknown'] = codes
  if (connected) return { kind: 'answers-bad', detail: wordFor(code) }
  if (isNameFailure(error)) return { kind: 'not-asked', detail: `the name could not be looked up (${code})` }
  return { kind: 'not-asked', detail: `no connection could be tried (${code})` }
}

/** The time ran out: silence, unless something had come. */
export function httpTimeout(progress: Progress, timeoutMs: number): HttpFailure {
  if (!progress.answered) return { kind: 'silent' }
  return { kind: 'answers-bad', detail: `the answer did not end within ${timeoutMs} ms` }
}

function wordFor(code: string): string {
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'headers over 16 KiB'
  if (code === 'HTTPParserError') return 'broken HTTP'
  if (code.startsWith('HPE_') || code.startsWith('UND_ERR_RES_')) return `broken HTTP (${code})`
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET')
    return 'the connection was closed before the answer ended'
  if (/TLS|SSL|CERT|SIGNATURE|EPROTO|ISSUER/.test(code)) return `TLS failed (${code})`
  return `the request failed (${code})`
}

/** Of the error, of those that it collects (several addresses were tried) and of its cause. */
function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : namedError(error)
  const collected = error instanceof AggregateError ? error.errors.flatMap(codesOf) : []
  return [...own, ...collected, ...codesOf(error.cause)]
}

/** undici's parser gives some of its errors no code. */
function namedError({ name }: Error): readonly string[] {
  return name === 'HTTPParserError' ? [name] : []
}

function isNameFailure(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'getaddrinfo'
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the address is forbidden'
}
