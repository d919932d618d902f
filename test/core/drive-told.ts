/**
 * The rules of alerts, each told what happens and throwing when it must not: notices are written once and in order,
 * with the change that they tell of, and no target in trouble stays silent unless another alert speaks for it.
 */
import { alarmOf } from '../../src/core/fleet.ts'
import type { Incident } from '../../src/core/incident.ts'
import type { Notice } from '../../src/core/notice.ts'
import type { Policy } from '../../src/core/policy.ts'
import type { Situation } from '../../src/core/situation.ts'
import { stageOf } from '../../src/core/situation.ts'
import type { TargetState } from '../../src/core/state.ts'
import type { Happening, Rule } from './drive-happening.ts'
import { must } from './drive-rules.ts'

/** What the outbox got, oldest first. */
export function noticesOf(happenings: readonly Happening[]): readonly Notice[] {
  return happenings.flatMap((happening) =>
    happening.kind === 'committed' && happening.wrote ? (happening.decision.notices ?? []) : [],
  )
}

/** Ids are threads and numbers; a number comes once and after the one before it; only `again` follows an end. */
export function toldOnce(): Rule {
  const threads = new Map<string, Notice[]>()
  return (happening) => {
    if (happening.kind !== 'committed') return
    const { decision, wrote, situation } = happening
    const { notices = [] } = decision
    must(wrote || notices.length === 0, 'alerts', 'a notice without a change of state')
    if (!wrote) return
    const { state } = decision
    if (notices.length > 0)
      must(state.outboxDueAt === situation.moment.now, 'alerts', 'nobody is told that notices wait')
    for (const notice of notices) {
      const { id, thread, number, kind } = notice
      const before = threads.get(thread) ?? []
      threads.set(thread, [...before, notice])
      must(id === `${thread}.${number}`, 'alerts', `${id} is no name for ${thread}`)
      must(number === before.length + 1, 'alerts', `${id} after ${before.length} notices`)
      must((kind === 'triggered') === (number === 1), 'alerts', `${id} is ${kind}`)
      const isOver = before.at(-1)?.kind === 'resolved'
      must(isOver === (kind === 'again'), 'alerts', `${id} is ${kind} after ${before.at(-1)?.kind}`)
      must(notice.story.length <= 12, 'alerts', `${id} tells too much`)
    }
  }
}

/** A refusal, a dry run and a run beside another one write and tell nothing, and measure nothing into the state. */
export function tellsNothingInVain(): Rule {
  return (happening) => {
    if (happening.kind !== 'committed') return
    const { decision, situation } = happening
    const isForeign = stageOf(situation) === 'foreign'
    if (!isForeign && decision.refusal === undefined) return
    const { notices, rollup, blackBox } = decision
    must(notices === undefined && rollup === undefined && blackBox === undefined, 'alerts', 'told in vain')
    if (isForeign) must(!happening.wrote, 'alerts', 'written beside another run')
  }
}

/** So many of its own ticks a target in trouble may stay silent with nobody to tell; doubled ones count by their time. */
const SILENT_TICKS_MAX = 3

type Known = { readonly state: TargetState; readonly incident: Incident | undefined }

