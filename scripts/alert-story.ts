/**
 * A story told by the real guard on a virtual clock: a container dies twice in a night, and between minute 1 and
 * minute 11 one of two channels is down. What arrived where, and when. Run it to read it; a test holds it to its word.
 */
import { tellThread } from '../src/adapters/notify/thread.ts'
import { createGuard } from '../src/app/create-guard.ts'
import type { Guard } from '../src/app/guard.ts'
import type { Ports } from '../src/app/ports.ts'
import type { UnitEvidence } from '../src/core/evidence.ts'
import { DEFAULT_POLICY } from '../src/core/policy.ts'
import type { Channel } from '../src/ports/notifier.ts'
import { alertText } from '../src/words/alert-text.ts'
import { aTarget, createQuietPorts } from '../test/fakes/quiet-ports.ts'

/** 03:12 in the night. */
const BEGIN = Date.parse('2026-03-01T03:12:00Z')
const MINUTE_MS = 60_000
const READER = { language: 'en', timeZone: 'UTC' } as const
const UNIT = 'agent.service'

/** By the minute in which it happened; `who` is the world, or a channel. */
export type StoryLine = { readonly minute: number; readonly who: string; readonly text: string }

type Teller = { minute: number; readonly lines: StoryLine[]; say(who: string, text: string): void }

/** Minutes at which something happens to the container, and to the channel `telegram`. */
const HAPPENS: Readonly<Record<number, (world: World, tell: Teller) => void>> = {
  0: (world) => world.die('the container dies, and systemd gives up on it'),
  1: ({ telegram }) => telegram.goDown(),
  8: (world) => world.die('the container dies again'),
  11: ({ telegram }) => telegram.comeBack(),
}
const LAST_MINUTE = 16

export async function alertStory(): Promise<readonly StoryLine[]> {
  const tell: Teller = {
    minute: -1,
    lines: [],
    say(who, text) {
      tell.lines.push({ minute: tell.minute, who, text })
    },
  }
  const clock = createClock()
  const world = createStoryWorld(tell, clock)
  const guard = openGuard(world, clock)
  for (; tell.minute <= LAST_MINUTE; tell.minute += 1) {
    clock.set(BEGIN + tell.minute * MINUTE_MS)
    HAPPENS[tell.minute]?.(world, tell)
    await guard.tick({ dryRun: false })
  }
  await guard.close({ timeoutMs: 0 })
  return tell.lines
}

type StoryClock = { now(): number; sleep(ms: number): Promise<void>; set(at: number): void }

/** Sleeping moves it; so does each new minute. */
function createClock(): StoryClock {
  let now = BEGIN
  return {
    now: () => now,
    async sleep(ms) {
      now += ms
    },
    set(at) {
      now = at
    },
  }
}

function openGuard(world: World, clock: StoryClock): Guard {
  const ports: Ports = {
    ...createQuietPorts(),
    ...world.ports,
    clock,
    channels: [world.telegram.channel, world.webhook.channel],
  }
  const target = { ...aTarget('bot'), workloads: [{ unit: UNIT, container: 'systemd-agent', secrets: [] }] }
  return createGuard({ targets: [target], policy: DEFAULT_POLICY, canaryUrls: [], ports })
}

type World = {
  readonly ports: Pick<Ports, 'probe' | 'shell' | 'virtualMachine'>
  readonly telegram: StoryChat
  readonly webhook: StoryChat
  die(how: string): void
}

function createStoryWorld(tell: Teller, clock: StoryClock): World {
  const quiet = createQuietPorts()
  let lives = 1
  let isDead = false
  const unit = (): UnitEvidence => ({
    unit: UNIT,
    load: 'loaded',
    active: isDead ? 'failed' : 'active',
    sub: isDead ? 'failed' : 'running',
    result: isDead ? 'start-limit-hit' : 'success',
    invocationId: String(lives).repeat(32),
  })
  return {
    telegram: createStoryChat('telegram', tell),
    webhook: createStoryChat('webhook', tell),
    die(how) {
      isDead = true
      tell.say('world', how)
    },
    ports: {
      probe: {
        ...quiet.probe,
        health: async () => ({ kind: isDead ? 'refused' : 'ok', at: clock.now(), durationMs: 1 }),
      },
      shell: {
        ...quiet.shell,
        look: async () => ({
          ssh: { kind: 'ok', at: clock.now(), durationMs: 1 },
          facts: { bootId: 'boot-1', uptimeMs: clock.now() - BEGIN + 3_600_000, held: false },
          workloads: { kind: 'ok', units: [unit()] },
          inside: isDead ? { kind: 'fails', detail: 'connection refused' } : { kind: 'ok' },
        }),
        async restartWorkload() {
          isDead = false
          lives += 1
          tell.say('world', 'the guard restarts it')
          return { kind: 'done' }
        },
      },
      virtualMachine: {
        ...quiet.virtualMachine,
        look: async () => ({
          kind: 'seen',
          at: clock.now(),
          status: 'RUNNING',
          instanceId: '42',
          addresses: ['10.0.0.2'],
        }),
      },
    },
  }
}

type StoryChat = { readonly channel: Channel; goDown(): void; comeBack(): void }

/** Messages, edits and answers as in a real chat, by the rules that all chats share. */
function createStoryChat(id: string, tell: Teller): StoryChat {
  let isDown = false
  let messages = 0
  return {
    goDown() {
      isDown = true
      tell.say(id, 'is down')
    },
    comeBack() {
      isDown = false
      tell.say(id, 'is back')
    },
    channel: {
      id,
      waitsUntil: () => undefined,
      async send(sending) {
        const { mark, title, brief, story } = alertText(sending.notice, READER)
        const arrive = async (text: string) => {
          if (isDown) return { kind: 'failed', detail: 'no connection' } as const
          tell.say(id, text)
          return { kind: 'ok', value: undefined } as const
        }
        const outcome = await tellThread(sending, {
          async post() {
            const posted = await arrive(`message ${messages + 1}: ${mark} ${title}`)
            if (posted.kind !== 'ok') return posted
            messages += 1
            return { kind: 'ok', value: String(messages) }
          },
          edit: (root) => arrive(`message ${root} now: ${mark} ${title}; last: ${story.at(-1)?.text ?? ''}`),
          answer: (root) => arrive(`answer to ${root}: ${brief}`),
        })
        if (outcome.kind === 'ok') return { kind: 'sent', receipt: outcome.value }
        return { kind: 'failed', detail: outcome.detail }
      },
    },
  }
}

/** One line each, with the time of day. */
export function storyText(lines: readonly StoryLine[]): string {
  return lines
    .map(({ minute, who, text }) => {
      const time = new Date(BEGIN + minute * MINUTE_MS).toISOString().slice(11, 16)
      return `${time}  ${who.padEnd(8)}  ${text}`
    })
    .join('\n')
}

if (import.meta.main) console.log(storyText(await alertStory()))
