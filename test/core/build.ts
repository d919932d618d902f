/** Building blocks of the core's tests: a target, a state, witnesses' words, a situation. */
import type {
  HttpEvidence,
  KitReport,
  Observation,
  SshEvidence,
  UnitEvidence,
  VmEvidence,
} from '../../src/core/evidence.ts'
import { viewFleet } from '../../src/core/fleet.ts'
import type { Case } from '../../src/core/judgement.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import type { Situation } from '../../src/core/situation.ts'
import type { TargetState } from '../../src/core/state.ts'
import { newState } from '../../src/core/state-new.ts'
import type { Target } from '../../src/core/target.ts'

export const NOW = Date.UTC(2026, 10, 22, 3, 12)
export const SECOND = 1_000
export const MINUTE = 60_000
export const HOUR = 3_600_000
export const policy = DEFAULT_POLICY

export const target: Target = {
  id: 'bot',
  project: 'p',
  zone: 'us-west1-b',
  instance: 'bot',
  health: { url: 'http://10.0.0.2:8080/health', expect: { status: 200 }, unit: 'bot.service' },
  ssh: {
    host: '10.0.0.2',
    port: 22,
    user: 'nightguard',
    privateKey: { secret: 'key' },
    hostKey: { kind: 'guest-attributes' },
  },
  workloads: [
    {
      unit: 'bot.service',
      container: 'systemd-bot',
      health: { command: ['/health'], intervalSeconds: 15, retries: 3, startSeconds: 30 },
      secrets: [{ secret: 'token', version: 'latest', as: 'bot_token', type: 'mount' }],
    },
  ],
}

export const twoWorkloads: Target = {
  ...target,
  health: { url: 'http://10.0.0.2:8080/health', expect: { status: 200 } },
  workloads: [...target.workloads, { unit: 'api.service', container: 'systemd-api', secrets: [] }],
}

export function armed(change: Partial<TargetState> = {}): TargetState {
  return {
    ...newState(target, 'new', NOW - 24 * HOUR),
    phase: 'watching',
    arming: {
      kind: 'armed',
      at: NOW - 24 * HOUR,
      by: 'first healthy look',
      fingerprint: {
        healthUrl: target.health.url,
        ssh: 'nightguard@10.0.0.2:22',
        instanceId: '42',
        addresses: ['10.0.0.2'],
      },
    },
    healthySince: NOW - 23 * HOUR,
    bootId: 'boot-1',
    sshCheckedAt: NOW - MINUTE,
    lastVerdict: { verdict: 'healthy', reason: 'healthy', at: NOW - 23 * HOUR },
    ...change,
  }
}

const DURATION_MS = 5

export const http = {
  ok: (kit?: KitReport): HttpEvidence => ({
    kind: 'ok',
    at: NOW,
    durationMs: DURATION_MS,
    ...(kit ? { kit } : {}),
  }),
  silent: { kind: 'silent', at: NOW, durationMs: DURATION_MS } as HttpEvidence,
  refused: { kind: 'refused', at: NOW, durationMs: DURATION_MS } as HttpEvidence,
  bad: (kit?: KitReport): HttpEvidence => ({
    kind: 'answers-bad',
    at: NOW,
    durationMs: DURATION_MS,
    status: 503,
    detail: 'status 503',
    ...(kit ? { kit } : {}),
  }),
}

export function ssh(kind: SshEvidence['kind'], change: Partial<SshEvidence> = {}): SshEvidence {
  return { kind, at: NOW, durationMs: DURATION_MS, ...change }
}

export function unit(change: Partial<UnitEvidence> = {}): UnitEvidence {
  return {
    unit: 'bot.service',
    load: 'loaded',
    active: 'active',
    sub: 'running',
    result: 'success',
    invocationId: 'inv-1',
    container: { id: 'c-1', running: true, health: 'healthy', failingStreak: 0 },
    ...change,
  }
}

export const failedUnit = unit({
  active: 'failed',
  sub: 'failed',
  result: 'exit-code',
  container: undefined as never,
})

export function vm(change: Partial<Extract<VmEvidence, { kind: 'seen' }>> = {}): VmEvidence {
  return { kind: 'seen', at: NOW, status: 'RUNNING', instanceId: '42', addresses: ['10.0.0.2'], ...change }
}

export const facts = { bootId: 'boot-1', uptimeMs: 23 * HOUR, held: false }

export function kit(change: Partial<KitReport> = {}): KitReport {
  return {
    status: 'healthy',
    bootId: 'boot-1',
    workloads: [{ unit: 'bot.service', state: 'active' }],
    ...change,
  }
}

export const heartbeat = {
  fresh: { kind: 'seen', at: NOW - 20 * SECOND, bootId: 'boot-1' },
  stale: { kind: 'seen', at: NOW - 5 * MINUTE, bootId: 'boot-1' },
  absent: { kind: 'absent' },
} as const

export function observe(change: Partial<Observation>): Observation {
  return { startedAt: NOW, http: [], witnessedAt: NOW, canary: { urlsAsked: 3, urlsOk: 3 }, ...change }
}

export function subject(change: Partial<Case> & { observation: Observation }): Case {
  return {
    policy,
    target,
    state: armed(),
    peersAnswering: 0,
    moment: { now: NOW, deadlineAt: NOW + 55 * SECOND, guardStartedAt: NOW - HOUR, owner: 'me' },
    ...change,
  }
}

export function situation(change: Partial<Situation> & { observation: Observation }): Situation {
  return {
    ...subject(change),
    fleet: viewFleet(policy, [{ id: 'bot', gaveUp: false }], NOW),
    request: { kind: 'tick', dryRun: false },
    recollection: { secretsPolledAt: NOW, sshAskedAt: NOW },
    ...change,
  }
}

export const nothing: Observation = { startedAt: NOW, http: [] }
