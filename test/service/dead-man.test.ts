/** The dead man's switch is pinged after each complete tick, and after nothing else. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Ports } from '../../src/app/ports.ts'
import { type Service, startService } from './harness.ts'

/** A service elsewhere that counts what it hears; `status` is what it answers. */
async function startListener(): Promise<{
  readonly url: string
  pings(): number
  answer(status: number): void
}> {
  let heard = 0
  let status = 200
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/ping/secret-check') heard += 1
    response.writeHead(status).end()
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/ping/secret-check`,
    pings: () => heard,
    answer: (next) => {
      status = next
    },
  }
}

async function start(wrap?: (ports: Ports) => Ports) {
  const listener = await startListener()
  const service = await startService({ deadManUrl: listener.url, ...(wrap === undefined ? {} : { wrap }) })
  return { service, listener }
}

function warnings({ journal }: Service): readonly string[] {
  return journal.filter(({ fields }) => fields['event'] === 'dead-man').map(({ message }) => message)
}

describe('the dead man’s switch', () => {
  it('hears of each complete tick, once, whatever was found', async () => {
    const { service, listener } = await start()
    await service.tick()
    expect(listener.pings()).toBe(1)
    await service.world.breakIt('container-exits', { machine: 'bot' })
    await service.tick()
    await service.tick()
    expect(listener.pings()).toBe(3)
    expect(warnings(service)).toEqual([])
  })

  it.each<[string, (service: Service) => Promise<unknown>]>([
    ['a dry run', ({ tick }) => tick({ dryRun: true })],
    ['a tick of named targets', ({ tick }) => tick({ targets: ['bot'] })],
    ['a sync', ({ sync }) => sync()],
    ['an order', ({ order }) => order('bot', 'pause', { minutes: 1, reason: 'x' })],
    ['a look at the targets', ({ get }) => get('/api/targets')],
  ])('hears nothing of %s', async (_what, ask) => {
    const { service, listener } = await start()
    await ask(service)
    expect(listener.pings()).toBe(0)
    await service.tick()
    expect(listener.pings()).toBe(1)
  })

  it('hears nothing of a tick that a bug ended, though all others were served', async () => {
    let asked = 0
    const { service, listener } = await start(({ probe, ...ports }) => ({
      ...ports,
      probe: {
        ...probe,
        async health(...check) {
          asked += 1
          if (asked === 2) throw new Error('a bug')
          return probe.health(...check)
        },
      },
    }))
    expect((await service.post('/tick')).status).toBe(500)
    expect(listener.pings()).toBe(0)
  })

  it('hears nothing while the store can’t be reached', async () => {
    const { service, listener } = await start((ports) => ({
      ...ports,
      store: {
        ...ports.store,
        load: async (ids) => new Map(ids.map((id) => [id, { kind: 'unavailable', detail: 'gone' }])),
      },
    }))
    expect((await service.post('/tick')).status).toBe(503)
    expect(listener.pings()).toBe(0)
  })

  it('that does not answer well changes nothing but a line in the log, without its address', async () => {
    const { service, listener } = await start()
    listener.answer(500)
    expect((await service.tick()).targets).toHaveLength(3)
    expect(listener.pings()).toBe(1)
    expect(warnings(service)).toEqual(['tick: the dead-man service did not take the ping'])
    expect(JSON.stringify(service.journal)).not.toContain('secret-check')
  })
})
