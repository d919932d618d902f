/** A guard that answers what a test tells it to, and keeps what it was asked. It behaves in no way of its own. */
import type { Guard } from '../../src/app/guard.ts'
import type { IncidentView, TargetReport, TargetView } from '../../src/core/report.ts'

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
    close: kept('close', guard.close),
  }
}

export function targetReport(changes: Partial<TargetReport> = {}): TargetReport {
  return {
    id: 'nightguard',
    verdict: 'healthy',
    reason: 'The health endpoint answers as expected',
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
    reason: 'The health endpoint answers as expected',
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
      { rung: 'reboot, reset', used: 0, max: 2, windowMs: 6 * 3_600_000 },
    ],
    workloads: [{ unit: 'agent.service', container: 'systemd-agent', state: 'active', health: 'healthy' }],
    secrets: [
      { name: 'bot_token', secret: 'bot-token', wanted: 'latest', applied: '7', appliedAt: at(7_200) },
    ],
    lastTickAt: at(12),
    ...changes,
  }
}

export function incident(changes: Partial<IncidentView> = {}): IncidentView {
  return {
    schema: 1,
    id: 'i-1',
    target: 'nightguard',
    openedAt: at(120),
    openedBy: 'guard',
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
    ...changes,
  }
}
