/**
 * A world that says anything at any time. It has moods, which last a while so that thresholds are reached and
 * every rung is tried, and noise, which contradicts the mood; nothing that it says has to fit together.
 */
import type { ActionResult, Effect } from '../../src/core/action.ts'
import type {
  EffectResult,
  HttpEvidence,
  KitReport,
  MachineFacts,
  UnitEvidence,
  VmEvidence,
  WorkloadsEvidence,
} from '../../src/core/evidence.ts'
import { SSH_KINDS, VM_STATUSES } from '../../src/core/evidence.ts'
import type { Query } from '../../src/core/query.ts'
import type { Target } from '../../src/core/target.ts'
import type { Heard } from './drive.ts'
import type { Chance } from './drive-chance.ts'
import type { World } from './drive-happening.ts'

const MOODS = [
  'well',
  'well-but-unit-failed',
  'unit-failed',
  'hung',
  'wedged',
  'inner-guard',
  'path',
  'frozen',
  'frozen-without-kit',
  'banner',
  'locked-out',
  'preempted',
  'suspended',
  'stopped',
  'changing',
  'replaced',
  'offline',
  'held',
] as const
type Mood = (typeof MOODS)[number]
type Mind = {
  mood: Mood
  boot: number
  invocation: number
  lastActionId?: string
  serial: number
  put: string
}

export type AdversaryOptions = {
  readonly chance: Chance
  /** How often a witness contradicts the mood, from 0 to 1. */
  readonly noise: number
  /** How likely the mood changes on a `turn`. */
  readonly moodiness: number
}

export type Adversary = World & {
  /** Time goes by: moods may change. */
  readonly turn: () => void
  /** From now on all is well and every witness says so. */
  readonly heal: () => void
}

const UP: ReadonlySet<Mood> = new Set(['well', 'well-but-unit-failed'])
const SSH_UP: ReadonlySet<Mood> = new Set([
  ...UP,
  'unit-failed',
  'hung',
  'wedged',
  'inner-guard',
  'path',
  'held',
])

