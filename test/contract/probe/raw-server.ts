/** TCP servers that say what a test wants, well-formed or not, and count who is still connected. */
import { createServer, type Server, type Socket } from 'node:net'

export type RawServer = {
  readonly port: number
  readonly url: string
  readonly requests: readonly string[]
  connections(): number
  close(): Promise<void>
}

const open = new Set<RawServer>()

/** `answer` is called once the first bytes of a connection have come. */
export async function rawServer(answer: (socket: Socket, request: string) => void): Promise<RawServer> {
  const sockets = new Set<Socket>()
  const requests: string[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.once('data', (data) => {
      requests.push(data.toString('latin1'))
      answer(socket, data.toString('latin1'))
    })
  })
  const port = await listen(server)
  const raw: RawServer = {
    port,
    url: `http://127.0.0.1:${port}/health`,
    requests,
    connections: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy()
      open.delete(raw)
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  open.add(raw)
  return raw
}

export async function closeRawServers(): Promise<void> {
  await Promise.all([...open].map((server) => server.close()))
}

/** A port that nothing listens on. */
export async function deadPort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('The server has no port')
      resolve(address.port)
    })
  })
}

export function response(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Buffer {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers })
  const head = `HTTP/1.1 ${status} Word\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)])
}
