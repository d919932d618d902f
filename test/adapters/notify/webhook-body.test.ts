/** The signature of a webhook, verified by the reference library of Standard Webhooks. */
import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { webhookSignature } from '../../../src/adapters/notify/webhook-body.ts'

const KEYS = [
  ['base64 behind whsec_', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', verifierOfBase64],
  ['any text', 'a key in words, long enough: 밤을 지키는 키', verifierOfText],
] as const

function verifierOfBase64(key: string): Webhook {
  return new Webhook(key)
}

function verifierOfText(key: string): Webhook {
  return new Webhook(new TextEncoder().encode(key), { format: 'raw' })
}

const BODY = JSON.stringify({ type: 'nightguard.notice', text: '밤 <&> "x"\n' })
const OLD_SECONDS = 301

function signed(key: string, secondsAgo = 0) {
  const timestamp = Math.floor(Date.now() / 1_000) - secondsAgo
  const id = 'inc-bot-1.2'
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': webhookSignature(key, { id, timestamp, body: BODY }),
  }
}

it.each(KEYS)('is what a receiver expects whose key is %s', (_what, key, verifierOf) => {
  expect(verifierOf(key).verify(BODY, signed(key))).toEqual(JSON.parse(BODY))
})

it.each(KEYS)(
  'shows a changed body, an old time and another key, where the key is %s',
  (_what, key, verifierOf) => {
    const verifier = verifierOf(key)
    const other = key.replace(/a/g, 'b')
    expect(() => verifier.verify(`${BODY} `, signed(key))).toThrow('No matching signature found')
    expect(() => verifier.verify(BODY, { ...signed(key), 'webhook-id': 'inc-bot-1.3' })).toThrow(
      'No matching',
    )
    expect(() => verifier.verify(BODY, signed(key, OLD_SECONDS))).toThrow('Message timestamp too old')
    expect(() => verifierOf(other).verify(BODY, signed(key))).toThrow('No matching signature found')
    const later = { ...signed(key, OLD_SECONDS), 'webhook-timestamp': signed(key)['webhook-timestamp'] }
    expect(() => verifier.verify(BODY, later)).toThrow('No matching signature found')
  },
)

it('is the same for the same, so that a repeat can be told', () => {
  const asked = { id: 'msg_1', timestamp: 1_700_000_000, body: '{}' }
  expect(webhookSignature('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', asked)).toBe(
    new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw').sign('msg_1', new Date(1_700_000_000_000), '{}'),
  )
})
