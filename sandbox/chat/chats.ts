/** All four chats on free loopback ports, with the configuration and the secrets that reach them. */
import type { ChannelConfig, QuietHours, Reader } from '../../src/core/channel.ts'
import { createDiscordEmulator, type DiscordEmulator } from './discord-emulator.ts'
import { createSlackEmulator, type SlackEmulator } from './slack-emulator.ts'
import { createTelegramEmulator, type TelegramEmulator } from './telegram-emulator.ts'
import { createWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts'

export type Chats = {
  readonly telegram: TelegramEmulator
  readonly slack: SlackEmulator
  readonly discord: DiscordEmulator
  readonly webhook: WebhookReceiver
  /** For `createChannels`. */
  readonly endpoints: { readonly telegram: string; readonly slack: string; readonly discord: string }
  /** To be put into Secret Manager: values by the names that the configuration uses. */
  readonly secrets: Readonly<Record<string, string>>
  configs(reader: Reader & { readonly quiet?: QuietHours }): readonly ChannelConfig[]
  close(): Promise<void>
}

/** Made up, and of the right form. */
export const SANDBOX_CHAT = {
  telegramToken: '7100000001:AAsandboxSandboxSandboxSandboxSandbox',
  telegramChat: '4711',
  telegramUser: 4711,
  slackToken: 'xoxb-1000000000-sandboxsandboxsandbox',
  slackChannel: '#alerts',
  slackChannelId: 'C0SANDBOX1',
  discordWebhookId: '1200000000000000042',
  discordToken: 'sandboxSandboxSandbox_Sandbox-Sandbox',
  webhookKey: 'whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveA==',
} as const

export async function createChats(): Promise<Chats> {
  const { telegramToken, telegramChat, slackToken, slackChannel, slackChannelId } = SANDBOX_CHAT
  const { discordWebhookId: webhookId, discordToken, webhookKey } = SANDBOX_CHAT
  const telegram = createTelegramEmulator({ token: telegramToken, chats: [telegramChat] })
  const slack = createSlackEmulator({ token: slackToken, channels: { [slackChannel]: slackChannelId } })
  const discord = createDiscordEmulator({ webhookId, token: discordToken })
  const webhook = createWebhookReceiver({ key: webhookKey })
  const servers = [telegram, slack, discord, webhook] as const
  const [telegramUrl = '', slackUrl = '', discordUrl = '', webhookUrl = ''] = (
    await Promise.all(servers.map((server) => server.listen()))
  ).map(({ port }) => `http://127.0.0.1:${port}`)
  return {
    telegram,
    slack,
    discord,
    webhook,
    endpoints: { telegram: telegramUrl, slack: `${slackUrl}/api/`, discord: `${discordUrl}/api` },
    secrets: {
      'sandbox-telegram-token': telegramToken,
      'sandbox-slack-token': slackToken,
      'sandbox-discord-webhook': `https://discord.com/api/webhooks/${webhookId}/${discordToken}`,
      'sandbox-webhook-key': webhookKey,
    },
    configs: (reader) => configsFor(reader, `${webhookUrl}/notices`),
    close: async () => {
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

function configsFor(
  reader: Reader & { readonly quiet?: QuietHours },
  webhookUrl: string,
): readonly ChannelConfig[] {
  const { telegramChat: chat, telegramUser, slackChannelId: channel } = SANDBOX_CHAT
  const token = (secret: string) => ({ secret })
  return [
    { ...reader, kind: 'telegram', token: token('sandbox-telegram-token'), chat, users: [telegramUser] },
    { ...reader, kind: 'slack', token: token('sandbox-slack-token'), channel },
    { ...reader, kind: 'discord', webhook: token('sandbox-discord-webhook') },
    { ...reader, kind: 'webhook', url: webhookUrl, key: token('sandbox-webhook-key') },
  ]
}
