/** Each witness's word in brief, as reports and pages show it. */
import { describe, expect, it } from 'vitest'
import type { Observation } from '../../src/core/evidence.ts'
import type { EvidenceSummary } from '../../src/core/report.ts'
import { summarise } from '../../src/core/summary.ts'
import { heartbeat, http, NOW, nothing, ssh, unit, vm } from './build.ts'

describe('a summary', () => {
  it.each<[string, Partial<Observation>, EvidenceSummary]>([
    ['of nothing is empty', {}, {}],
    [
      'tells the newest word over HTTP',
      { http: [http.silent, http.ok()] },
      { http: { kind: 'ok', detail: '5 ms' } },
    ],
    [
      'tells what was answered badly',
      { http: [http.bad()] },
      { http: { kind: 'answers-bad', detail: 'status 503' } },
    ],
    ['tells SSH without a detail', { ssh: ssh('ok') }, { ssh: { kind: 'ok' } }],
    [
      'tells SSH with one',
      { ssh: ssh('auth-failed', { detail: 'publickey' }) },
      { ssh: { kind: 'auth-failed', detail: 'publickey' } },
    ],
    [
      'tells what inside says',
      { inside: { kind: 'fails', detail: 'refused' } },
      { inside: { kind: 'fails', detail: 'refused' } },
    ],
    ['tells that inside works', { inside: { kind: 'ok' } }, { inside: { kind: 'ok' } }],
    [
      'tells each unit',
      {
        workloads: {
          kind: 'ok',
          units: [
            unit(),
            unit({ unit: 'api.service', active: 'failed', sub: 'failed', container: undefined as never }),
          ],
        },
      },
      {
        workloads: {
          kind: 'ok',
          detail: 'bot.service active (running, healthy); api.service failed (failed)',
        },
      },
    ],
    [
      'tells that Podman hangs',
      { workloads: { kind: 'wedged', detail: 'timed out', units: [] } },
      { workloads: { kind: 'wedged', detail: 'timed out' } },
    ],
    ["tells the VM's status", { vm: vm() }, { vm: { kind: 'RUNNING' } }],
    [
      'tells who stopped the VM',
      { vm: vm({ status: 'TERMINATED', lastStop: { type: 'stop', by: 'alice@example.com', at: NOW } }) },
      { vm: { kind: 'TERMINATED', detail: 'stop by alice@example.com' } },
    ],
    ['tells that there is no VM', { vm: { kind: 'not-found', at: NOW } }, { vm: { kind: 'not-found' } }],
    [
      'tells that Compute was not heard',
      { vm: { kind: 'unavailable', at: NOW, detail: '503' } },
      { vm: { kind: 'unavailable', detail: '503' } },
    ],
    [
      "tells the heartbeat's time",
      { heartbeat: heartbeat.fresh },
      { heartbeat: { kind: 'seen', detail: '2026-11-22T03:11:40.000Z' } },
    ],
    ['tells that there is none', { heartbeat: heartbeat.absent }, { heartbeat: { kind: 'absent' } }],
    [
      'tells that it was not heard',
      { heartbeat: { kind: 'unavailable', detail: '403' } },
      { heartbeat: { kind: 'unavailable', detail: '403' } },
    ],
    ['tells the canary', { canary: { urlsAsked: 3, urlsOk: 2 } }, { canary: { kind: '2 of 3' } }],
  ])('%s', (_name, seen, expected) => expect(summarise({ ...nothing, ...seen })).toEqual(expected))
})
