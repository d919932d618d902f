/** The driver of the property tests does what the real loop does: the same story leaves the same documents. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ports } from '../../src/app/ports.ts'
import { watch } from '../../src/app/watch.ts'
import type { Effect } from '../../src/core/action.ts'
import { viewFleet } from '../../src/core/fleet.ts'
import type { Policy } from '../../src/core/policy.ts'
import type { Query } from '../../src/core/query.ts'
import type { Recollection } from '../../src/core/request.ts'
import { Sensitive } from '../../src/core/sensitive.ts'
import { newState } from '../../src/core/state-new.ts'
import type { Committed, Loaded } from '../../src/ports/store.ts'
import { policy as defaults, MINUTE, NOW, target } from './build.ts'
import type { Heard } from './drive.ts'
import { createChance, SEED } from './drive-chance.ts'
import type { Fault } from './drive-faults.ts'
import { NO_TROUBLE } from './drive-happening.ts'
import type { Machines } from './drive-machine.ts'
import { createMachines } from './drive-machine.ts'
import { FAULT_NAMES } from './drive-play.ts'
import { createStage } from './drive-stage.ts'

fc.configureGlobal({ seed: SEED, includeErrorInReport: true })

const TICKS = 40
/** One probe more at most, so that the time of each word is the same on both sides. */
const policy: Policy = { ...defaults, probe: { ...defaults.probe, count: 2 } }

type Story = { readonly seed: number; readonly fault: Fault; readonly lost: number }

/** Questions take no time but for the gaps between probes. */
function worldOf({ seed, lost }: Story): Machines {
  const machines = createMachines({ chance: createChance(seed), lost, blips: 0, bootMaxMs: MINUTE })
  const lagMs = (_target: unknown, query: Query): number =>
    query.kind === 'http' ? query.times * query.afterMs : 0
  return { ...machines, lagMs }
}

function happenAt(machines: Machines, fault: Fault, tick: number, now: number): void {
  if (tick === 3) machines.strike(target.id, fault, now)
  if (tick === 20) machines.heal(target.id, now)
}

function drive(story: Story): readonly unknown[] {
  const world = worldOf(story)
  const rules = { chance: createChance(1), policy, targets: [target], world, rules: [], trouble: NO_TROUBLE }
  const stage = createStage({ ...rules, startAt: NOW, commitMaxMs: 0 })
  for (let tick = 0; tick < TICKS; tick += 1)
    stage.at(NOW + tick * MINUTE, () => {
      happenAt(world, story.fault, tick, NOW + tick * MINUTE)
      stage.tick()
    })
  stage.play()
  return stage.happenings.flatMap((happening) =>
    happening.kind === 'committed' && happening.wrote ? [happening.decision.state] : [],
  )
}

type Time = { now: number; beyondHttpAt?: number }

