import { describe, expect, it } from 'vitest'
import { isForbidden } from '../../src/adapters/http-address.ts'
import { httpFailure, httpTimeout } from '../../src/adapters/http-failure.ts'

const BEFORE = { connected: false, answered: false }
const CONNECTED = { connected: true, answered: false }
const ANSWERED = { connected: true, answered: true }

function coded(code: string, more: object = {}): Error {
  return Object.assign(new Error(code), { code }, more)
}

describe('what a failed request says', () => {
  it.each([
    [coded('ECONNREFUSED'), BEFORE, { kind: 'refused' }],
    [new AggregateError([coded('EHOSTUNREACH'), coded('ECONNREFUSED')]), BEFORE, { kind: 'refused' }],
    [coded('ETIMEDOUT'), BEFORE, { kind: 'silent' }],
    [coded('EHOSTUNREACH'), BEFORE, { kind: 'silent' }],
    [coded('ENETUNREACH'), BEFORE, { kind: 'silent' }],
    [coded('ETIMEDOUT'), CONNECTED, { kind: 'silent' }],
    [coded('ETIMEDOUT'), ANSWERED, { kind: 'answers-bad', detail: 'the request failed (ETIMEDOUT)' }],
    [coded('CERT_HAS_EXPIRED'), ANSWERED, { kind: 'answers-bad', detail: 'TLS failed (CERT_HAS_EXPIRED)' }],
    [
      coded('DEPTH_ZERO_SELF_SIGNED_CERT'),
      ANSWERED,
      { kind: 'answers-bad', detail: 'TLS failed (DEPTH_ZERO_SELF_SIGNED_CERT)' },
    ],
    [
      coded('EAI_AGAIN', { syscall: 'getaddrinfo' }),
      BEFORE,
      { kind: 'not-asked', detail: 'the name could not be looked up (EAI_AGAIN)' },
    ],
    [coded('EMFILE'), BEFORE, { kind: 'not-asked', detail: 'no connection could be tried (EMFILE)' }],
  ])('%o', (error, progress, failure) => {
    expect(httpFailure(error, progress)).toEqual(failure)
  })

  it('is silence when the time ran out without a byte, and a bad answer after one', () => {
    expect(httpTimeout(CONNECTED, 5000)).toEqual({ kind: 'silent' })
    expect(httpTimeout(ANSWERED, 5000)).toEqual({
      kind: 'answers-bad',
      detail: 'the answer did not end within 5000 ms',
    })
  })
})

describe('addresses', () => {
  it.each(['10.138.0.2', '192.168.1.1', '8.8.8.8', 'fd00::1', '2001:4860:4860::8888', '::ffff:10.0.0.1'])(
    '%s may be asked',
    (address) => expect(isForbidden(address, 'no-loopback')).toBe(false),
  )

  it.each(['127.0.0.1', '127.255.0.1', '::1', '::ffff:127.0.0.1'])(
    '%s may be asked by the sandbox only',
    (address) => {
      expect(isForbidden(address, 'no-loopback')).toBe(true)
      expect(isForbidden(address, 'loopback-too')).toBe(false)
    },
  )

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '169.254.169.254',
    '224.0.0.251',
    '239.1.1.1',
    '255.255.255.255',
    '::',
    'fe80::1%eth0',
    'ff02::1',
    '::ffff:169.254.169.254',
    '::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    '2001:0:a9fe:a9fe::1',
    'fd20:ce::254',
  ])('%s is never asked', (address) => {
    expect(isForbidden(address, 'no-loopback')).toBe(true)
    expect(isForbidden(address, 'loopback-too')).toBe(true)
  })
})
