/** What the tests of the service on Firestore share: an empty database, a door in front of it, and a look behind. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { SANDBOX_PROJECT } from '../../sandbox/fleet.ts'
import { startBudget } from '../../src/adapters/google/api-call.ts'
import { createFirestoreStore, type FirestoreStore } from '../../src/adapters/store/firestore.ts'
import type { FirestoreEndpoint } from '../../src/adapters/store/firestore-clients.ts'
import { createConnection } from '../../src/adapters/store/firestore-connection.ts'
import { statePath } from '../../src/adapters/store/firestore-documents.ts'
import type { Write } from '../../src/adapters/store/firestore-wire.ts'

const LOOPBACK = '127.0.0.1'

/** All of the sandbox's services share one project: each test begins with an empty database. */
export async function emptied(emulator: FirestoreEndpoint): Promise<FirestoreEndpoint> {
  const { host, port } = emulator
  const database = `projects/${SANDBOX_PROJECT}/databases/(default)`
  const answer = await fetch(`http://${host}:${port}/emulator/v1/${database}/documents`, { method: 'DELETE' })
  if (!answer.ok) throw new Error(`The database could not be emptied: ${answer.status}`)
  return { host, port }
}

/** Another process's way to the same memory. It ends with the test. */
export function besideIt(endpoint: FirestoreEndpoint): FirestoreStore {
  const store = createFirestoreStore({ project: SANDBOX_PROJECT, clock: Date, endpoint })
  onTestFinished(() => store.close())
  return store
}

/** Puts in the place of a target's state what no store of this version would write; `undefined`: deletes it. */
export async function replaceState(
  endpoint: FirestoreEndpoint,
  target: string,
  document: object | undefined,
): Promise<void> {
  const path = statePath(target)
  const write: Write =
    document === undefined
      ? { kind: 'delete', path }
      : { kind: 'put', path, fields: { document: JSON.stringify(document) } }
  const connection = createConnection({ project: SANDBOX_PROJECT, endpoint })
  const written = await connection.write([write], startBudget(10_000))
  await connection.close()
  if (written.kind === 'failed') throw new Error(written.failure.detail)
}

export type Door = FirestoreEndpoint & {
  /** As if the database had been stopped: open connections end, new ones are refused. */
  shut(): Promise<void>
  /** It is back, on the same port. */
  open(): Promise<void>
}

/** A door to the emulator, which would forget everything if it were stopped itself. It is gone with the test. */
export async function openDoor(to: FirestoreEndpoint): Promise<Door> {
  const sockets = new Set<Socket>()
  const adopt = (socket: Socket): Socket => {
    sockets.add(socket)
    // Either side may go at any time: that is what these tests are about.
    socket.on('error', () => socket.destroy())
    return socket.once('close', () => sockets.delete(socket))
  }
  const begin = async (port: number): Promise<Server> => {
    const server = createServer({ noDelay: true }, (near) => {
      const far = adopt(connect({ ...to, noDelay: true }))
      adopt(near).pipe(far).pipe(near)
      near.once('close', () => far.destroy())
      far.once('close', () => near.destroy())
    })
    server.listen(port, LOOPBACK)
    await once(server, 'listening')
    return server
  }
  let server = await begin(0)
  const { port } = server.address() as AddressInfo
  const shut = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  onTestFinished(shut)
  return {
    host: LOOPBACK,
    port,
    shut,
    async open() {
      server = await begin(port)
    },
  }
}