function portsOver(world: Machines, time: Time, documents: unknown[]): Ports {
  const hear = (query: Query): Heard => {
    if (query.kind !== 'http') time.beyondHttpAt = time.now
    return world.hear(target, query, time.now)
  }
  const order = async (effect: Effect) => {
    const { result, durationMs } = world.carryOut(target, effect, time.now)
    time.now += durationMs
    if (result.kind !== 'action') throw new Error('No secrets are put in these stories')
    return result.result
  }
  const must = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error('The world did not answer')
    return value
  }
  let stored: Extract<Loaded, { kind: 'found' }> | undefined
  /** The effect as the loop knows it: the ports are told of its parts only. */
  const pending = (): Effect => ({ kind: 'act', action: must(stored?.state.action) })
  return {
    clock: {
      now: () => time.now,
      sleep: async (ms) => {
        time.now += ms
      },
    },
    ids: { owner: () => 'unused', requestId: (id) => id },
    journal: { write: () => {} },
    probe: {
      health: async (_check, { timeoutMs }) =>
        must(hear({ kind: 'http', timeoutMs, times: 1, afterMs: 0 }).http?.[0]),
      reachable: async () => true,
    },
    shell: {
      look: async (_target, questions, { connectMs }) => {
        const heard = hear({ kind: 'shell', questions, connectMs })
        return { ...heard, ssh: must(heard.ssh) }
      },
      restartWorkload: () => order(pending()),
      reboot: () => order(pending()),
      putSecrets: async () => [],
      blackBox: async () => [],
    },
    virtualMachine: {
      look: async () => must(hear({ kind: 'vm' }).vm),
      heartbeat: async () => must(hear({ kind: 'heartbeat' }).heartbeat),
      hostKeys: async () => ({ kind: 'absent' }),
      power: () => order(pending()),
      trace: async (_target, actionId) => must(hear({ kind: 'trace', actionId }).trace),
      serialTail: async () => ({ kind: 'unavailable', name: 'serial-console', detail: '' }),
    } as Ports['virtualMachine'],
    secretSource: {
      version: async (secret, version) =>
        must(
          hear({ kind: 'secret-versions', uses: [{ secret, version, as: secret, type: 'mount' }] })
            .secretVersions?.[0],
        ),
      access: async () => ({ kind: 'payload', value: new Sensitive('x') }),
    },
    store: {
      load: async () => new Map([[target.id, stored ?? { kind: 'absent', lost: false, version: null }]]),
      commit: async ({ state, incident = stored?.incident }): Promise<Committed> => {
        documents.push(state)
        const isNamed = incident !== undefined && (state.incidentId ?? state.lastIncident?.id) === incident.id
        const known = isNamed ? { incident } : {}
        const version = String(documents.length)
        stored = { kind: 'found', state, version, ...known }
        return { kind: 'committed', version }
      },
      incidents: async () => ({ kind: 'page', incidents: [] }),
      incident: async () => ({ kind: 'absent' }),
      blackBox: async () => ({ kind: 'absent' }),
      history: async () => ({ kind: 'history', buckets: [] }),
      outbox: async () => ({ kind: 'entries', entries: [] }),
      outboxEntries: async () => ({ kind: 'entries', entries: [] }),
      putOutboxEntry: async () => ({ kind: 'conflict' }),
      close: async () => {},
    },
    channels: [],
  }
}

async function runLoop(story: Story): Promise<readonly unknown[]> {
  const world = worldOf(story)
  const time: Time = { now: NOW }
  const documents: unknown[] = []
  const ports = portsOver(world, time, documents)
  let recollection: Recollection = {}
  for (let tick = 0; tick < TICKS; tick += 1) {
    time.now = Math.max(time.now, NOW + tick * MINUTE)
    happenAt(world, story.fault, tick, NOW + tick * MINUTE)
    const deadlineAt = time.now + policy.tick.deadlineMs
    const loaded = (await ports.store.load([target.id])).get(target.id)
    const found =
      loaded?.kind === 'found' ? loaded : { state: newState(target, 'new', time.now), version: null }
    delete time.beyondHttpAt
    const { observation, secrets, unwritten } = await watch({
      ...found,
      target,
      policy,
      ports,
      request: { kind: 'tick', dryRun: false },
      fleet: viewFleet(policy, [], time.now),
      recollection,
      onNotices: () => {},
      canary: async () => ({
        urlsAsked: 3,
        urlsOk: story.fault.startsWith('guard-') && tick >= 3 && tick < 20 ? 0 : 3,
      }),
      moment: () => ({ now: time.now, deadlineAt, guardStartedAt: NOW, owner: `run-${tick + 1}` }),
    })
    const polled = secrets !== undefined || observation.secretVersions !== undefined
    const { unwritten: _written, ...remembered } = recollection
    recollection = {
      ...remembered,
      ...(unwritten === undefined ? {} : { unwritten }),
      ...(polled ? { secretsPolledAt: time.now } : {}),
      ...(time.beyondHttpAt === undefined ? {} : { sshAskedAt: time.beyondHttpAt }),
    }
  }
  return documents
}

describe('the driver', () => {
  it.each(FAULT_NAMES)('writes what the loop writes, through %s and what follows', async (fault) => {
    const told = fc.record({ seed: fc.integer(), fault: fc.constant(fault), lost: fc.constantFrom(0, 0.5) })
    await fc.assert(
      fc.asyncProperty(told, async (story) => {
        const documents = await runLoop(story)
        expect(documents).toEqual(drive(story))
        expect(documents.length).toBeGreaterThan(2)
      }),
      { numRuns: 4 },
    )
  })
})
