/** What the tests of alerts share: an incident to tell of, and the chats as their readers see them. */
import type { World } from '../../sandbox/world.ts'
import { type Service, until } from './harness.ts'

/** What failed is tried again at a test's pace; a busy machine has time to answer. */
export const OUTBOX = { retryFirstMs: 40, retryMaxMs: 160, sendMs: '6s', claimMs: '8s' }

/** Loading a chat's library takes a while, once; no test of time-outs should measure that. */
export async function loadChatLibraries(): Promise<void> {
  await Promise.all([import('grammy'), import('@slack/web-api'), import('@discordjs/rest')])
}

/** Times and durations differ from run to run: `TIME` and `N s` stand for them. */
export function timeless(text: string): string {
  return text
    .replace(/(?:\d{4}-\d\d-\d\d )?\d\d:\d\d(?::\d\d)?/g, 'TIME')
    .replace(/\b(?:\d+ min )?\d+ s\b/g, 'N s')
    .replace(/(?:\d+분 )?\d+초/g, 'N초')
}

export function telegramOf({ chats }: World) {
  return chats.telegram.messages().map(({ text, buttons, replyTo, silent, edits }) => ({
    text: timeless(text).split('\n'),
    buttons: buttons.flat(),
    ...(replyTo === undefined ? {} : { replyTo }),
    silent,
    edits,
  }))
}

export function slackOf({ chats }: World) {
  return chats.slack.messages().map(({ text, edits, replies }) => ({
    text: timeless(text).split('\n'),
    edits,
    replies: replies.map((reply) => ({ text: timeless(reply.text), broadcast: reply.broadcast })),
  }))
}

export function discordOf({ chats }: World) {
  return chats.discord.messages().map(({ text, silent, edits }) => ({
    text: timeless(text).split('\n'),
    silent,
    edits,
  }))
}

/** What each notice was, in the order of their arrival at the webhook. */
export function kindsOf({ chats }: World, target?: string): readonly string[] {
  return chats.webhook
    .messages()
    .filter((notice) => target === undefined || notice.target === target)
    .map(({ kind }) => kind)
}

/** The first lines of all that stands in a chat. */
export const headsOf = {
  telegram: (world: World) => telegramOf(world).map(({ text }) => text[0]),
  slack: (world: World) => slackOf(world).map(({ text }) => text[0]),
  discord: (world: World) => discordOf(world).map(({ text }) => text[0]),
} as const

/** The bot's container dies for good; systemd gives up on it. */
export async function kill(service: Service, machine = 'bot'): Promise<void> {
  await service.world.breakIt('container-exits', { machine })
  const isDead = () => service.machine(machine).workload().state().active === 'failed'
  await until('systemd gives up', isDead)
}

/** Ticks until the condition holds. */
export async function ticking(
  service: Service,
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  await until(what, async () => {
    await service.tick()
    return condition()
  })
}

export async function tickUntilClosed(service: Service, target = 'bot'): Promise<void> {
  await ticking(service, `the incident of ${target} is closed`, async () => {
    const [incident] = await service.incidents(target)
    return incident?.state === 'closed'
  })
}
