/** Summaries for reports and pages: each witness's word in brief. Nothing that decides. */
import type { HttpEvidence, Observation } from './evidence.ts'
import { newestHttp } from './reading.ts'
import type { EvidenceSummary, SeenWorkload } from './report.ts'

type Word = { readonly kind: string; readonly detail?: string }

export function summarise(observation: Observation): EvidenceSummary {
  const { ssh, inside, workloads, vm, heartbeat, canary } = observation
  const http = newestHttp(observation)
  const words: Record<string, Word | undefined> = {
    http: http && httpWord(http),
    ssh: ssh && word(ssh.kind, ssh.detail),
    inside: inside && word(inside.kind, inside.kind === 'ok' ? undefined : inside.detail),
    workloads: workloads && workloadsWord(workloads),
    vm: vm && vmWord(vm),
    heartbeat: heartbeat && heartbeatWord(heartbeat),
    canary: canary && word(`${canary.urlsOk} of ${canary.urlsAsked}`),
  }
  return Object.fromEntries(
    Object.entries(words).filter((entry): entry is [string, Word] => entry[1] !== undefined),
  )
}

/** The workloads as the look over SSH, or else the kit, saw them. */
export function workloadsOf(observation: Observation): readonly SeenWorkload[] | undefined {
  const { workloads } = observation
  if (workloads !== undefined && workloads.kind !== 'unreadable')
    return workloads.units.map(({ unit, active, sub, container }) => ({
      unit,
      state: `${active} (${sub})`,
      ...(container?.health === undefined ? {} : { health: container.health }),
    }))
  const http = newestHttp(observation)
  const kit = http !== undefined && 'kit' in http ? http.kit : undefined
  return kit?.workloads.map(({ unit, state, health }) => ({
    unit,
    state,
    ...(health === undefined ? {} : { health }),
  }))
}

function word(kind: string, detail?: string): Word {
  return detail === undefined ? { kind } : { kind, detail }
}

function httpWord(http: HttpEvidence): Word {
  if (http.kind === 'answers-bad' || http.kind === 'not-asked') return word(http.kind, http.detail)
  return word(http.kind, `${Math.round(http.durationMs)} ms`)
}

function workloadsWord(workloads: NonNullable<Observation['workloads']>): Word {
  if (workloads.kind !== 'ok') return word(workloads.kind, workloads.detail)
  const units = workloads.units.map(({ unit, active, sub, container }) => {
    const health = container?.health === undefined ? '' : `, ${container.health}`
    return `${unit} ${active} (${sub}${health})`
  })
  return word('ok', units.join('; '))
}

function vmWord(vm: NonNullable<Observation['vm']>): Word {
  if (vm.kind === 'not-found') return word(vm.kind)
  if (vm.kind === 'unavailable') return word(vm.kind, vm.detail)
  const stop = vm.lastStop
  return word(vm.status, stop === undefined ? undefined : `${stop.type} by ${stop.by}`)
}

function heartbeatWord(heartbeat: NonNullable<Observation['heartbeat']>): Word {
  if (heartbeat.kind === 'absent') return word('absent')
  if (heartbeat.kind === 'unavailable') return word(heartbeat.kind, heartbeat.detail)
  return word('seen', new Date(heartbeat.at).toISOString())
}
