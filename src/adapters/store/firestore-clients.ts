/**
 * The clients of Firestore's RPCs: loaded when first needed, replaced when a connection seems to be dead, closed at the
 * end. Over gRPC, which took half of the time and of the CPU of REST, and 6 to 10 MB less memory (measured).
 */
import type firestore from '@google-cloud/firestore'
import { clientOptions } from '../google/api-endpoint.ts'
import { CLOSED } from './stored-documents.ts'

export type Client = InstanceType<typeof firestore.v1.FirestoreClient>

/** Of an emulator: asked without encryption and without credentials. */
export type FirestoreEndpoint = { readonly host: string; readonly port: number }

const CHANNEL = {
  // Else grpc-js gives a new client the connection of the old one, dead as it may be.
  'grpc.use_local_subchannel_pool': 1,
  // A long outage must not end in a long wait for the next try: the default grows to two minutes.
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 2_000,
}

export type Clients = {
  /** The same one each time; after a failed load (no credentials yet) the next call tries anew. */
  current(): Promise<Client>
  /** Later calls get another one, on a connection of its own; calls that it has in flight may end, within `graceMs`. */
  replace(client: Client, options: { graceMs: number }): void
  close(): Promise<void>
}

export function createClients(endpoint: FirestoreEndpoint | undefined): Clients {
  let loading: Promise<Client> | undefined
  let loaded: Client | undefined
  let closed = false
  const retired = new Map<Client, NodeJS.Timeout>()

  async function open(): Promise<Client> {
    // A call that was under way may still want to try again.
    if (closed) throw new Error(CLOSED.detail)
    loaded = await load(endpoint)
    return loaded
  }

  function retire(client: Client): void {
    clearTimeout(retired.get(client))
    retired.delete(client)
    // Nothing is lost with a connection that can't even be closed.
    client.close().catch(() => undefined)
  }

  return {
    current() {
      loading ??= open().catch((error: unknown) => {
        loading = undefined
        throw error
      })
      return loading
    },
    replace(client, { graceMs }) {
      if (client !== loaded) return
      loading = undefined
      loaded = undefined
      const timer = setTimeout(() => retire(client), graceMs)
      timer.unref()
      retired.set(client, timer)
    },
    async close() {
      closed = true
      for (const client of retired.keys()) retire(client)
      const last = await loading?.catch(() => undefined)
      await last?.close().catch(() => undefined)
    },
  }
}

/**
 * `initialize()` is awaited because a method of a client that can't initialise leaves an unhandled rejection behind,
 * which would end the process (as compute-clients.ts says).
 */
async function load(endpoint: FirestoreEndpoint | undefined): Promise<Client> {
  const [{ default: library }, gax, options] = await Promise.all([
    import('@google-cloud/firestore'),
    import('google-gax'),
    clientOptions(
      endpoint === undefined
        ? undefined
        : { apiEndpoint: endpoint.host, port: endpoint.port, protocol: 'http' },
    ),
  ])
  const plain = endpoint === undefined ? {} : { sslCreds: gax.grpc.credentials.createInsecure() }
  const client = new library.v1.FirestoreClient({ ...CHANNEL, ...options, ...plain }, gax)
  await client.initialize()
  return client
}
