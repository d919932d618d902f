import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createDoor, type Door, type DoorState } from '../../../sandbox/machines/door.ts'

const doors: Door[] = []
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()))
})

async function openDoor(): Promise<Door> {
  const door = await createDoor({ port: 0, onConnection: (socket) => socket.end('hello') })
  doors.push(door)
  return door
}

/** What a plain TCP client meets; `connect time-out` means that not even the handshake was answered. */
function knock(door: Door): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port: door.port, host: '127.0.0.1' })
    const settle = (what: string): void => {
      socket.destroy()
      resolve(what)
    }
    socket.setTimeout(80, () => settle(socket.connecting ? 'connect time-out' : 'no answer'))
    socket.on('data', (chunk) => settle(chunk.toString()))
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message))
  })
}

const MEETS: Readonly<Record<DoorState, string>> = {
  open: 'hello',
  refused: 'ECONNREFUSED',
  silent: 'connect time-out',
}

describe('a door', () => {
  it.each([
    ['open', 'silent', 'open'],
    ['refused', 'open', 'refused'],
    ['silent', 'refused', 'silent'],
    ['refused', 'silent', 'open'],
  ] satisfies readonly (readonly DoorState[])[])('on one port is %s, then %s, then %s', async (...states) => {
    const door = await openDoor()
    for (const state of states) {
      await door.set(state)
      expect(await Promise.all([knock(door), knock(door)])).toEqual([MEETS[state], MEETS[state]])
    }
  })

  it('ends where it was last told to, however fast it is told', async () => {
    const door = await openDoor()
    for (const state of ['silent', 'open', 'refused', 'silent', 'refused'] as const) void door.set(state)
    await door.settled()
    expect(await knock(door)).toBe('ECONNREFUSED')
  })
})
