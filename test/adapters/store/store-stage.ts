/** What the Firestore tests stand on: a way between store and emulator that can fail, and a look behind the store. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { startBudget } from '../../../src/adapters/google/api-call.ts'
import { createFirestoreStore, type FirestoreStore } from '../../../src/adapters/store/firestore.ts'
import type { FirestoreEndpoint } from '../../../src/adapters/store/firestore-clients.ts'
import { createConnection } from '../../../src/adapters/store/firestore-connection.ts'
import type { Fields, Path } from '../../../src/adapters/store/firestore-wire.ts'
import { NOON } from '../../fakes/stored.ts'

const LOOPBACK = '127.0.0.1'

/** It is closed with the test. */
export function openStore(
  endpoint: FirestoreEndpoint,
  { project, timeoutMs = 10_000 }: { project: string; timeoutMs?: number },
): FirestoreStore {
  const store = createFirestoreStore({ project, clock: { now: () => NOON }, timeoutMs, endpoint })
  onTestFinished(() => store.close())
  return store
}

/** Writes what no store of this version would. */
export async function writeRaw(
  endpoint: FirestoreEndpoint,
  project: string,
  documents: Readonly<Record<Path, Fields>>,
): Promise<void> {
  const connection = createConnection({ project, endpoint })
  const writes = Object.entries(documents).map(([path, fields]) => ({
    kind: 'put' as const,
    path: path as Path,
    fields,
  }))
  const written = await connection.write(writes, startBudget(10_000))
  await connection.close()
  if (written.kind === 'failed') throw new Error(written.failure.detail)
}

export type Way = FirestoreEndpoint & {
  /** On the connections that are open, requests still get through, and no answer comes back. */
  loseAnswers(): void
  /** The open connections end; new ones are as always. */
  cut(): void
  /** Nobody is there any more. */
  close(): void
}

/** A way to the emulator that can fail. It ends with the test. */
export async function openWay(to: FirestoreEndpoint): Promise<Way> {
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>()
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ ...to, noDelay: true })
    const pair = { near, far }
    pairs.add(pair)
    const end = () => {
      near.destroy()
      far.destroy()
      pairs.delete(pair)
    }
    // Either side may go at any time: that is what these tests are about.
    for (const socket of [near, far]) socket.on('error', end).on('close', end)
    near.pipe(far).pipe(near)
  })
  const cut = () => {
    for (const { near } of pairs) near.destroy()
  }
  const close = () => {
    cut()
    server.close()
  }
  onTestFinished(close)
  return {
    host: LOOPBACK,
    port: await listening(server),
    cut,
    close,
    loseAnswers() {
      for (const { near, far } of pairs) {
        far.unpipe(near)
        far.resume()
      }
    },
  }
}

/** Accepts connections and never says a word. */
export async function openSilence(): Promise<FirestoreEndpoint> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).resume()
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { host: LOOPBACK, port: await listening(server) }
}

/** A port on which nobody is. */
export async function deadPort(): Promise<FirestoreEndpoint> {
  const server = createServer()
  const port = await listening(server)
  server.close()
  await once(server, 'close')
  return { host: LOOPBACK, port }
}

async function listening(server: Server): Promise<number> {
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
