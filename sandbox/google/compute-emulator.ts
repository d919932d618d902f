/**
 * Compute Engine's v1 REST API, as much of it as Night Guard and its tests use, on loopback, driving machines.
 * It asks for no credentials: it must never be reachable from elsewhere.
 */
import type { Machine } from '../machine.ts'
import { type ApiServer, createApiServer } from './api-server.ts'
import {
  createInstance,
  type Delays,
  type Identity,
  type Instance,
  type PowerVerb,
} from './compute-instance.ts'
import { createOperationBook, type OperationError } from './compute-operations.ts'
import { errorReply, MAX_RESULTS, routeOf } from './compute-routes.ts'

/** How the platform or a person takes a VM down, as `operationType` says it. */
export type StopType =
  | 'stop'
  | 'compute.instances.preempted'
  | 'compute.instances.hostError'
  | 'compute.instances.guestTerminate'
  | 'compute.instances.terminateOnHostMaintenance'

export type ComputeEmulator = ApiServer & {
  /** The next operation (of `verb`, when given) is accepted, ends with this error, and does nothing. */
  failNextOperation(error: OperationError, verb?: PowerVerb): void
  /** Takes the machine down and records whose doing it was; `user` is an e-mail for a person. */
  platformStops(instance: string, type: StopType, user?: string): Promise<void>
  /** Deletes the VM and creates another one of that name: the machine stays, its identity changes. */
  replaceInstance(instance: string, identity: Identity): void
}

const DELAYS: Delays = { pendingMs: 10, startingMs: 20, stoppingMs: 20, endingMs: 20 }

/** `caller` is who the API's callers are taken for; `pageMax` forces small pages. */
export function createComputeEmulator(options: {
  readonly project: string
  readonly machines: readonly Machine[]
  readonly delays?: Partial<Delays>
  readonly caller?: string
  readonly pageMax?: number
  readonly externalAddresses?: Readonly<Record<string, string>>
}): ComputeEmulator {
  const { project, machines } = options
  const book = createOperationBook()
  const closing = new AbortController()
  const plannedErrors: { error: OperationError; verb: PowerVerb | undefined }[] = []
  const base = `https://www.googleapis.com/compute/v1/projects/${project}`
  const delays = { ...DELAYS, ...options.delays }
  const instances = machines.map((machine) => {
    const zoneLink = `${base}/zones/${machine.zone}`
    const links = { zoneLink, selfLink: `${zoneLink}/instances/${machine.name}` }
    return createInstance({ machine, links, book, delays, signal: closing.signal })
  })

  function named(name: string): Instance {
    const instance = instances.find(({ machine }) => machine.name === name)
    if (instance === undefined) throw new Error(`The emulator has no instance ${name}`)
    return instance
  }

  function plannedError(verb: PowerVerb): OperationError | undefined {
    const index = plannedErrors.findIndex((plan) => plan.verb === undefined || plan.verb === verb)
    return index < 0 ? undefined : plannedErrors.splice(index, 1)[0]?.error
  }

  const server = createApiServer({
    errorReply,
    route: (request) =>
      routeOf(request, {
        project,
        base,
        instances,
        book,
        plannedError,
        caller: options.caller ?? `night-guard@${project}.iam.gserviceaccount.com`,
        pageMax: options.pageMax ?? MAX_RESULTS,
        signal: closing.signal,
        externalAddresses: options.externalAddresses ?? {},
      }),
  })

  return {
    ...server,
    close: () => {
      closing.abort()
      return server.close()
    },
    failNextOperation: (error, verb) => {
      plannedErrors.push({ error, verb })
    },
    platformStops: (instance, type, user = 'system') => named(instance).stopBy(type, user),
    replaceInstance: (instance, identity) => named(instance).replace(identity),
  }
}
