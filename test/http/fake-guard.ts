/** A guard that answers what a test tells it to, and keeps what it was asked. It behaves in no way of its own. */
import type { Guard } from '../../src/app/guard.ts'
import { dayOf } from '../../src/core/history.ts'
import type {
  BlackBoxView,
  DayView,
  HistoryPoint,
  HistoryView,
  IncidentView,
  ShadowReport,
  TargetReport,
  TargetView,
} from '../../src/core/report.ts'

export const NOW = Date.UTC(2026, 2, 4, 3, 14, 20)
export const at = (secondsAgo: number): string => new Date(NOW - secondsAgo * 1_000).toISOString()

export type Asked = { readonly call: keyof Guard; readonly with: readonly unknown[] }

export function createFakeGuard(answers: Partial<Guard> = {}): Guard & { readonly asked: readonly Asked[] } {
  const asked: Asked[] = []
  const unknown = (id: string) => ({ kind: 'unknown-target' as const, id, known: ['nightguard'] })
  const defaults: Guard = {
    tick: async () => ({ kind: 'report', report: { at: at(0), durationMs: 12, targets: [targetReport()] } }),
    sync: async () => ({
      kind: 'report',
      report: {
        at: at(0),
        durationMs: 12,
        targets: [
          { ...targetReport(), secrets: [{ name: 'bot_token', secret: 'bot-token', result: 'in-sync' }] },
        ],
      },
    }),
    order: async (target) =>
      target === 'nightguard'
        ? { kind: 'done', report: targetReport(), view: targetView() }
        : unknown(target),
    targets: async () => ({ kind: 'targets', targets: [targetView()] }),
    target: async (id) => (id === 'nightguard' ? { kind: 'target', target: targetView() } : unknown(id)),
    incidents: async () => ({ kind: 'page', incidents: [incident()] }),
    incident: async (id) => (id === 'i-1' ? { kind: 'found', incident: incident() } : { kind: 'absent' }),
    blackBox: async (id) => (id === 'b-1' ? { kind: 'found', blackBox: blackBox() } : { kind: 'absent' }),
    history: async (target) =>
      target === 'nightguard' ? { kind: 'history', history: history() } : unknown(target),
    shadow: async () => ({ kind: 'shadow', report: shadowReport() }),
    secretChanged: async () => ({ kind: 'synced', targets: ['nightguard'] }),
    testAlerts: async () => ({ kind: 'tested', results: [] }),
    metrics: () => NO_METRICS,
    close: async () => {},
  }
  const guard = { ...defaults, ...answers }
  const kept =
    <Call extends keyof Guard>(call: Call, answer: Guard[Call]) =>
    (...args: Parameters<Guard[Call]>): ReturnType<Guard[Call]> => {
      asked.push({ call, with: args })
      return Reflect.apply(answer, guard, args)
    }
  return {
    asked,
    tick: kept('tick', guard.tick),
    sync: kept('sync', guard.sync),
    order: kept('order', guard.order),
    targets: kept('targets', guard.targets),
    target: kept('target', guard.target),
    incidents: kept('incidents', guard.incidents),
    incident: kept('incident', guard.incident),
    blackBox: kept('blackBox', guard.blackBox),
    history: kept('history', guard.history),
    shadow: kept('shadow', guard.shadow),
    secretChanged: kept('secretChanged', guard.secretChanged),
    testAlerts: kept('testAlerts', guard.testAlerts),
    // Asks nobody, so it is no call that is worth keeping.
    metrics: guard.metrics,
    close: kept('close', guard.close),
  }
}

const NO_METRICS: ReturnType<Guard['metrics']> = {
  startedAt: NOW - 3_600_000,
  targets: [],
  ticks: { complete: 0, partial: 0, 'store-unavailable': 0 },
  actions: [],
  deliveries: [],
  notices: [],
}

export function targetReport(changes: Partial<TargetReport> = {}): TargetReport {
  return {
    id: 'nightguard',
    verdict: 'healthy',
    reason: 'the health endpoint answers as it should',
    phase: 'watching',
    evidence: { http: { kind: 'ok', detail: '12 ms' } },
    actions: [],
    ...changes,
  }
}

