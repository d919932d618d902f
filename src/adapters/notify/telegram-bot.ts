/** One Telegram bot, by grammY's Api: loaded when first used, one try a call, its refusals as data. */
import type { Api } from 'grammy'
import { plainText } from '../../core/plain-text.ts'
import type { SendLimits } from '../../ports/notifier.ts'
import { telegramRefusalSchema } from '../../schemas/chat.ts'
import { createKeyedCall, type Keyed, type KeyedOptions } from './keyed-call.ts'
import { type Outcome, outcomeOf, type Trouble } from './outcome.ts'

export type TelegramBot = {
  /** `token` is the MACs' key. */
  work<T>(
    limits: SendLimits,
    work: (api: Api, token: string) => Promise<Outcome<T>>,
    options?: { readonly answerBytesMax?: number },
  ): Promise<Outcome<T>>
}

const TOKEN = /^\d{3,20}:[A-Za-z0-9_-]{20,100}$/
const DESCRIPTION_MAX = 200

export function createTelegramBot(options: KeyedOptions & { readonly apiRoot?: string }): TelegramBot {
  const call = createKeyedCall(options)
  const { secret } = options.key
  return {
    work: (limits, work, bounds) =>
      call(
        limits,
        async (keyed) => {
          if (!TOKEN.test(keyed.key)) {
            const detail = `the secret ${secret} is no Telegram bot token (123456:ABC…, as @BotFather gives it)`
            return { kind: 'unauthorised', detail }
          }
          return work(await openApi(keyed, options.apiRoot), keyed.key)
        },
        bounds,
      ),
  }
}

async function openApi({ key, fetch, deadline }: Keyed, apiRoot: string | undefined): Promise<Api> {
  const { Api } = await import('grammy')
  return new Api(key, {
    // grammY is typed by node-fetch; of the answer it uses `json()` only (seen in 1.46's client.js).
    fetch: fetch as unknown as typeof globalThis.fetch as never,
    timeoutSeconds: Math.ceil(deadline.remainingMs() / 1_000),
    ...(apiRoot === undefined ? {} : { apiRoot }),
  })
}

/** One call of the API. */
export function telegramCall<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  return outcomeOf(call, refusalOf)
}

/** Editing a message into what it is already. */
export function isNotModified(outcome: Outcome<unknown>): boolean {
  return outcome.kind === 'rejected' && outcome.detail.includes('message is not modified')
}

const GONE = /message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i

/** The texts are Telegram's own; their beginnings have been the same for years, codes alone tell too little. */
function refusalOf(error: unknown): Trouble | undefined {
  const refusal = telegramRefusalSchema.safeParse(error).data
  if (refusal === undefined) return undefined
  const { error_code: code, parameters } = refusal
  const said = `Telegram says: ${plainText(refusal.description, DESCRIPTION_MAX)} (${code})`
  switch (code) {
    case 401:
    case 404:
      return { kind: 'unauthorised', detail: `${said}: no bot has this token` }
    case 400:
      if (GONE.test(refusal.description)) return { kind: 'gone', detail: said }
      return {
        kind: 'rejected',
        detail: `${said}${hintFor(refusal.description, parameters.migrate_to_chat_id)}`,
      }
    case 403:
      return { kind: 'rejected', detail: `${said}: the bot must be a member of the chat, and not blocked` }
    case 409:
      return { kind: 'rejected', detail: `${said}: ${ONLY_ONE_READER}` }
    default:
      return code >= 400 && code < 500 ? { kind: 'rejected', detail: said } : { kind: 'failed', detail: said }
  }
}

const ONLY_ONE_READER =
  'another program reads what this bot is told, so buttons do not work: give the guard a bot of its own'

function hintFor(description: string, movedTo: number | undefined): string {
  if (movedTo !== undefined) return `: the chat's number is ${movedTo} now, write it into the configuration`
  if (!/chat not found/i.test(description)) return ''
  return ': correct the chat in the configuration, and write to the bot once so that it knows you'
}
