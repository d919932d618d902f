/**
 * Loads Compute's clients when the first call needs them and not before: they cost 0.7 s and 170 MB.
 * Deep imports, because the package's index loads every client (241 MB); the version is pinned for that reason.
 */
import type { InstancesClient } from '@google-cloud/compute/build/src/v1/instances_client.js'
import type { ZoneOperationsClient } from '@google-cloud/compute/build/src/v1/zone_operations_client.js'
import type { Target } from '../../core/target.ts'
import type { Budget } from './api-call.ts'
import { type ApiEndpoint, clientOptions } from './api-endpoint.ts'

export type ComputeClients = {
  readonly instances: InstancesClient
  readonly operations: ZoneOperationsClient
}

/** All that one question to Compute needs. */
export type ComputeCall = {
  readonly clients: ComputeClients
  readonly target: Target
  readonly budget: Budget
}

/** The same clients each time; after a failed load (no credentials yet) the next call tries anew. */
export function computeClients(endpoint: ApiEndpoint | undefined): () => Promise<ComputeClients> {
  let loading: Promise<ComputeClients> | undefined
  return () => {
    loading ??= load(endpoint).catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
}

/**
 * `initialize()` is awaited here because a method called on a client that can't initialise leaves an unhandled
 * rejection behind, which would end the process (@google-cloud/compute 7.8).
 */
async function load(endpoint: ApiEndpoint | undefined): Promise<ComputeClients> {
  const [{ InstancesClient }, { ZoneOperationsClient }, options] = await Promise.all([
    import('@google-cloud/compute/build/src/v1/instances_client.js'),
    import('@google-cloud/compute/build/src/v1/zone_operations_client.js'),
    clientOptions(endpoint),
  ])
  const clients = {
    instances: new InstancesClient({ ...options }),
    operations: new ZoneOperationsClient({ ...options }),
  }
  await Promise.all([clients.instances.initialize(), clients.operations.initialize()])
  return clients
}

/** The names that every request about the target's instance carries. */
export function instanceOf(target: Target): { project: string; zone: string; instance: string } {
  return { project: target.project, zone: target.zone, instance: target.instance }
}

/** What a failure's text says was asked about. */
export function nameOf(target: Target): string {
  return `${target.instance} (${target.zone})`
}
