/** Builds the channels that the configuration names. Keys are read when first needed, libraries loaded when first used. */
import { assertNever } from '../../core/assert-never.ts'
import type { ChannelConfig } from '../../core/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Buttons, Channel } from '../../ports/notifier.ts'
import type { SecretSource } from '../../ports/secret-source.ts'
import type { AddressRule } from '../http-address.ts'
import { type ChannelKey, createChannelKey } from './channel-key.ts'
import { createDiscordSend } from './discord.ts'
import type { KeyedOptions } from './keyed-call.ts'
import { createQuietHours } from './quiet-hours.ts'
import { createSlackSend } from './slack.ts'
import { createTelegramSend } from './telegram.ts'
import { createTelegramBot, type TelegramBot } from './telegram-bot.ts'
import { createTelegramButtons } from './telegram-buttons.ts'
import { createWebhookSend } from './webhook.ts'

export type ChannelsOptions = {
  readonly configs: readonly ChannelConfig[]
  readonly secretSource: SecretSource
  readonly clock: Pick<Clock, 'now'>
  /** For tests and the sandbox. */
  readonly allowLoopback?: boolean
  /** Where emulators listen: `http://127.0.0.1:1234`, Slack's with `/api/`, Discord's with `/api` behind it. */
  readonly endpoints?: { readonly telegram?: string; readonly slack?: string; readonly discord?: string }
}

/** One each, in the configuration's order. Throws for quiet hours that are none: the configuration was checked. */
export function createChannels(options: ChannelsOptions): readonly Channel[] {
  const build = { ...options, keys: new Map<string, KeyedOptions>(), bots: new Map<string, TelegramBot>() }
  const ids = idsOf(options.configs)
  return options.configs.map((config, index) => {
    const buttons = buttonsOf(build, index)
    const waits = createQuietHours(config.quiet, config)
    return {
      id: ids[index] ?? '',
      send: sendOf(build, config),
      waitsUntil: (notice, now) => waits(notice.kind, now),
      ...(buttons === undefined ? {} : { buttons }),
    }
  })
}

type Build = ChannelsOptions & {
  readonly keys: Map<string, KeyedOptions>
  readonly bots: Map<string, TelegramBot>
}

function sendOf(build: Build, config: ChannelConfig): Channel['send'] {
  const { endpoints = {} } = build
  switch (config.kind) {
    case 'telegram':
      return createTelegramSend(botOf(build, config.token.secret), config)
    case 'slack': {
      const url = endpoints.slack === undefined ? {} : { apiUrl: endpoints.slack }
      return createSlackSend(config, { ...keyedOf(build, config.token.secret), ...url })
    }
    case 'discord': {
      const url = endpoints.discord === undefined ? {} : { apiUrl: endpoints.discord }
      return createDiscordSend(config, { ...keyedOf(build, config.webhook.secret), ...url })
    }
    case 'webhook':
      return createWebhookSend(config, keyedOf(build, config.key.secret))
    default:
      return assertNever(config)
  }
}

/** One key a secret, whatever uses it: a payload read counts against an allowance. */
function keyedOf(build: Build, secret: string): KeyedOptions {
  const known = build.keys.get(secret)
  if (known !== undefined) return known
  const { secretSource, clock, allowLoopback } = build
  const rule: AddressRule = allowLoopback === true ? 'loopback-too' : 'no-loopback'
  const key: ChannelKey = createChannelKey(secretSource, secret)
  const keyed = { key, rule, now: () => clock.now() }
  build.keys.set(secret, keyed)
  return keyed
}

function botOf(build: Build, secret: string): TelegramBot {
  const known = build.bots.get(secret)
  if (known !== undefined) return known
  const root = build.endpoints?.telegram
  const bot = createTelegramBot({
    ...keyedOf(build, secret),
    ...(root === undefined ? {} : { apiRoot: root }),
  })
  build.bots.set(secret, bot)
  return bot
}

/**
 * Telegram delivers a bot's presses once, whatever chat they come from: so of the channels with one bot the first
 * that has buttons answers for them all.
 */
function buttonsOf(build: Build, index: number): Buttons | undefined {
  const config = build.configs[index]
  if (config?.kind !== 'telegram' || config.users.length === 0) return undefined
  const { secret } = config.token
  const chats = build.configs.flatMap((other) =>
    other.kind === 'telegram' && other.token.secret === secret && other.users.length > 0 ? [other] : [],
  )
  return chats[0] === config
    ? createTelegramButtons(botOf(build, secret), { chats, reader: config })
    : undefined
}

/** A second one of a name gets `#2`: the order in the configuration decides. */
function idsOf(configs: readonly ChannelConfig[]): readonly string[] {
  const names = configs.map(nameOf)
  return names.map((name, index) => {
    const twins = names.slice(0, index).filter((other) => other === name).length
    return twins === 0 ? name : `${name}#${twins + 1}`
  })
}

/** The name of a webhook's secret stands for it, for it outlasts a new order of the list; Discord's whole URL is secret. */
function nameOf(config: ChannelConfig): string {
  switch (config.kind) {
    case 'telegram':
      return `telegram:${config.chat}`
    case 'slack':
      return `slack:${config.channel}`
    case 'discord':
      return `discord:${config.webhook.secret}`
    case 'webhook':
      return `webhook:${config.key.secret}`
    default:
      return assertNever(config)
  }
}
