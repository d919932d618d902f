/**
 * A loopback port on which connects hang, as towards a host that is off or frozen, without root and without
 * a firewall. What stands behind the port otherwise is door.ts's business.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { BlackHoleTask } from './black-hole-worker.ts'

/**
 * Only Linux lets two listeners of one process share a port; elsewhere the port looks closed for a moment
 * when its holder changes.
 */
export const PORTS_SHARED = process.platform === 'linux'

/** Linux keeps backlog + 1 connections for a listener that never accepts; the worker's backlog is 1. */
const FILLERS = process.platform === 'linux' ? 2 : 16
const FILL_WAIT_MS = 250

export type BlackHole = {
  /** Fills the queue; from then on connects hang. To be called once nobody else listens on the port. */
  fill(): Promise<void>
  release(): Promise<void>
}

/** Listens beside whoever holds the port, where ports can be shared, so that it never looks closed. */
export async function openBlackHole(port: number): Promise<BlackHole> {
  const wake = new SharedArrayBuffer(4)
  const task: BlackHoleTask = { port, reusePort: PORTS_SHARED, wake }
  const worker = new Worker(new URL('./black-hole-worker.ts', import.meta.url), {
    workerData: task,
    // Flags of the parent (a test runner's, a debugger's) mean nothing to this thread.
    execArgv: [],
  })
  await once(worker, 'message')
  const gone = once(worker, 'exit')
  let fillers: readonly Socket[] = []
  return {
    async fill() {
      fillers = await Promise.all(Array.from({ length: FILLERS }, () => fillOne(port)))
    },
    async release() {
      Atomics.store(new Int32Array(wake), 0, 1)
      Atomics.notify(new Int32Array(wake), 0)
      await gone
      for (const socket of fillers) socket.destroy()
    },
  }
}

/** A client's connect that came first takes a place too: this one may then hang, which is just as good. */
function fillOne(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const settle = (): void => {
      clearTimeout(timer)
      resolve(socket)
    }
    const timer = setTimeout(settle, FILL_WAIT_MS)
    socket.once('connect', settle)
    socket.on('error', settle)
  })
}