export function createAdversary(options: AdversaryOptions): Adversary {
  const { chance } = options
  let { noise } = options
  const minds = new Map<string, Mind>()
  let healed = false

  function mindOf({ id }: Target): Mind {
    const known = minds.get(id)
    if (known !== undefined) return known
    const fresh: Mind = { mood: 'well', boot: 1, invocation: 1, serial: 100, put: '1' }
    minds.set(id, fresh)
    return fresh
  }

  const odd = (): boolean => chance.happens(noise)

  function otherMood(well: number): Mood {
    // One unit of several: the look behind a health check that works has rules of its own.
    if (chance.happens(0.1)) return 'well-but-unit-failed'
    return chance.happens(well) ? 'well' : chance.pick(MOODS)
  }

  function http(target: Target, now: number): HttpEvidence {
    const { mood } = mindOf(target)
    const base = { at: now, durationMs: 10 }
    const kinds = ['ok', 'answers-bad', 'refused', 'silent', 'not-asked'] as const
    const usual = UP.has(mood) ? 'ok' : SSH_UP.has(mood) ? chance.pick(kinds.slice(1, 4)) : 'silent'
    const kind = odd() ? chance.pick(kinds) : usual
    const kit = chance.happens(0.5) ? { kit: kitReport(target) } : {}
    switch (kind) {
      case 'ok':
        return { ...base, kind, ...kit }
      case 'answers-bad':
        return { ...base, kind, detail: 'status 503', status: 503, ...kit }
      case 'not-asked':
        return { ...base, kind, detail: 'no such name' }
      default:
        return { ...base, kind }
    }
  }

  function kitReport(target: Target): KitReport {
    const { mood, boot } = mindOf(target)
    const bad = odd() || mood === 'well-but-unit-failed'
    return {
      status: bad ? 'failed' : 'healthy',
      ...(chance.happens(0.8) ? { bootId: odd() ? `boot-${chance.below(5)}` : `boot-${boot}` } : {}),
      workloads: target.workloads.map(({ unit }) => ({ unit, state: bad ? 'failed' : 'active' })),
      memory: { totalMb: 1000, usedMb: odd() ? 990 : 300 },
    }
  }

  function unitEvidence(target: Target, unit: string): UnitEvidence {
    const { mood, boot, invocation } = mindOf(target)
    const base = {
      unit,
      load: 'loaded',
      sub: 'x',
      result: 'success',
      invocationId: odd() ? 'inv-1' : `inv-${invocation}`,
    }
    const container = { id: `c-${boot}`, running: true, health: 'healthy' as const, failingStreak: 0 }
    const failed = { ...base, active: 'failed', result: 'exit-code' }
    const fine = { ...base, active: 'active', container }
    if (odd())
      return chance.pick<UnitEvidence>([
        failed,
        fine,
        { ...fine, container: { ...container, health: 'unhealthy' } },
        { ...fine, container: { ...container, running: false } },
        { ...base, active: 'activating', startTimeoutMs: 30_000 },
        { ...base, active: 'inactive' },
        { ...base, active: 'inactive', load: 'masked' },
        { ...base, active: 'inactive', load: 'not-found' },
        { ...base, active: 'active' },
      ])
    if (mood === 'unit-failed' || (mood === 'well-but-unit-failed' && unit === target.workloads[0]?.unit))
      return failed
    return mood === 'inner-guard' ? { ...base, active: 'activating' } : fine
  }

  function workloads(target: Target): WorkloadsEvidence {
    const units = target.workloads.filter(() => !odd()).map(({ unit }) => unitEvidence(target, unit))
    const usual = mindOf(target).mood === 'wedged' ? 'wedged' : 'ok'
    const kind = odd() ? chance.pick(['ok', 'wedged', 'unreadable'] as const) : usual
    if (kind === 'ok') return { kind, units }
    return kind === 'wedged' ? { kind, detail: 'timed out', units } : { kind, detail: 'rubbish' }
  }

  function facts(target: Target): MachineFacts {
    const { mood, boot, lastActionId } = mindOf(target)
    return {
      bootId: odd() ? `boot-${chance.below(5)}` : `boot-${boot}`,
      uptimeMs: odd() ? chance.below(100_000) : 5_000_000,
      held: mood === 'held' || (odd() && chance.happens(0.2)),
      ...(lastActionId === undefined || odd() ? {} : { lastActionId }),
    }
  }

  function shell(target: Target, { questions }: Extract<Query, { kind: 'shell' }>, now: number): Heard {
    const mind = mindOf(target)
    const usual = SSH_UP.has(mind.mood)
      ? 'ok'
      : mind.mood === 'banner'
        ? 'banner-timeout'
        : mind.mood === 'locked-out'
          ? chance.pick(['auth-failed', 'host-key-changed', 'gate-refused'] as const)
          : 'silent'
    const kind = odd() ? chance.pick(SSH_KINDS) : usual
    if (kind !== 'ok') return { ssh: { kind, at: now, durationMs: 10 } }
    const names = questions.secrets
    const secrets = names
      .filter(() => !odd())
      .map((name) => ({ name, source: 'token', version: odd() ? '0' : mind.put }))
    const inside = chance.pick([
      { kind: 'fails', detail: 'refused' } as const,
      { kind: 'unknown', detail: '?' } as const,
    ])
    return {
      ssh: { kind, at: now, durationMs: 10 },
      facts: facts(target),
      ...(questions.workloads ? { workloads: workloads(target) } : {}),
      ...(questions.inside
        ? { inside: odd() || mind.mood === 'path' || UP.has(mind.mood) ? { kind: 'ok' } : inside }
        : {}),
      ...(names.length > 0
        ? { presentSecrets: odd() ? { kind: 'unreadable', detail: '?' } : { kind: 'ok', secrets } }
        : {}),
    }
  }

  function vm(target: Target, now: number): VmEvidence {
    const mind = mindOf(target)
    const { mood } = mind
    if (odd() && chance.happens(0.3)) return { kind: 'unavailable', at: now, detail: 'quota' }
    if (odd() && chance.happens(0.1)) return { kind: 'not-found', at: now }
    const down = mood === 'preempted' || mood === 'stopped'
    const usual = down
      ? 'TERMINATED'
      : mood === 'suspended'
        ? 'SUSPENDED'
        : mood === 'changing'
          ? 'STAGING'
          : 'RUNNING'
    const status = odd() ? chance.pick(VM_STATUSES) : usual
    const type =
      mood === 'stopped'
        ? 'stop'
        : chance.pick(['compute.instances.preempted', 'compute.instances.hostError'])
    mind.serial += chance.below(50)
    return {
      kind: 'seen',
      at: now,
      status,
      instanceId: mood === 'replaced' || (odd() && chance.happens(0.2)) ? '43' : '42',
      addresses: odd() && chance.happens(0.2) ? ['10.0.0.9'] : ['10.0.0.2'],
      ...(odd() ? { operationRunning: 'reset' } : {}),
      ...(odd() ? {} : { lastStop: { type, by: 'someone', at: now - chance.below(600_000) } }),
      serial: { next: mind.serial, booted: odd() && chance.happens(0.2) },
    }
  }

  function hear(target: Target, query: Query, now: number): Heard {
    const mind = mindOf(target)
    switch (query.kind) {
      case 'http': {
        const heard: HttpEvidence[] = []
        while (heard.length < query.times && heard.at(-1)?.kind !== 'ok') heard.push(http(target, now))
        return { http: heard }
      }
      case 'shell':
        return shell(target, query, now)
      case 'vm':
        return { vm: vm(target, now) }
      case 'heartbeat': {
        if (odd())
          return {
            heartbeat: chance.pick([{ kind: 'absent' }, { kind: 'unavailable', detail: '?' }] as const),
          }
        if (mind.mood === 'frozen-without-kit') return { heartbeat: { kind: 'absent' } }
        const stale = mind.mood === 'frozen' || mind.mood === 'banner'
        return {
          heartbeat: {
            kind: 'seen',
            at: stale ? 1_000 : now - chance.below(60_000),
            bootId: `boot-${mind.boot}`,
          },
        }
      }
      case 'black-box':
        return { blackBox: { at: now, sections: [] } }
      case 'canary':
        return { canary: { urlsAsked: 3, urlsOk: (mind.mood === 'offline') !== odd() ? 1 : 3 } }
      case 'secret-versions':
        return {
          secretVersions: query.uses.map(({ secret, version }) =>
            odd()
              ? { kind: 'unavailable', secret, wanted: version, detail: 'down', passing: true }
              : {
                  kind: 'version',
                  secret,
                  wanted: version,
                  version: !healed && chance.happens(0.1) ? `${chance.below(9)}` : mind.put,
                },
          ),
        }
      case 'trace': {
        const { pick } = chance
        return {
          trace: pick([
            { kind: 'happened', done: true, detail: '' },
            { kind: 'no-trace' },
            { kind: 'unavailable', detail: '?' },
          ] as const),
        }
      }
    }
  }

  function resultOf(effect: Effect): ActionResult {
    if (!odd() && chance.happens(0.6)) return { kind: 'done' }
    const power = effect.kind === 'act' && (effect.action.rung === 'start' || effect.action.rung === 'resume')
    return chance.pick<ActionResult>([
      { kind: 'failed', detail: 'no', ...(power ? { stockOut: true } : {}) },
      { kind: 'failed', detail: 'no' },
      { kind: 'skipped', detail: 'a higher fence was seen' },
      { kind: 'unknown', detail: 'timed out' },
      { kind: 'unknown', detail: 'timed out' },
    ])
  }

  return {
    hear,
    carryOut(target, effect, now) {
      const mind = mindOf(target)
      const durationMs = chance.happens(0.3) ? chance.below(22_000) : chance.below(500)
      if (effect.kind === 'put-secrets') {
        const puts = effect.puts.map((put) => ({ put, result: resultOf(effect) }))
        if (chance.happens(0.7)) mind.put = effect.puts[0]?.version ?? mind.put
        return { result: { kind: 'puts', puts, at: now }, durationMs }
      }
      if (chance.happens(0.7)) mind.lastActionId = effect.action.id
      if (healed || chance.happens(0.7)) mind.invocation += 1
      if (effect.action.rung !== 'restart-workload' && chance.happens(0.7)) mind.boot += 1
      if (!healed && chance.happens(0.4)) mind.mood = otherMood(0.7)
      const result: EffectResult = {
        kind: 'action',
        actionId: effect.action.id,
        result: resultOf(effect),
        at: now,
      }
      return { result, durationMs }
    },
    turn() {
      if (healed) return
      for (const mind of minds.values()) {
        if (chance.happens(options.moodiness)) mind.mood = otherMood(0.3)
        if (chance.happens(0.02)) mind.boot += 1
      }
    },
    heal() {
      healed = true
      noise = 0
      for (const mind of minds.values()) mind.mood = 'well'
    },
  }
}
