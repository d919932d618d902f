/** A VM that talks rubbish, floods, hangs or shows another host key: evidence, never a crash, never a recovery. */
import { describe, expect, it } from 'vitest'
import { aDuration, aTime, healthyLine, lineOf, type Service, startArmed } from './harness.ts'
import {
  answers,
  flood,
  mute,
  rubbish,
  says,
  saysWithoutEnd,
  shell,
  type Treatment,
  worldWithMiddlemen,
} from './middleman.ts'
import { canary } from './outage.ts'

const witnesses = { vm: { kind: 'RUNNING' }, heartbeat: { kind: 'seen', detail: aTime }, canary }
const silentHttp = { kind: 'silent', detail: aDuration }
const senseless = 'SSH works, but what it says of the workloads makes no sense: '
const kitThatLies = JSON.stringify({
  kit: 'night-guard/1',
  status: 'healthy',
  bootId: '../../etc/passwd',
  uptimeSeconds: -1,
  workloads: [{ unit: 'bot.service', state: 'failed', health: 'unhealthy' }],
  memory: { totalMb: 1, usedMb: 1e300 },
})

type Case = {
  readonly name: string
  readonly health: Treatment
  readonly ssh: (hostKey: string) => Treatment
  readonly says: {
    readonly verdict: string
    readonly cause?: string
    readonly phase: string
    readonly evidence: Readonly<Record<string, unknown>>
  }
  /** After three ticks. */
  readonly end: { readonly phase: string; readonly rungs: readonly string[] }
}

const CALLED = { phase: 'gave-up', rungs: ['human'] }
const LEFT = { phase: 'watching', rungs: [] }

const CASES: readonly Case[] = [
  {
    name: 'rubbish on both ports',
    health: rubbish,
    ssh: () => rubbish,
    says: {
      verdict: 'unhealthy',
      cause: 'no-way-in',
      phase: 'suspect',
      evidence: {
        http: { kind: 'answers-bad', detail: 'broken HTTP' },
        ssh: { kind: 'banner-timeout', detail: 'the connection was closed during the handshake' },
        ...witnesses,
      },
    },
    end: CALLED,
  },
  {
    name: 'a flood on both ports',
    health: flood,
    ssh: () => flood,
    says: {
      verdict: 'unhealthy',
      cause: 'no-way-in',
      phase: 'suspect',
      evidence: {
        http: { kind: 'answers-bad', detail: 'broken HTTP' },
        ssh: { kind: expect.any(String), detail: expect.any(String) },
        ...witnesses,
      },
    },
    end: CALLED,
  },
  {
    name: 'ports that accept and never say a word, while the heartbeat is fresh',
    health: mute,
    ssh: () => mute,
    says: {
      verdict: 'degraded',
      cause: 'path-broken',
      phase: 'watching',
      evidence: {
        http: silentHttp,
        ssh: {
          kind: 'banner-timeout',
          detail: 'the connection was accepted, but no banner came within 800 ms',
        },
        ...witnesses,
      },
    },
    end: LEFT,
  },
  {
    name: 'half a JSON text, and an SSH server that runs no command',
    health: answers('{"status": ["heal'),
    ssh: () => mute,
    says: {
      verdict: 'unhealthy',
      cause: 'no-way-in',
      phase: 'suspect',
      evidence: {
        http: { kind: 'answers-bad', detail: 'the body is not JSON' },
        ssh: {
          kind: 'banner-timeout',
          detail: 'the connection was accepted, but no banner came within 800 ms',
        },
        ...witnesses,
      },
    },
    end: CALLED,
  },
  {
    name: 'a body without end, and commands that answer rubbish',
    health: answers('z'.repeat(1_000), { endless: true }),
    ssh: (hostKey) => shell(hostKey, (channel) => says(channel, '\u0000what{{{')),
    says: {
      verdict: 'inconclusive',
      phase: 'watching',
      evidence: {
        http: { kind: 'answers-bad', detail: 'body over 64 KiB' },
        ssh: { kind: 'ok', detail: "the machine's boot_id is missing or malformed" },
        inside: { kind: 'unknown', detail: 'curl gave no status code' },
        workloads: { kind: 'unreadable', detail: expect.stringMatching(/^systemctl's answer can't be read/) },
        ...witnesses,
      },
    },
    end: LEFT,
  },
  {
    name: 'commands that talk without end',
    health: answers('[]'),
    ssh: (hostKey) => shell(hostKey, saysWithoutEnd),
    says: {
      verdict: 'inconclusive',
      phase: 'watching',
      evidence: {
        http: { kind: 'answers-bad', detail: expect.any(String) },
        ssh: { kind: 'ok', detail: 'no facts: it said more than 256 KiB' },
        inside: { kind: 'unknown', detail: 'curl: it said more than 256 KiB' },
        workloads: { kind: 'unreadable', detail: 'systemctl: it said more than 256 KiB' },
        ...witnesses,
      },
    },
    end: LEFT,
  },
  {
    name: 'commands that never end, while the heartbeat is fresh',
    health: mute,
    ssh: (hostKey) => shell(hostKey, () => undefined),
    says: {
      verdict: 'degraded',
      cause: 'path-broken',
      phase: 'watching',
      evidence: {
        http: silentHttp,
        ssh: {
          kind: 'banner-timeout',
          detail: 'the login worked, but no command did: no answer in time',
        },
        ...witnesses,
      },
    },
    end: LEFT,
  },
]

