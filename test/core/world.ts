/** A scripted world, as the witnesses of a life find it; and the ways in which its VM and workload are in trouble. */
import type { Action, ActionResult } from '../../src/core/action.ts'
import type {
  CanaryEvidence,
  HeartbeatEvidence,
  InsideEvidence,
  KitReport,
  MachineFacts,
  PresentSecret,
  SecretVersionEvidence,
  SshKind,
  StopOperation,
  TraceEvidence,
  UnitEvidence,
  VmEvidence,
  VmStatus,
} from '../../src/core/evidence.ts'
import type { HostKey, TargetState } from '../../src/core/state.ts'
import { facts, failedUnit, MINUTE, NOW, SECOND, unit } from './build.ts'

type SeenVm = Extract<VmEvidence, { kind: 'seen' }>

/** The world as it is: a test changes its members between ticks, an action by `onAction`. */
export type World = {
  http: 'ok' | 'silent' | 'refused' | 'bad' | 'not-asked'
  kit?: KitReport | undefined
  ssh: SshKind
  /** What the machine proves to have when SSH gets in. */
  hostKey?: HostKey | undefined
  facts: MachineFacts
  units: readonly UnitEvidence[]
  /** Podman's commands hang, or what it says is rubbish. */
  podman: 'ok' | 'wedged' | 'unreadable'
  inside: InsideEvidence
  vm: VmEvidence
  /** `beating`: written every 30 s. */
  heartbeat: 'beating' | HeartbeatEvidence
  canary: CanaryEvidence
  versions: readonly SecretVersionEvidence[]
  present: readonly PresentSecret[]
  trace: TraceEvidence
  onAction: (action: Action, world: World) => ActionResult
  onPut: (name: string) => ActionResult
  /** Before each round of questions. */
  onAsk: (state: TargetState, world: World) => void
}

export const DONE: ActionResult = { kind: 'done' }
export const seenVm: SeenVm = {
  kind: 'seen',
  at: NOW,
  status: 'RUNNING',
  instanceId: '42',
  addresses: ['10.0.0.2'],
}

export function wellWorld(change: Partial<World> = {}): World {
  return {
    http: 'ok',
    ssh: 'ok',
    facts,
    units: [unit()],
    podman: 'ok',
    inside: { kind: 'ok' },
    vm: seenVm,
    heartbeat: 'beating',
    canary: { urlsAsked: 3, urlsOk: 3 },
    versions: [{ kind: 'version', secret: 'token', wanted: 'latest', version: '1' }],
    present: [{ name: 'bot_token', source: 'token', version: '1' }],
    trace: { kind: 'no-trace' },
    onAction: () => DONE,
    onPut: () => DONE,
    onAsk: () => undefined,
    ...change,
  }
}

/** Neither HTTP nor SSH answers, and the heartbeat is long gone. */
export const frozen: Partial<World> = {
  http: 'silent',
  ssh: 'silent',
  heartbeat: { kind: 'seen', at: NOW - 5 * MINUTE, bootId: 'boot-1' },
}

/** Back after a boot. */
export const booted: Partial<World> = {
  http: 'ok',
  ssh: 'ok',
  heartbeat: 'beating',
  facts: { ...facts, bootId: 'boot-2', uptimeMs: 20 * SECOND },
}

/** The one workload has failed, and the VM is well. */
export const failed: Partial<World> = {
  http: 'refused',
  inside: { kind: 'fails', detail: 'refused' },
  units: [failedUnit],
}

/** A VM that Compute calls by this status, and what it says of who stopped it. */
export function down(status: VmStatus, lastStop?: StopOperation): Partial<World> {
  return { ...frozen, vm: { ...seenVm, status, ...(lastStop === undefined ? {} : { lastStop }) } }
}

export function preempted(at = NOW - MINUTE): Partial<World> {
  return down('TERMINATED', { type: 'compute.instances.preempted', by: 'system', at })
}
