/** Four channels as production builds them, each against its emulator, with keys in an emulated Secret Manager. */

import type { ChatServer } from '../../../sandbox/chat/chat-server.ts'
import { type Chats, createChats, SANDBOX_CHAT } from '../../../sandbox/chat/chats.ts'
import {
  createSecretManagerEmulator,
  type SecretManagerEmulator,
} from '../../../sandbox/google/secret-manager-emulator.ts'
import { createSecretManagerSource } from '../../../src/adapters/google/secret-manager.ts'
import { createChannels } from '../../../src/adapters/notify/channels.ts'
import type { ChannelConfig, QuietHours, Reader } from '../../../src/core/channel.ts'
import type { Channel } from '../../../src/ports/notifier.ts'

export const READER: Reader = { language: 'en', timeZone: 'Asia/Seoul' }
/** Generous: on a busy machine loading a library takes seconds. */
export const LIMITS = { timeoutMs: 15_000 }

export type ChannelKind = ChannelConfig['kind']
export const KINDS = ['telegram', 'slack', 'discord', 'webhook'] as const satisfies readonly ChannelKind[]

export type Stage = {
  readonly chats: Chats
  readonly vault: SecretManagerEmulator
  channel(kind: ChannelKind): Channel
  server(kind: ChannelKind): ChatServer
  /** Of the kind's key, in Secret Manager. */
  secretName(kind: ChannelKind): string
  /** The other side takes another key from now on; gives the secret's new value, which is not added yet. */
  rotate(kind: ChannelKind): string
  /** New ones, with all their keys in another secret. */
  build(secret: string): readonly Channel[]
  close(): Promise<void>
}

const SECRET_NAMES: Readonly<Record<ChannelKind, string>> = {
  telegram: 'sandbox-telegram-token',
  slack: 'sandbox-slack-token',
  discord: 'sandbox-discord-webhook',
  webhook: 'sandbox-webhook-key',
}

export async function openStage(quiet?: QuietHours): Promise<Stage> {
  const chats = await createChats()
  const secrets = Object.entries(chats.secrets).map(([name, value]) => [name, [value]])
  const vault = createSecretManagerEmulator({ project: 'my-project', secrets: Object.fromEntries(secrets) })
  const { port } = await vault.listen()
  const configs = chats.configs({ ...READER, ...(quiet === undefined ? {} : { quiet }) })
  const endpoint = { apiEndpoint: '127.0.0.1', port, protocol: 'http' } as const
  const secretSource = createSecretManagerSource({ project: 'my-project', endpoint })
  const build = (chosen: readonly ChannelConfig[]) =>
    createChannels({
      configs: chosen,
      secretSource,
      clock: { now: () => Date.now() },
      allowLoopback: true,
      endpoints: chats.endpoints,
    })
  const channels = build(configs)
  return {
    chats,
    vault,
    channel: (kind) => channelOf(channels, kind),
    server: (kind) => chats[kind],
    secretName: (kind) => SECRET_NAMES[kind],
    rotate: (kind) => rotated(chats, kind),
    build: (secret) => build(configs.map((config) => withSecret(config, secret))),
    close: async () => {
      await Promise.all([chats.close(), vault.close()])
    },
  }
}

function withSecret(config: ChannelConfig, secret: string): ChannelConfig {
  switch (config.kind) {
    case 'telegram':
    case 'slack':
      return { ...config, token: { secret } }
    case 'discord':
      return { ...config, webhook: { secret } }
    case 'webhook':
      return { ...config, key: { secret } }
  }
}

export function channelOf(channels: readonly Channel[], kind: ChannelKind): Channel {
  const found = channels.find(({ id }) => id.startsWith(`${kind}:`))
  if (found === undefined) throw new Error(`No channel of the kind ${kind} was built.`)
  return found
}

function rotated(chats: Chats, kind: ChannelKind): string {
  switch (kind) {
    case 'telegram': {
      const token = '7100000001:BBsandboxSandboxSandboxSandboxSandbox'
      chats.telegram.changeToken(token)
      return token
    }
    case 'slack': {
      const token = 'xoxb-1000000000-rotatedrotatedrotated'
      chats.slack.changeToken(token)
      return token
    }
    case 'discord': {
      const token = 'rotatedRotatedRotated_Rotated-Rotated'
      chats.discord.changeToken(token)
      return `https://discord.com/api/webhooks/${SANDBOX_CHAT.discordWebhookId}/${token}`
    }
    case 'webhook': {
      const key = 'a plain text as a key, long enough: 밤을 지키는 키'
      chats.webhook.changeKey(key)
      return key
    }
  }
}
