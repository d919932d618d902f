/**
 * Who is told, in which language and when: the sections `notify`, `deadMan` and `statusPage`. What they have to do with
 * the targets is config-relations.ts; whether a time zone is one, src/config.ts asks Intl.
 */
import { z } from 'zod'
import { LANGUAGES } from '../core/channel.ts'
import { NOTICE_KINDS } from '../core/notice.ts'
import { fromSecretManager, httpUrl, resourceName } from './config-parts.ts'

const CHANNELS_MAX = 20
const USERS_MAX = 50
const STATUS_TARGETS_MAX = 100
const TITLE_CHARACTERS_MAX = 100

export const language = z
  .enum(LANGUAGES)
  .describe('The language of pages and alerts: en (English) or ko (Korean)')

/** Only its shape: which zones there are is Intl's to say. */
export const timeZone = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/, { error: 'must be the name of a time zone, like Asia/Seoul' })
  .describe('An IANA time zone, like Asia/Seoul: times are told in it')

const clockTime = z
  .string({ error: 'must be a time of the day in quotes, like "23:00"' })
  .regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/, { error: 'must be a time of the day, like "23:00"' })

const quiet = z
  .strictObject({
    from: clockTime.describe('When the quiet hours begin, in the channel\'s time zone: "23:00"'),
    to: clockTime.describe('When they end; may be earlier than from: over midnight'),
    except: z
      .array(z.enum(NOTICE_KINDS))
      .max(NOTICE_KINDS.length)
      .default(['person', 'test'])
      .describe('The kinds of notices that get through all the same'),
  })
  .superRefine(({ from, to }, context) => {
    if (from !== to) return
    context.addIssue({ code: 'custom', path: ['to'], message: 'must differ from from: nothing is quiet' })
  })
  .describe('Hours in which only what can not wait is told; the rest is told at their end')

const reader = {
  language: language.optional().describe("Default: the file's language"),
  timeZone: timeZone.optional().describe("Default: the file's timeZone"),
  quiet: quiet.optional(),
}

const CHAT_HELP = 'must be the number of a chat, like "-1001234567890", or the @name of a public one'

const chatText = z
  .string()
  .regex(/^(?:-?[1-9][0-9]{0,18}|@[A-Za-z][A-Za-z0-9_]{3,31})$/, { error: CHAT_HELP })
const chat = z.union([z.int({ error: CHAT_HELP }), chatText], { error: CHAT_HELP }).transform(String)

const USER_HELP = "must be Telegram's number of a person, like 4711"
const user = z.int({ error: USER_HELP }).min(1, { error: USER_HELP })

const telegram = z
  .strictObject({
    token: fromSecretManager.describe("The token of a bot of the guard's own, made by @BotFather"),
    chat: chat.describe('Where the bot writes: a person, a group or a channel'),
    users: z
      .array(user)
      .max(USERS_MAX)
      .default([])
      .describe("Telegram's numbers of those who may press buttons; none: messages have no buttons"),
    ...reader,
  })
  .describe('A chat on Telegram')

const slack = z
  .strictObject({
    token: fromSecretManager.describe("A Slack app's bot token (xoxb-…) with the scope chat:write"),
    channel: z
      .string()
      .regex(/^[CDG][A-Z0-9]{1,20}$/, { error: "must be a channel's id, like C0123ABCD, not its name" })
      .describe("The channel's id, at the end of its details in Slack"),
    ...reader,
  })
  .describe('A channel in Slack')

const discord = z
  .strictObject({
    webhook: fromSecretManager.describe("The webhook's whole URL"),
    ...reader,
  })
  .describe('A channel in Discord, by its webhook')

const webhook = z
  .strictObject({
    url: httpUrl.describe('Where each notice is posted as JSON'),
    key: fromSecretManager.describe('The key of the signature (HMAC-SHA256) that each request carries'),
    ...reader,
  })
  .describe('Any other service: signed JSON')

const KINDS_HELP = 'must have exactly one of telegram, slack, discord and webhook'

const channel = z
  .strictObject({
    telegram: telegram.optional(),
    slack: slack.optional(),
    discord: discord.optional(),
    webhook: webhook.optional(),
  })
  .superRefine((entry, context) => {
    if (Object.values(entry).filter((section) => section !== undefined).length === 1) return
    context.addIssue({ code: 'custom', message: KINDS_HELP })
  })

export type ChannelEntry = z.output<typeof channel>

export const notify = z
  .array(channel)
  .max(CHANNELS_MAX)
  .default([])
  .superRefine((entries, context) => {
    const places = entries.map(placeOf)
    for (const [index, { path, value }] of places.entries()) {
      const first = places.findIndex((other) => other.kind === path[0] && other.value === value)
      if (first === index || value === undefined) continue
      const message = `is told already by notify[${first}]`
      context.addIssue({ code: 'custom', path: [index, ...path], message })
    }
  })
  .describe('Where people are told of trouble, of its end, and of what they are needed for')

/** What makes a channel the same as another, and where it is written. */
function placeOf({ telegram: chats, slack: slacks, discord: discords, webhook: webhooks }: ChannelEntry) {
  if (chats !== undefined) return { kind: 'telegram', path: ['telegram', 'chat'], value: chats.chat }
  if (slacks !== undefined) return { kind: 'slack', path: ['slack', 'channel'], value: slacks.channel }
  if (discords !== undefined) {
    return { kind: 'discord', path: ['discord', 'webhook', 'secret'], value: discords.webhook.secret }
  }
  return { kind: 'webhook', path: ['webhook', 'url'], value: webhooks?.url }
}

export const deadMan = z
  .strictObject({ url: httpUrl.describe('Asked by GET after each complete tick') })
  .describe('A service elsewhere that calls a person when the guard itself falls silent')

const TITLE_HELP = `must be a text of 1 to ${TITLE_CHARACTERS_MAX} characters on one line`
const title = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, { error: TITLE_HELP })
  .max(TITLE_CHARACTERS_MAX, { error: TITLE_HELP })

export const statusPage = z
  .strictObject({
    title: title.default('Status').describe('What the page is called'),
    targets: z
      .array(
        z.strictObject({
          target: resourceName.describe("A target's id"),
          name: title.describe('What everybody knows it as'),
        }),
      )
      .min(1, { error: 'must have at least one entry' })
      .max(STATUS_TARGETS_MAX),
  })
  .describe('A page for everybody at /status, and badges: only the targets that are named here')
