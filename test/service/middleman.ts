/** A machine whose ports somebody else has got hold of: connections pass through until a test has them turned. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import ssh2, { type ServerChannel } from 'ssh2'
import { onTestFinished } from 'vitest'
import { createWorld, type World } from '../../sandbox/world.ts'
import { TIMING } from './harness.ts'

export type Treatment = (socket: Socket) => void

export type Turned = {
  readonly world: World
  /** What new connections to bot's ports get from now on. */
  turn(ports: { readonly health?: Treatment; readonly ssh?: Treatment }): void
}

/** A world whose `bot` is reached through middlemen. It ends with the test. */
export async function worldWithMiddlemen(): Promise<Turned> {
  const world = await createWorld({ timing: TIMING })
  onTestFinished(world.close)
  const bot = world.machines.find(({ name }) => name === 'bot')
  if (bot === undefined) throw new Error('The sandbox has no bot')
  const health = await openMiddleman(bot.healthPort)
  const ssh = await openMiddleman(bot.sshPort)
  const turned = { ...bot, healthPort: health.port, sshPort: ssh.port }
  const machines = world.machines.map((machine) => (machine === bot ? turned : machine))
  return {
    world: { ...world, machines },
    turn(treatments) {
      if (treatments.health !== undefined) health.turn(treatments.health)
      if (treatments.ssh !== undefined) ssh.turn(treatments.ssh)
    },
  }
}

async function openMiddleman(realPort: number) {
  const sockets = new Set<Socket>()
  const adopt = (socket: Socket): Socket => {
    sockets.add(socket)
    // Either side may go at any time: that is what these tests are about.
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
    return socket
  }
  let treatment: Treatment = (socket) => {
    const real = adopt(connect({ host: '127.0.0.1', port: realPort, noDelay: true }))
    socket.pipe(real).pipe(socket)
    socket.once('close', () => real.destroy())
    real.once('close', () => socket.destroy())
  }
  const server = createServer({ noDelay: true }, (socket) => treatment(adopt(socket)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    turn(next: Treatment): void {
      treatment = next
      // What was open before must not go on as if nothing had happened.
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Accepts, reads, and never says a word. */
export const mute: Treatment = (socket) => void socket.resume()

/** Says something that is no protocol at all, and ends. */
export const rubbish: Treatment = (socket) => void socket.resume().end('\u0000\u0001%%% what? %%%\r\n\r\n')

/** Talks without end, as fast as it is read. */
export const flood: Treatment = (socket) => {
  const piece = Buffer.alloc(64 * 1024, 'x')
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.resume().on('drain', more)
  more()
}

/** An HTTP answer of `head`, then `body`; `endless` repeats the body as long as it is read. */
export function answers(body: string, { endless = false, status = 200 } = {}): Treatment {
  return (socket) => {
    const length = endless ? 'transfer-encoding: chunked' : `content-length: ${Buffer.byteLength(body)}`
    socket.once('data', () => {
      socket.write(`HTTP/1.1 ${status} OK\r\ncontent-type: application/json\r\n${length}\r\n\r\n`)
      if (!endless) {
        socket.end(body)
        return
      }
      const chunk = `${body.length.toString(16)}\r\n${body}\r\n`
      const more = (): void => {
        while (!socket.destroyed && socket.write(chunk));
      }
      socket.on('drain', more)
      more()
    })
  }
}

/** An SSH server with the machine's own host key that lets everybody in, and answers each command so. */
export function shell(hostKey: string, answer: (channel: ServerChannel, command: string) => void): Treatment {
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on('error', () => client.end())
    client.on('authentication', (attempt) => attempt.accept())
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec()
        channel.on('error', () => channel.close())
        answer(channel, command)
      })
    })
  })
  return (socket) => server.injectSocket(socket)
}

export function says(channel: ServerChannel, text: string, code = 0): void {
  channel.write(text)
  channel.exit(code)
  channel.end()
}

export function saysWithoutEnd(channel: ServerChannel): void {
  const piece = Buffer.alloc(32 * 1024, 'y')
  const more = (): void => {
    while (channel.writable && channel.write(piece));
  }
  channel.on('drain', more)
  more()
}