/** Every open incident, and every person called without one, is told of, or is covered by an alert that was. */
export function neverSilent(policy: Policy): Rule {
  const { alerts, tick } = policy
  const written = new Map<string, Known>()
  const needs = new Map<string, readonly string[]>()
  const silent = new Map<string, { readonly since: number; readonly ticks: number }>()
  const lastTold = new Map<string, number>()
  /** An alert that was left as it is speaks for those that had fallen ill before, and one that is gone for nobody. */
  const fleetTold = (illSince: number): boolean =>
    [...written.values()].some(
      ({ state: { fleetAlert: alert } }) =>
        alert?.toldAt !== undefined &&
        alert.goneSince === undefined &&
        !(illSince > (alert.leftAt ?? illSince)),
    )
  const isTold = ({ alert, incidentId }: TargetState): boolean =>
    alert?.toldAt !== undefined &&
    alert.overAt === undefined &&
    (incidentId === undefined ? alert.subject === 'warning' : alert.thread === incidentId)
  const isCovered = (id: string, illSince: number): boolean => {
    const state = written.get(id)?.state
    if (state === undefined) return false
    if (isTold(state)) return !(illSince > (state.alert?.leftAt ?? illSince))
    if (fleetTold(illSince)) return true
    return (needs.get(id) ?? []).some(
      (root) => written.get(root)?.state.failingSince !== undefined && isCovered(root, illSince),
    )
  }
  const isSpokenFor = (id: string): boolean => {
    const known = written.get(id)
    return known !== undefined && (isTold(known.state) || isCovered(id, illSinceOf(known)))
  }
  const guardIsTold = (): boolean =>
    [...written.values()].some(
      ({ state }) => state.alert?.toldAt !== undefined && state.alert.cause === 'guard-offline',
    )
  return (happening, place) => {
    if (happening.kind === 'state-lost') written.delete(happening.target)
    if (happening.kind !== 'committed') return
    const { decision, situation, target: id } = happening
    const { state } = place
    if (state === undefined) return
    needs.set(id, situation.target.dependsOn ?? [])
    written.set(id, { state, incident: place.incidents.get(state.incidentId ?? '') })
    const { now } = situation.moment
    for (const notice of happening.wrote ? (decision.notices ?? []) : []) lastTold.set(notice.thread, now)
    if (decision.incident?.state === 'closed' && happening.wrote && decision.incident.notices === 0)
      must(
        situation.state.alert?.thread === decision.incident.id,
        'alerts',
        `${id} ended, and nobody was told`,
      )
    const { request } = situation
    if (request.kind !== 'tick' || decision.next.kind !== 'rest' || stageOf(situation) === 'foreign') return
    const isOpen = needsTelling(written.get(id))
    const byGuard = state.lastVerdict?.cause === 'guard-offline' && state.incidentId === undefined
    const isSaid = !isOpen || isSpokenFor(id) || (byGuard && guardIsTold())
    reminds(state, place.incidents.get(state.incidentId ?? ''), now)
    remindsOfFleet(decision.state, situation)
    // One trouble that becomes another is waited for anew.
    const trouble = `${id} ${state.incidentId ?? 'call'}`
    if (isSaid) {
      silent.delete(trouble)
      return
    }
    const { since, ticks } = silent.get(trouble) ?? { since: now, ticks: 0 }
    silent.set(trouble, { since, ticks: ticks + 1 })
    const isLong = ticks >= SILENT_TICKS_MAX && now - since > SILENT_TICKS_MAX * tick.everyMs
    must(!isLong, 'alerts', `${id} is silent (${state.reason})`)
  }

  /** Once told, an open incident is told of again and again, unless a person has it in hand. */
  function reminds({ alert, pause }: TargetState, incident: Incident | undefined, now: number): void {
    if (alert?.toldAt === undefined || alert.thread !== incident?.id || alert.overAt !== undefined) return
    const inHand = alert.leftBy !== undefined || (pause !== undefined && now < pause.until)
    if (inHand || incident.state === 'probation') return
    const sinceMs = now - (lastTold.get(alert.thread) ?? now)
    must(sinceMs <= alerts.remindEveryMs, 'alerts', `${alert.thread} is not remembered`)
  }

  /** So is the fleet's trouble, and that the guard has given up on some of it is no secret. */
  function remindsOfFleet({ fleetAlert: alert }: TargetState, { fleet, target, moment }: Situation): void {
    const alarm = alarmOf(policy, fleet, moment.now)
    const teller = fleet.members.find(({ tellsSince }) => tellsSince !== undefined)
    if (alert === undefined || alarm.since === undefined || teller?.id !== target.id) return
    must(alert.goneSince === undefined, 'alerts', `${alert.thread} is no more, and yet it is`)
    must(alarm.handedOver === 0 || alert.calledAt !== undefined, 'alerts', `${alert.thread} calls nobody`)
    const sinceMs = moment.now - (lastTold.get(alert.thread) ?? moment.now)
    const isLate = alert.leftBy === undefined && sinceMs > alerts.remindEveryMs
    must(!isLate, 'alerts', `${alert.thread} is not remembered`)
  }
}

/** When it fell ill, or was first silent behind another alert in this trouble. */
function illSinceOf({ state, incident }: Known): number {
  const timeline = incident?.timeline ?? []
  const closedLast = timeline.findLastIndex(({ kind }) => kind === 'closed')
  const silentAt = timeline.slice(closedLast + 1).find(({ kind }) => kind === 'alert')?.at
  return Math.min(silentAt ?? Number.POSITIVE_INFINITY, state.failingSince ?? Number.POSITIVE_INFINITY)
}

function needsTelling(known: Known | undefined): boolean {
  if (known === undefined) return false
  const { state, incident } = known
  if (incident !== undefined) return incident.state !== 'probation' && incident.state !== 'closed'
  return state.calledPerson !== undefined
}
