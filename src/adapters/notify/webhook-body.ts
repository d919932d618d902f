/** What a generic webhook is sent: one notice as JSON, in words and as data, and its signature. */
import { createHmac } from 'node:crypto'
import type { Notice } from '../../core/notice.ts'
import { plainText } from '../../core/plain-text.ts'
import type { AlertText } from '../../words/alert-text.ts'

const TEXT_MAX = 1_000

/** Times are ISO 8601 texts; absent fields are left out. */
export function webhookBody(notice: Notice, text: AlertText): string {
  const { id, thread, kind, severity, target, incidentId, verdict, cause, fixedBy, would, targets } = notice
  return JSON.stringify({
    type: 'nightguard.notice',
    id,
    at: isoOf(notice.at),
    thread,
    kind,
    severity,
    target,
    incidentId,
    verdict,
    cause,
    reason: plainText(notice.reason, TEXT_MAX),
    since: isoOf(notice.since),
    endedAt: notice.endedAt === undefined ? undefined : isoOf(notice.endedAt),
    fixedBy,
    would,
    targets,
    story: notice.story.map((line) => ({
      at: isoOf(line.at),
      kind: line.kind,
      text: plainText(line.text, TEXT_MAX),
    })),
    text,
  })
}

export type Signed = {
  /** The idempotency key. */
  readonly id: string
  /** Epoch seconds of this try: receivers refuse old ones. */
  readonly timestamp: number
  readonly body: string
}

/** Standard Webhooks (https://www.standardwebhooks.com): `v1,` and the HMAC-SHA256 over all three, in base64. */
export function webhookSignature(key: string, { id, timestamp, body }: Signed): string {
  const mac = createHmac('sha256', webhookKeyBytes(key)).update(`${id}.${timestamp}.${body}`)
  return `v1,${mac.digest('base64')}`
}

const BASE64_KEY = 'whsec_'

/** A key that begins with `whsec_` is base64 behind it; any other is its UTF-8 bytes. */
export function webhookKeyBytes(key: string): Buffer {
  return key.startsWith(BASE64_KEY)
    ? Buffer.from(key.slice(BASE64_KEY.length), 'base64')
    : Buffer.from(key, 'utf8')
}

function isoOf(at: number): string {
  return new Date(at).toISOString()
}