async function turned({ health, ssh }: Pick<Case, 'health' | 'ssh'>): Promise<Service> {
  const { world, turn } = await worldWithMiddlemen()
  const service = await startArmed({
    world,
    policy: { heartbeat: { freshMs: '5s' }, ssh: { lookMs: 1_500, commandMs: '1s' } },
  })
  turn({ health, ssh: ssh(service.machine('bot').hostKey.privateKey) })
  return service
}

async function expectAliveAndUntouched(service: Service, before: unknown): Promise<void> {
  const { bootId, workloads } = service.machine('bot').snapshot()
  expect({ bootId, workloads }).toEqual(before)
  expect((await service.get('/health')).status).toBe(200)
  for (const verb of ['reset', 'start', 'resume', 'stop'])
    expect(service.world.compute.requests.get(`instances.${verb}`)).toBeUndefined()
}

describe('a VM that is not what it should be', () => {
  it.each(CASES)('$name: told as evidence, and nothing is done to it', async (row) => {
    const service = await turned(row)
    const { bootId, workloads } = service.machine('bot').snapshot()
    const first = await service.tick()
    expect(first.targets).toEqual([
      { id: 'bot', ...row.says, reason: expect.any(String), actions: [] },
      healthyLine('crawler'),
      healthyLine('mailer'),
    ])
    if (row.says.verdict === 'inconclusive')
      expect(lineOf(first, 'bot').reason.startsWith(senseless)).toBe(true)
    const later = [lineOf(await service.tick(), 'bot'), lineOf(await service.tick(), 'bot')]
    expect({
      phase: later.at(-1)?.phase,
      rungs: later.flatMap(({ actions }) => actions.map(({ rung }) => rung)),
    }).toEqual(row.end)
    await expectAliveAndUntouched(service, { bootId, workloads })
  })

  it('a health report that names failures which SSH does not find changes nothing', async () => {
    const { world, turn } = await worldWithMiddlemen()
    const service = await startArmed({ world })
    const { bootId, workloads } = service.machine('bot').snapshot()
    turn({ health: answers(kitThatLies) })
    for (const _tick of [1, 2, 3]) {
      expect(lineOf(await service.tick(), 'bot')).toMatchObject({ verdict: 'healthy', actions: [] })
    }
    await expectAliveAndUntouched(service, { bootId, workloads })
  })

  it('another host key than the published one: no login, a person is called, no reset', async () => {
    const service = await startArmed()
    await service.world.breakIt('host-key-changed', { machine: 'bot' })
    const before = service.machine('bot').snapshot().bootId
    const first = lineOf(await service.tick(), 'bot')
    expect(first).toMatchObject({
      verdict: 'unhealthy',
      cause: 'no-way-in',
      phase: 'suspect',
      actions: [],
      evidence: { ssh: { kind: 'host-key-changed' } },
    })
    expect(lineOf(await service.tick(), 'bot')).toMatchObject({
      phase: 'gave-up',
      actions: [{ rung: 'human', result: 'done' }],
    })
    expect(service.machine('bot').snapshot().bootId).toBe(before)
    expect(service.story.filter((line) => /vm bot: (systemctl|is reset|reboots)/.test(line))).toEqual([])
  })
})
