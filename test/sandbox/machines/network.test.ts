import { describe, expect, it } from 'vitest'
import { createNetworkFaults, withNetwork, withNetworkShell } from '../../../sandbox/machines/network.ts'
import { Sensitive } from '../../../src/core/sensitive.ts'
import type { Target } from '../../../src/core/target.ts'
import type { Probe } from '../../../src/ports/probe.ts'
import type { Shell } from '../../../src/ports/shell.ts'

const TARGET: Target = {
  id: 'bot',
  project: 'sandbox',
  zone: 'us-west1-b',
  instance: 'bot',
  health: { url: 'http://127.0.0.1:8080/health', expect: { status: 200 } },
  ssh: {
    host: '127.0.0.1',
    port: 2222,
    user: 'nightguard',
    privateKey: { secret: 'key' },
    hostKey: { kind: 'guest-attributes' },
  },
  workloads: [],
}
const LIMITS = { connectMs: 2_000, commandMs: 3_000, deadlineMs: 10_000 }
const QUESTIONS = { inside: false, workloads: true, secrets: [] }

/** A world in which all is well, on a clock of its own. */
function world() {
  let now = 1_000
  const clock = {
    now: () => now,
    async sleep(ms: number) {
      now += ms
    },
  }
  const network = createNetworkFaults({ clock })
  const probe: Probe = {
    health: async () => ({ kind: 'ok', at: now, durationMs: 5 }),
    reachable: async () => true,
  }
  const shell: Shell = {
    look: async () => ({ ssh: { kind: 'ok', at: now, durationMs: 9 } }),
    restartWorkload: async () => ({ kind: 'done' }),
    reboot: async () => ({ kind: 'done' }),
    putSecrets: async (_target, { puts }) =>
      puts.map(({ put }) => ({ name: put.name, result: { kind: 'done' } })),
    blackBox: async () => [{ kind: 'text', name: 'memory', text: 'MemFree: 1 kB\n', cut: false }],
  }
  return { network, probe: withNetwork(probe, network), shell: withNetworkShell(shell, network) }
}

const ORDER = { unit: 'agent.service', actionId: 'a', fence: 1 }
const PUTS = {
  fence: 1,
  puts: [{ put: { secret: 's', version: '2', name: 'token' }, value: new Sensitive('x') }],
}

async function everything({ probe, shell }: ReturnType<typeof world>) {
  return {
    health: await probe.health(TARGET.health, { timeoutMs: 500 }),
    canary: await probe.reachable('https://control.example/', { timeoutMs: 500 }),
    look: await shell.look(TARGET, QUESTIONS, LIMITS),
    restart: await shell.restartWorkload(TARGET, ORDER, LIMITS),
    reboot: await shell.reboot(TARGET, ORDER, LIMITS),
    puts: await shell.putSecrets(TARGET, PUTS, LIMITS),
    blackBox: await shell.blackBox(TARGET, { units: [], containers: [] }, LIMITS),
  }
}

describe('the network of the guard', () => {
  it('lets everything through while nothing is wrong with it', async () => {
    expect(await everything(world())).toEqual({
      health: { kind: 'ok', at: 1_000, durationMs: 5 },
      canary: true,
      look: { ssh: { kind: 'ok', at: 1_000, durationMs: 9 } },
      restart: { kind: 'done' },
      reboot: { kind: 'done' },
      puts: [{ name: 'token', result: { kind: 'done' } }],
      blackBox: [{ kind: 'text', name: 'memory', text: 'MemFree: 1 kB\n', cut: false }],
    })
  })

  it('offline: each way waits for its time-out and finds silence', async () => {
    const offline = world()
    offline.network.setGuard('offline')
    const failed = { kind: 'failed', detail: 'SSH: no answer within 2000 ms' }
    expect(await everything(offline)).toEqual({
      health: { kind: 'silent', at: 1_000, durationMs: 500 },
      canary: false,
      look: { ssh: { kind: 'silent', at: 2_000, durationMs: 2_000 } },
      restart: failed,
      reboot: failed,
      puts: [{ name: 'token', result: failed }],
      blackBox: ['kernel-oom', 'units', 'containers', 'memory', 'pressure'].map((name) => ({
        kind: 'unavailable',
        name,
        detail: 'no login (silent): no connection within 2000 ms',
      })),
    })
  })

  it('drops what goes to one place only', async () => {
    const broken = world()
    broken.network.drop('127.0.0.1', 8080)
    const seen = await everything(broken)
    expect([seen.health.kind, seen.canary, seen.look.ssh.kind]).toEqual(['silent', true, 'ok'])
    broken.network.restore('127.0.0.1', 8080)
    expect((await everything(broken)).health.kind).toBe('ok')
  })
})
