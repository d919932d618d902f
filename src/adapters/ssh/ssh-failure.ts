/** Why a login failed → the kinds of SSH evidence. Pure, so that the table can be tested line by line. */
import { assertNever } from '../../core/assert-never.ts'
import type { SshKind } from '../../core/evidence.ts'
import { plainText } from '../../core/plain-text.ts'

/** How far a login got: waiting for TCP, for the handshake with a verified host key, for the key to be taken. */
export type LoginStage = 'tcp' | 'handshake' | 'authentication'

export type LoginFailure = {
  readonly stage: LoginStage
  readonly cause:
    | { readonly kind: 'timeout'; readonly afterMs: number }
    /** The host key is none of the pinned ones. */
    | { readonly kind: 'other-host-key' }
    /** The other side, or something on the way, ended the connection. */
    | { readonly kind: 'closed' }
    | { readonly kind: 'error'; readonly error: Error }
  /** How many bytes came. */
  readonly bytesRead: number
}

export type NoLogin = { readonly kind: Exclude<SshKind, 'ok'>; readonly detail: string }

const SILENT = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ECONNRESET'])
const CLOSED = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

export function loginFailure(failure: LoginFailure): NoLogin {
  const { cause, stage } = failure
  switch (cause.kind) {
    case 'timeout':
      return timedOut(failure, cause.afterMs)
    case 'other-host-key':
      return { kind: 'host-key-changed', detail: 'it shows another host key than the pinned one' }
    case 'closed':
      return closed(failure)
    case 'error':
      return stage === 'tcp' ? noConnection(cause.error) : broken(failure, cause.error)
    default:
      return assertNever(cause)
  }
}

function timedOut({ stage, bytesRead }: LoginFailure, afterMs: number): NoLogin {
  const within = `within ${afterMs} ms`
  if (stage === 'tcp') return { kind: 'silent', detail: `no connection ${within}` }
  const missing = bytesRead === 0 ? 'no banner' : 'no login'
  return { kind: 'banner-timeout', detail: `the connection was accepted, but ${missing} came ${within}` }
}

/** Nothing of SSH was seen: as good as silence. After a banner something lives, but gives no login. */
function closed({ bytesRead, stage }: LoginFailure): NoLogin {
  if (bytesRead === 0) return { kind: 'silent', detail: 'the connection was closed before a banner came' }
  const when = stage === 'authentication' ? 'while logging in' : 'during the handshake'
  return { kind: 'banner-timeout', detail: `the connection was closed ${when}` }
}

function noConnection(error: Error): NoLogin {
  const codes = codesOf(error)
  const [code = 'unknown'] = codes
  if (codes.includes('ECONNREFUSED')) return { kind: 'refused', detail: 'nothing listens on the port' }
  if (codes.some((each) => SILENT.has(each))) return { kind: 'silent', detail: `no connection (${code})` }
  if ('syscall' in error && error.syscall === 'getaddrinfo')
    return { kind: 'not-asked', detail: `the host's name could not be looked up (${code}): check ssh.host` }
  return { kind: 'not-asked', detail: `no connection could be tried (${code})` }
}

/**
 * Errors of ssh2 on a standing connection: `level` is its own word for where. What sends rubbish, or has no key of
 * a pinned type, can't prove that it is the machine that was pinned.
 */
function broken(failure: LoginFailure, error: Error): NoLogin {
  const level = 'level' in error ? error.level : undefined
  const [code = ''] = codesOf(error)
  if (level === 'client-authentication')
    return { kind: 'auth-failed', detail: 'the private key was not taken' }
  if (CLOSED.has(code)) return closed(failure)
  const said = plainText(error.message, 120)
  if (failure.stage === 'authentication') return { kind: 'auth-failed', detail: `the login failed: ${said}` }
  // The other side's own goodbye carries SSH's number of a reason.
  if ('code' in error && typeof error.code === 'number')
    return { kind: 'banner-timeout', detail: `the handshake was ended: ${said}` }
  return { kind: 'host-key-changed', detail: `it can't show the pinned host key: ${said}` }
}

function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  return error instanceof AggregateError ? [...own, ...error.errors.flatMap(codesOf)] : own
}
