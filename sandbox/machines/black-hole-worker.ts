/**
 * Runs as a worker thread: listens on a port and then sleeps, so that nobody accepts. Once the short queue is
 * full, Linux drops every further SYN: for a client that is a host which doesn't answer. It imports nothing of
 * ours, for each such thread carries its own copy.
 */
import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

export type BlackHoleTask = {
  readonly port: number
  readonly reusePort: boolean
  /** One integer: no longer 0 when the thread shall end. */
  readonly wake: SharedArrayBuffer
}

const { port, reusePort, wake }: BlackHoleTask = workerData
const server = createServer((socket) => socket.destroy())
server.listen({ host: '127.0.0.1', port, backlog: 1, reusePort }, () => {
  parentPort?.postMessage('listening')
  Atomics.wait(new Int32Array(wake), 0, 0)
  server.close()
  parentPort?.close()
})
