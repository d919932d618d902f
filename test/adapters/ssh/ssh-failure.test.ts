import { describe, expect, it } from 'vitest'
import { type LoginFailure, loginFailure } from '../../../src/adapters/ssh/ssh-failure.ts'

function coded(code: string | number, more: object = {}): LoginFailure['cause'] {
  return { kind: 'error', error: Object.assign(new Error(`said ${code}`), { code }, more) }
}

const timeout: LoginFailure['cause'] = { kind: 'timeout', afterMs: 10_000 }
const closed: LoginFailure['cause'] = { kind: 'closed' }
const several: LoginFailure['cause'] = {
  kind: 'error',
  error: new AggregateError([coded('EHOSTUNREACH'), Object.assign(new Error(), { code: 'ECONNREFUSED' })]),
}

describe('a failed login', () => {
  it.each([
    ['tcp', timeout, 0, 'silent'],
    ['tcp', coded('ETIMEDOUT'), 0, 'silent'],
    ['tcp', coded('EHOSTUNREACH'), 0, 'silent'],
    ['tcp', coded('ENETUNREACH'), 0, 'silent'],
    ['tcp', coded('ECONNRESET'), 0, 'silent'],
    ['tcp', coded('ECONNREFUSED'), 0, 'refused'],
    ['tcp', several, 0, 'refused'],
    ['tcp', coded('ENOTFOUND', { syscall: 'getaddrinfo' }), 0, 'not-asked'],
    ['tcp', coded('EMFILE'), 0, 'not-asked'],
    ['handshake', timeout, 0, 'banner-timeout'],
    ['handshake', timeout, 3, 'banner-timeout'],
    ['handshake', closed, 0, 'silent'],
    ['handshake', coded('ECONNRESET'), 0, 'silent'],
    ['handshake', coded('ECONNRESET'), 9, 'banner-timeout'],
    ['handshake', coded(12, {}), 900, 'banner-timeout'],
    ['handshake', coded('', { level: 'handshake' }), 900, 'host-key-changed'],
    ['handshake', { kind: 'other-host-key' }, 900, 'host-key-changed'],
    ['authentication', timeout, 900, 'banner-timeout'],
    ['authentication', closed, 900, 'banner-timeout'],
    ['authentication', coded('', { level: 'client-authentication' }), 900, 'auth-failed'],
    ['authentication', coded(2), 900, 'auth-failed'],
  ] satisfies [LoginFailure['stage'], LoginFailure['cause'], number, string][])(
    'at %s by %j after %d bytes is %s',
    (stage, cause, bytesRead, kind) => {
      expect(loginFailure({ stage, cause, bytesRead }).kind).toBe(kind)
    },
  )
})
