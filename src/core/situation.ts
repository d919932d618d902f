/** The situation: all that a plan or a decision may rest on, and at which stage of its work the run stands. */
import type { FleetView } from './fleet.ts'
import type { Incident } from './incident.ts'
import type { Case } from './judgement.ts'
import type { Recollection, Request } from './request.ts'
import type { Lease, TargetState } from './state.ts'

export type Situation = Case & {
  readonly fleet: FleetView
  readonly request: Request
  readonly recollection: Recollection
  /** The incident that the state names: the open one, or the last one while it may be opened again. */
  readonly incident?: Incident
}

export type Stage =
  /** A person's word that needs no evidence: arm, pause, resume, a button. */
  | 'order'
  /** Another run holds the lease: watch, and say so. */
  | 'foreign'
  /** Looking, and deciding what to do. */
  | 'watching'
  /** An action is intended and the lease is ours: one more look before it is issued. */
  | 'last-look'
  /** The effect has just come back. */
  | 'result'
  /** Our own action was carried out; is the target well again? */
  | 'verifying'

export function stageOf({ state, observation, request, moment }: Situation): Stage {
  const isOrder = request.kind === 'arm' || request.kind === 'pause' || request.kind === 'resume'
  if (isOrder || request.kind === 'press') return 'order'
  if (foreignLease(state, moment) !== undefined) return 'foreign'
  if (observation.result !== undefined) return 'result'
  if (!holdsLease(state, moment)) return 'watching'
  if (state.action?.status === 'intended') return 'last-look'
  if (state.action?.status === 'issued' && state.action.result !== undefined) return 'verifying'
  return 'watching'
}

type Who = { readonly now: number; readonly owner: string }

export function foreignLease({ lease }: TargetState, { now, owner }: Who): Lease | undefined {
  return lease !== undefined && lease.owner !== owner && lease.expiresAt > now ? lease : undefined
}

export function holdsLease({ lease }: TargetState, { owner }: Who): boolean {
  return lease?.owner === owner
}

/** Time that is left in this run. */
export function fits({ now, deadlineAt }: { now: number; deadlineAt: number }, worstCaseMs: number): boolean {
  return now + worstCaseMs <= deadlineAt
}

export function isPaused(state: TargetState, now: number): boolean {
  return state.pause !== undefined && now < state.pause.until
}

/** A target where nothing is to be done for long gets one short probe a tick, and a full look now and then. */
export function isIdle(state: TargetState, now: number): boolean {
  if (isPaused(state, now)) return true
  return state.relookAt !== undefined && now < state.relookAt
}
