/** Ports on a virtual clock, in front of a world where all is well; a test replaces what it is about. */
import type { Ports } from '../../src/app/ports.ts'
import type { Target } from '../../src/core/target.ts'
import type { JournalEvent } from '../../src/ports/journal.ts'
import { createMemoryStore } from './memory-store.ts'
import { NOON } from './stored.ts'

export type QuietPorts = Ports & { readonly events: readonly JournalEvent[] }

/** Sleeping moves the clock; nothing else does. */
export function createQuietPorts(): QuietPorts {
  let now = NOON
  let owners = 0
  const events: JournalEvent[] = []
  const well = { kind: 'done' } as const
  const unknown = { kind: 'unavailable', detail: 'not told in this test' } as const
  return {
    events,
    clock: {
      now: () => now,
      async sleep(ms) {
        now += ms
      },
    },
    ids: {
      owner() {
        owners += 1
        return `run-${owners}`
      },
      requestId: (actionId) => actionId,
    },
    journal: {
      write(event) {
        events.push(event)
      },
    },
    probe: {
      health: async () => ({ kind: 'ok', at: now, durationMs: 1 }),
      reachable: async () => true,
    },
    shell: {
      look: async () => ({ ssh: { kind: 'silent', at: now, durationMs: 1 } }),
      restartWorkload: async () => well,
      reboot: async () => well,
      putSecrets: async (_target, { puts }) => puts.map(({ put: { name } }) => ({ name, result: well })),
      blackBox: async () => [],
    },
    virtualMachine: {
      look: async () => ({ ...unknown, at: now }),
      heartbeat: async () => unknown,
      hostKeys: async () => unknown,
      power: async () => well,
      trace: async () => ({ ...unknown, at: now }),
      serialTail: async () => ({ ...unknown, name: 'serial-console' }),
    },
    secretSource: {
      version: async (secret, wanted) => ({ secret, wanted, ...unknown, passing: true }),
      access: async () => ({ ...unknown, passing: true }),
    },
    store: createMemoryStore(),
    channels: [],
  }
}

export function aTarget(id = 'bot'): Target {
  return {
    id,
    project: 'my-project',
    zone: 'us-west1-b',
    instance: id,
    health: { url: `http://${id}.example:8080/health`, expect: { status: 200 } },
    ssh: {
      host: '10.0.0.2',
      port: 22,
      user: 'nightguard',
      privateKey: { secret: 'key' },
      hostKey: { kind: 'guest-attributes' },
    },
    workloads: [],
  }
}
