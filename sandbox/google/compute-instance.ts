/**
 * One instance of the emulator: a machine, its identity in Compute, and the statuses that it goes through while
 * an operation runs. Orders on one instance are carried out one after the other.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { assertNever } from '../../src/core/assert-never.ts'
import type { Machine } from '../machine.ts'
import type { NewOperation, Operation, OperationBook, OperationError } from './compute-operations.ts'

export type PowerVerb = 'start' | 'stop' | 'suspend' | 'resume' | 'reset'

export type InstanceStatus =
  | 'PROVISIONING'
  | 'STAGING'
  | 'RUNNING'
  | 'STOPPING'
  | 'TERMINATED'
  | 'SUSPENDING'
  | 'SUSPENDED'

/** How long operations stay in their stages, in milliseconds. */
export type Delays = {
  /** PENDING, before anything is done. */
  readonly pendingMs: number
  /** PROVISIONING, and as long again STAGING, before the machine powers on. */
  readonly startingMs: number
  /** STOPPING or SUSPENDING, before the machine powers off. */
  readonly stoppingMs: number
  /** After the order, until the operation is DONE. */
  readonly endingMs: number
}

export type Identity = { readonly instanceId: string; readonly internalAddress: string }

export type Instance = {
  readonly machine: Machine
  readonly links: { readonly zoneLink: string; readonly selfLink: string }
  identity(): Identity
  status(): InstanceStatus
  /** Why the verb is refused now; undefined when it isn't. */
  refusal(verb: PowerVerb): string | undefined
  /** Answers at once; the order is carried out in the background. `error`: it ends so, and nothing is done. */
  order(verb: PowerVerb, who: { user: string; requestId?: string }, error?: OperationError): Operation
  /** Stops the machine, recorded as an operation of this type; resolves when it is down. */
  stopBy(operationType: string, user: string): Promise<void>
  /** Another VM under the same name. */
  replace(identity: Identity): void
}

export function createInstance(options: {
  readonly machine: Machine
  readonly links: { readonly zoneLink: string; readonly selfLink: string }
  readonly book: OperationBook
  readonly delays: Delays
  /** Aborted when the emulator closes: nothing goes on after it. */
  readonly signal: AbortSignal
}): Instance {
  const { machine, links, book, delays, signal } = options
  let identity: Identity = { instanceId: machine.instanceId, internalAddress: machine.internalAddress }
  let transition: InstanceStatus | undefined
  let knownPower = machine.power()
  let ordersOpen = 0
  let queue: Promise<void> = Promise.resolve()

  const pause = (ms: number) => sleep(ms, undefined, { signal, ref: false })

  function record(operationType: string, who: { user: string; requestId?: string }): Operation {
    const target = { targetId: identity.instanceId, targetLink: links.selfLink, zoneLink: links.zoneLink }
    return book.add({ operationType, ...target, ...who } satisfies NewOperation)
  }

  /** A machine that changed its power by itself is the guest's doing, and Compute's log says so. */
  function notice(): void {
    if (ordersOpen > 0 || machine.power() === knownPower) return
    knownPower = machine.power()
    const type = knownPower === 'running' ? 'automaticRestart' : 'guestTerminate'
    book.end(record(`compute.instances.${type}`, { user: 'system' }).id)
  }

  function status(): InstanceStatus {
    notice()
    return transition ?? STATUS_OF[machine.power()]
  }

  async function carryOut(verb: PowerVerb): Promise<void> {
    switch (verb) {
      case 'start':
      case 'resume':
        if (machine.power() === 'running') return
        transition = 'PROVISIONING'
        await pause(delays.startingMs)
        transition = 'STAGING'
        await pause(delays.startingMs)
        return verb === 'start' ? machine.start() : machine.resume()
      case 'stop':
      case 'suspend':
        if (machine.power() === 'stopped') return
        transition = verb === 'stop' ? 'STOPPING' : 'SUSPENDING'
        await pause(delays.stoppingMs)
        return verb === 'stop' ? machine.stop() : machine.suspend?.()
      case 'reset':
        return machine.reset()
      default:
        return assertNever(verb)
    }
  }

  async function run(operation: Operation, verb: PowerVerb, error?: OperationError): Promise<void> {
    try {
      await pause(delays.pendingMs)
      book.begin(operation.id)
      if (error === undefined) await carryOut(verb)
      transition = undefined
      await pause(delays.endingMs)
      book.end(operation.id, error)
    } catch (cause) {
      transition = undefined
      if (!signal.aborted) book.end(operation.id, { code: 'INTERNAL_ERROR', message: String(cause) })
    } finally {
      knownPower = machine.power()
      ordersOpen -= 1
    }
  }

  return {
    machine,
    links,
    identity: () => identity,
    status,
    refusal: (verb) => refusalOf(verb, status(), machine),
    order: (verb, who, error) => {
      notice()
      const operation = record(verb, who)
      ordersOpen += 1
      queue = queue.then(() => run(operation, verb, error))
      return operation
    },
    stopBy: async (operationType, user) => {
      notice()
      const operation = record(operationType, { user })
      ordersOpen += 1
      book.begin(operation.id)
      transition = 'STOPPING'
      await machine.stop()
      transition = undefined
      knownPower = machine.power()
      ordersOpen -= 1
      book.end(operation.id)
    },
    replace: (other) => {
      identity = other
    },
  }
}

const STATUS_OF = { running: 'RUNNING', stopped: 'TERMINATED', suspended: 'SUSPENDED' } as const

const ALLOWED: Readonly<Record<PowerVerb, readonly InstanceStatus[]>> = {
  start: ['TERMINATED', 'RUNNING'],
  stop: ['RUNNING', 'TERMINATED', 'SUSPENDED'],
  suspend: ['RUNNING'],
  resume: ['SUSPENDED'],
  reset: ['RUNNING'],
}

function refusalOf(verb: PowerVerb, status: InstanceStatus, machine: Machine): string | undefined {
  if (verb === 'suspend' && machine.suspend === undefined) return 'This machine type cannot be suspended.'
  if (ALLOWED[verb].includes(status)) return undefined
  return `Instance is ${status}, which does not allow '${verb}'.`
}
