/**
 * One loopback port of a machine, for its whole life: open, refused (bound, but nobody listens) or silent
 * (connects hang). What is said on a connection is its owner's business.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { assertNever } from '../../src/core/assert-never.ts'
import { openBlackHole, PORTS_SHARED } from './black-hole.ts'

export type DoorState = 'open' | 'refused' | 'silent'

export type Door = {
  readonly port: number
  /** Changes follow each other in order; the answer comes when the port behaves so. */
  set(state: DoorState): Promise<void>
  /** Resolves when all changes asked for so far are made. */
  settled(): Promise<void>
  /** The connections hang from now on: nothing more is read from them. */
  hang(): void
  /** Ends all connections: `reset` as a machine that doesn't know them, `end` as a process that exits. */
  cut(how: 'reset' | 'end'): void
  close(): Promise<void>
}

/** Who holds the port at the moment. */
type Holder = { readonly state: DoorState; ready(): Promise<void>; release(): Promise<void> }

export type DoorOptions = {
  /** 0: the system picks a free one. */
  readonly port: number
  readonly onConnection: (socket: Socket) => void
}

export async function createDoor(options: DoorOptions): Promise<Door> {
  const sockets = new Set<Socket>()
  const admit = (socket: Socket): void => {
    sockets.add(socket)
    // A peer that goes away is no news here; the owner sees 'close'.
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
    options.onConnection(socket)
  }
  const server = await listen(options.port, admit)
  const port = portOf(server)
  let holder: Holder = openHolder(server)
  let queue: Promise<void> = Promise.resolve()

  async function change(state: DoorState): Promise<void> {
    if (holder.state === state) return
    // A port that must refuse can't be bound while somebody listens; else the new holder comes first, so that
    // the port is never free and never looks closed.
    const releaseFirst = state === 'refused' || !PORTS_SHARED
    if (releaseFirst) await holder.release()
    const next = await hold(state, { port, admit })
    if (!releaseFirst) await holder.release()
    holder = next
    await next.ready()
  }

  return {
    port,
    set(state) {
      queue = queue.then(() => change(state))
      return queue
    },
    settled: () => queue,
    hang() {
      for (const socket of sockets) socket.pause()
    },
    cut(how) {
      for (const socket of sockets) {
        if (how === 'reset') socket.resetAndDestroy()
        else socket.destroySoon()
      }
    },
    async close() {
      await queue
      for (const socket of sockets) socket.destroy()
      await holder.release()
    },
  }
}

function hold(
  state: DoorState,
  { port, admit }: { port: number; admit: (socket: Socket) => void },
): Promise<Holder> {
  switch (state) {
    case 'open':
      return listen(port, admit).then(openHolder)
    case 'refused':
      return holdRefused(port)
    case 'silent':
      return holdSilent(port)
    default:
      return assertNever(state)
  }
}

async function listen(port: number, onConnection: (socket: Socket) => void): Promise<Server> {
  // Without it each small packet of an SSH handshake waits for a delayed acknowledgement of the one before.
  const server = createServer({ noDelay: true }, onConnection)
  server.listen({ host: '127.0.0.1', port, reusePort: PORTS_SHARED })
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port')
  return address.port
}

function openHolder(server: Server): Holder {
  return {
    state: 'open',
    ready: () => Promise.resolve(),
    release: () => {
      // Its connections live on: they are the machine's, not the listener's.
      server.close()
      return Promise.resolve()
    },
  }
}

async function holdSilent(port: number): Promise<Holder> {
  const hole = await openBlackHole(port)
  return { state: 'silent', ready: () => hole.fill(), release: () => hole.release() }
}

/**
 * Keeps the port ours while it refuses: it is bound as the near end of a connection to an anchor of our own,
 * so the system gives it to nobody, and a SYN to it finds no listener and is refused.
 */
async function holdRefused(port: number): Promise<Holder> {
  const anchor = createServer((socket) => socket.on('error', () => socket.destroy()))
  anchor.listen({ host: '127.0.0.1', port: 0 })
  await once(anchor, 'listening')
  const near = connect({
    host: '127.0.0.1',
    port: portOf(anchor),
    localAddress: '127.0.0.1',
    localPort: port,
  })
  await once(near, 'connect')
  return {
    state: 'refused',
    ready: () => Promise.resolve(),
    async release() {
      // A reset leaves no TIME_WAIT behind that would keep the port.
      near.resetAndDestroy()
      await new Promise((resolve) => anchor.close(resolve))
    },
  }
}
