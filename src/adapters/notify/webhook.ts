/** The port Channel on any URL: one signed POST a notice. Threads, edits and answers are the receiver's business. */
import type { ChannelConfig } from '../../core/channel.ts'
import type { Channel, Sending } from '../../ports/notifier.ts'
import { alertText } from '../../words/alert-text.ts'
import { createKeyedCall, type Keyed, type KeyedOptions } from './keyed-call.ts'
import { boundedText } from './message-text.ts'
import { type Outcome, outcomeOf, sentOf } from './outcome.ts'
import { webhookBody, webhookKeyBytes, webhookSignature } from './webhook-body.ts'

type WebhookConfig = Extract<ChannelConfig, { kind: 'webhook' }>

/** As Standard Webhooks asks for. */
const KEY_BYTES_MIN = 24
/** What a header can hold. */
const ID = /^[\x21-\x7e]+$/

export function createWebhookSend(config: WebhookConfig, options: KeyedOptions): Channel['send'] {
  const call = createKeyedCall(options)
  return async (sending, limits) => {
    const body = webhookBody(sending.notice, boundedText(alertText(sending.notice, config)))
    const work = async (keyed: Keyed): Promise<Outcome<undefined>> => {
      if (webhookKeyBytes(keyed.key).length < KEY_BYTES_MIN) {
        const detail = `the secret ${options.key.secret} is too short for a key: at least ${KEY_BYTES_MIN} bytes`
        return { kind: 'unauthorised', detail }
      }
      const headers = headersFor({ keyed, sending, body, now: options.now() })
      return post({ keyed, url: config.url, body, headers })
    }
    return sentOf(await call(limits, work, { answerBytesMax: 0 }))
  }
}

function headersFor(options: {
  readonly keyed: Keyed
  readonly sending: Sending
  readonly body: string
  readonly now: number
}): Record<string, string> {
  const { keyed, sending, body, now } = options
  const { id: given } = sending.notice
  const id = ID.test(given) ? given : encodeURIComponent(given)
  const timestamp = Math.floor(now / 1_000)
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': webhookSignature(keyed.key, { id, timestamp, body }),
  }
}

async function post(options: {
  readonly keyed: Keyed
  readonly url: string
  readonly body: string
  readonly headers: Record<string, string>
}): Promise<Outcome<undefined>> {
  const { keyed, url, body, headers } = options
  const outcome = await outcomeOf(
    () => keyed.fetch(url, { method: 'POST', headers, body }),
    () => undefined,
  )
  if (outcome.kind !== 'ok') return outcome
  const { status } = outcome.value
  if (status >= 200 && status < 300) return { kind: 'ok', value: undefined }
  const said = `the receiver answered with HTTP ${status}`
  if (status === 401 || status === 403) {
    return { kind: 'unauthorised', detail: `${said}: its key may be another one` }
  }
  if (status >= 300 && status < 400) {
    return { kind: 'rejected', detail: `${said}: redirects are not followed, configure the final URL` }
  }
  return { kind: 'rejected', detail: said }
}