export function targetView(changes: Partial<TargetView> = {}): TargetView {
  return {
    id: 'nightguard',
    verdict: 'healthy',
    reason: 'the health endpoint answers as it should',
    phase: 'watching',
    phaseSince: at(86_400),
    armed: true,
    arming: {
      kind: 'armed',
      at: at(86_400),
      by: 'guard',
      fingerprint: { healthUrl: 'http://10.138.0.2:8080/health', ssh: 'nightguard@10.138.0.2:22' },
    },
    evidence: { http: { kind: 'ok', detail: '12 ms' } },
    breaker: { kind: 'closed' },
    budgets: [
      { rung: 'restart-workload', unit: 'agent.service', used: 1, max: 3, windowMs: 3_600_000 },
      { rung: 'reboot or reset', used: 0, max: 2, windowMs: 6 * 3_600_000 },
    ],
    workloads: [{ unit: 'agent.service', container: 'systemd-agent', state: 'active', health: 'healthy' }],
    secrets: [
      { name: 'bot_token', secret: 'bot-token', wanted: 'latest', applied: '7', appliedAt: at(7_200) },
    ],
    lastTickAt: at(12),
    mode: 'act',
    outlook: { rung: 'nothing', why: 'the health endpoint answers as it should' },
    uptime: { hours24: 1, days7: 1, days30: 0.99987, days90: 0.9998 },
    days: [day(2), day(1, { unhealthy: 20, degraded: 4 }), day(0)],
    ...changes,
  }
}

/** The looks of a day, so many days ago. */
export function day(daysAgo: number, changes: Partial<DayView> = {}): DayView {
  const name = dayOf(NOW - daysAgo * 86_400_000)
  return { day: name, healthy: 1_416, degraded: 0, unhealthy: 0, inconclusive: 0, ...changes }
}

export function historyPoint(secondsAgo: number, changes: Partial<HistoryPoint> = {}): HistoryPoint {
  return {
    fromAt: at(secondsAgo),
    toAt: at(secondsAgo - 540),
    healthy: 10,
    degraded: 0,
    unhealthy: 0,
    inconclusive: 0,
    latencyMs: { mean: 12, max: 40 },
    memoryUsedMb: { mean: 512, max: 530.5 },
    swapUsedMb: { mean: 100, max: 120 },
    memoryStallPercent: { mean: 0.4, max: 3 },
    ...changes,
  }
}

export function history(changes: Partial<HistoryView> = {}): HistoryView {
  return {
    target: 'nightguard',
    points: [historyPoint(7_200), historyPoint(6_600, { unhealthy: 2 }), historyPoint(600)],
    ...changes,
  }
}

export function blackBox(changes: Partial<BlackBoxView> = {}): BlackBoxView {
  return {
    schema: 1,
    id: 'b-1',
    incidentId: 'i-1',
    target: 'nightguard',
    at: at(119),
    before: 'reset',
    sections: [
      {
        kind: 'text',
        name: 'serial-console',
        text: 'Out of memory: Killed process 812 (agent)\n[  812.0] oom_reaper\n',
        cut: true,
      },
      { kind: 'unavailable', name: 'units', detail: 'SSH does not answer' },
    ],
    ...changes,
  }
}

export function shadowReport(changes: Partial<ShadowReport> = {}): ShadowReport {
  return {
    mode: 'observe',
    fromAt: at(7 * 86_400),
    toAt: at(0),
    targets: [
      {
        id: 'nightguard',
        outages: 1,
        would: [
          {
            at: at(3_600),
            rung: 'restart-workload',
            unit: 'agent.service',
            cause: 'workload-hung',
            reason: 'agent.service answers nobody: no answer within 2 s',
            incidentId: 'i-1',
            lastedMs: 754_000,
          },
        ],
      },
    ],
    cut: false,
    ...changes,
  }
}

export function incident(changes: Partial<IncidentView> = {}): IncidentView {
  return {
    schema: 2,
    id: 'i-1',
    target: 'nightguard',
    beganAt: at(135),
    openedAt: at(120),
    openedBy: 'guard',
    recoveredAt: at(105),
    closedAt: at(30),
    cause: 'workload-hung',
    state: 'closed',
    timeline: [
      { at: at(120), kind: 'opened', text: 'agent.service hangs' },
      { at: at(119), kind: 'action', text: 'restart-workload agent.service' },
      { at: at(30), kind: 'closed', text: 'Healthy again' },
    ],
    timelineDropped: 0,
    actions: [
      {
        id: 'a-1',
        incidentId: 'i-1',
        rung: 'restart-workload',
        unit: 'agent.service',
        attempt: 1,
        cause: 'workload-hung',
        purpose: 'recovery',
        by: { kind: 'guard' },
        force: false,
        status: 'proved',
        intendedAt: at(119),
        issuedAt: at(118.5),
        endedAt: at(110),
        result: { kind: 'done', detail: 'restarted in 3.6 s' },
        baseline: { invocationId: 'f00' },
        fence: 4,
      },
    ],
    fixedBy: {
      kind: 'action',
      actionId: 'a-1',
      rung: 'restart-workload',
      unit: 'agent.service',
      by: 'guard',
      proved: true,
    },
    relapses: 0,
    blackBoxes: [],
    would: [],
    notices: 1,
    ...changes,
  }
}
