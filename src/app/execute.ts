/** Executing: one plain match from an effect to a port's call. Whether and when is decided in core/. */
import type { Action, ActionResult, Effect, SecretPut } from '../core/action.ts'
import { assertNever } from '../core/assert-never.ts'
import type { EffectResult } from '../core/evidence.ts'
import type { Policy } from '../core/policy.ts'
import type { Sensitive } from '../core/sensitive.ts'
import type { Lease } from '../core/state.ts'
import type { Target } from '../core/target.ts'
import { mapBounded } from './bounded.ts'
import type { Ports } from './ports.ts'

const READS_AT_ONCE_MAX = 8

export type Executing = {
  readonly target: Target
  readonly policy: Policy
  readonly ports: Ports
  readonly lease: Lease | undefined
}

export async function execute(effect: Effect, executing: Executing): Promise<EffectResult> {
  const { clock } = executing.ports
  switch (effect.kind) {
    case 'act': {
      const result = leaseStands(executing) ? await act(effect.action, executing) : tooLate()
      return { kind: 'action', actionId: effect.action.id, result, at: clock.now() }
    }
    case 'put-secrets':
      return { kind: 'puts', puts: await putSecrets(effect, executing), at: clock.now() }
    default:
      return assertNever(effect)
  }
}

/** An instance may be frozen between commit and call: an order whose lease has nearly ended is not given. */
function leaseStands(executing: Executing): boolean {
  return issuableMs(executing) >= 0
}

/** How long an order may still be given; negative when it may not. */
function issuableMs({ lease, policy, ports }: Executing): number {
  return lease === undefined ? -1 : lease.expiresAt - ports.clock.now() - policy.lease.issueRemainingMs
}

function tooLate(): ActionResult {
  return { kind: 'skipped', detail: 'the lease had nearly ended before the order could be given' }
}

function act(action: Action, { target, policy, ports }: Executing): Promise<ActionResult> {
  const order = { actionId: action.id, fence: action.fence }
  const limits = sshLimits(policy)
  switch (action.rung) {
    case 'restart-workload': {
      if (action.unit === undefined) throw new Error('restart-workload needs a unit')
      return ports.shell.restartWorkload(target, { ...order, unit: action.unit }, limits)
    }
    case 'reboot':
      return ports.shell.reboot(target, order, limits)
    case 'reset':
    case 'start':
    case 'resume': {
      const requestId = ports.ids.requestId(action.id)
      return ports.virtualMachine.power(
        target,
        { verb: action.rung, requestId },
        { timeoutMs: policy.compute.callMs },
      )
    }
    default:
      return assertNever(action.rung)
  }
}

function sshLimits({ ssh }: Policy) {
  return { connectMs: ssh.connectMs, commandMs: ssh.commandMs, deadlineMs: ssh.orderMs }
}

type PutRow = { readonly put: SecretPut; readonly result: ActionResult }
type Read = { readonly put: SecretPut } & ({ readonly value: Sensitive } | { readonly result: ActionResult })

/** Reads the payloads that are needed, and only those, and hands them on; they are kept nowhere. */
async function putSecrets(
  { puts, fence }: Extract<Effect, { kind: 'put-secrets' }>,
  executing: Executing,
): Promise<readonly PutRow[]> {
  const { target, policy, ports } = executing
  const reads = await mapBounded(puts, { atOnceMax: READS_AT_ONCE_MAX }, (put) => readOne(put, executing))
  const ready = reads.flatMap((read) => ('value' in read ? [read] : []))
  // The reads took time: the order is given under a lease that still stands, or not at all.
  const isInTime = leaseStands(executing)
  const results =
    ready.length > 0 && isInTime
      ? await ports.shell.putSecrets(target, { fence, puts: ready }, sshLimits(policy))
      : []
  const unheard: ActionResult = isInTime
    ? { kind: 'unknown', detail: 'the VM said nothing of it' }
    : tooLate()
  return reads.map((read) => {
    const { put } = read
    if ('result' in read) return { put, result: read.result }
    return { put, result: results.find(({ name }) => name === put.name)?.result ?? unheard }
  })
}

/** No read begins, and none is waited for, beyond the time in which the order may be given. */
async function readOne(put: SecretPut, executing: Executing): Promise<Read> {
  const { policy, ports } = executing
  const leftMs = issuableMs(executing)
  if (leftMs <= 0) return { put, result: tooLate() }
  const timeoutMs = Math.min(policy.compute.callMs, leftMs)
  const payload = await ports.secretSource.access(put.secret, put.version, { timeoutMs })
  if (payload.kind === 'payload') return { put, value: payload.value }
  return { put, result: { kind: 'failed', detail: payload.detail } }
}
