/** The port Channel on a Slack channel, by Slack's own client: one try a call, silent, its refusals as data. */
import type { WebClient } from '@slack/web-api'
import type { ChannelConfig } from '../../core/channel.ts'
import type { Channel, Sending } from '../../ports/notifier.ts'
import { slackHttpRefusalSchema, slackMessageSchema, slackRefusalSchema } from '../../schemas/chat.ts'
import { type AlertText, alertText } from '../../words/alert-text.ts'
import { createKeyedCall, type Keyed, type KeyedOptions } from './keyed-call.ts'
import { named, type Outcome, outcomeOf, sentOf, type Trouble } from './outcome.ts'
import { slackAnswer, slackMessage } from './slack-text.ts'
import { tellThread } from './thread.ts'

type SlackConfig = Extract<ChannelConfig, { kind: 'slack' }>

export function createSlackSend(
  config: SlackConfig,
  options: KeyedOptions & { readonly apiUrl?: string },
): Channel['send'] {
  const call = createKeyedCall(options)
  return async (sending, limits) => {
    const text = alertText(sending.notice, config)
    const outcome = await call(limits, async (keyed) => {
      if (!/^xox[a-z]-[\x21-\x7e]{8,500}$/.test(keyed.key)) {
        const detail = `the secret ${options.key.secret} is no Slack token (xoxb-…)`
        return { kind: 'unauthorised', detail }
      }
      const client = await openClient(keyed, options.apiUrl)
      return tell({ client, channel: config.channel, text }, sending)
    })
    return sentOf(outcome)
  }
}

/** Slack's client logs what fails by itself, to the console. */
const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  setName: () => undefined,
}

async function openClient({ key, fetch, deadline }: Keyed, apiUrl: string | undefined): Promise<WebClient> {
  const { LogLevel, WebClient } = await import('@slack/web-api')
  return new WebClient(key, {
    fetch,
    logger: { ...SILENT, getLevel: () => LogLevel.ERROR },
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: deadline.remainingMs(),
    allowAbsoluteUrls: false,
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  })
}

type Telling = { readonly client: WebClient; readonly channel: string; readonly text: AlertText }
type Root = { readonly channel: string; readonly ts: string }

const NO_LINKS = { unfurl_links: false, unfurl_media: false, parse: 'none', link_names: false } as const

function tell({ client, channel, text }: Telling, { notice, root }: Sending): Promise<Outcome<string>> {
  const known = root === undefined ? undefined : rootOf(root)
  return tellThread(
    { notice, ...(known === undefined || root === undefined ? {} : { root }) },
    {
      post: async () => {
        const outcome = await slackCall(() =>
          client.chat.postMessage({ channel, ...slackMessage(text), ...NO_LINKS }),
        )
        return named(outcome, nameOf)
      },
      edit: () => {
        const { text: fallback, blocks } = slackMessage(text)
        return slackCall(() =>
          client.chat.update({
            ...(known ?? NOWHERE),
            text: fallback,
            blocks,
            parse: 'none',
            link_names: false,
          }),
        )
      },
      // Only those who follow a thread hear of its answers, so the channel is shown them too.
      answer: () => {
        const { channel: id, ts } = known ?? NOWHERE
        const place = { channel: id, thread_ts: ts, reply_broadcast: true } as const
        return slackCall(() => client.chat.postMessage({ ...place, ...slackAnswer(text), ...NO_LINKS }))
      },
    },
  )
}

/** Never asked: without a known root nothing is edited. */
const NOWHERE: Root = { channel: '', ts: '' }

/** `C0123/1700000000.000100`: updates want the channel's id, which may have been configured by its name. */
function rootOf(receipt: string): Root | undefined {
  const [channel, ts] = receipt.split('/')
  return slackMessageSchema.safeParse({ channel, ts }).data
}

function nameOf(answer: unknown): string | undefined {
  const message = slackMessageSchema.safeParse(answer).data
  return message === undefined ? undefined : `${message.channel}/${message.ts}`
}

function slackCall<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  return outcomeOf(call, refusalOf)
}

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors, and those of chat.update. */
const MEANING: Readonly<Record<string, Trouble['kind']>> = {
  invalid_auth: 'unauthorised',
  not_authed: 'unauthorised',
  account_inactive: 'unauthorised',
  token_expired: 'unauthorised',
  token_revoked: 'unauthorised',
  message_not_found: 'gone',
  cant_update_message: 'gone',
  edit_window_closed: 'gone',
  fatal_error: 'failed',
  internal_error: 'failed',
  ratelimited: 'failed',
  rate_limited: 'failed',
  request_timeout: 'failed',
  service_unavailable: 'failed',
  team_added_to_org: 'failed',
}

const HINTS: Readonly<Record<string, string>> = {
  channel_not_found: ': correct the channel in the configuration, and invite the app to it',
  not_in_channel: ': invite the app to the channel',
  missing_scope: ': give the app the scope chat:write, and install it again',
}

function refusalOf(error: unknown): Trouble | undefined {
  const code = slackRefusalSchema.safeParse(error).data?.data.error
  if (code !== undefined) {
    const kind = MEANING[code] ?? 'rejected'
    const detail = `Slack says: ${code}${HINTS[code] ?? ''}`
    return { kind, detail }
  }
  const status = slackHttpRefusalSchema.safeParse(error).data?.statusCode
  if (status === undefined) return undefined
  const kind = status === 401 || status === 403 ? 'unauthorised' : 'rejected'
  return { kind, detail: `Slack answered with HTTP ${status}` }
}
