/** Cloud Scheduler in small: the token, one run at a time, troubles told, an end that ends. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createScheduler, type Scheduler } from '../../sandbox/scheduler.ts'

type Asked = { readonly method: string; readonly url: string; readonly authorization: string | undefined }

/** A scheduler that ticks every second, against a service that answers as told. */
async function start(answer: (response: ServerResponse) => void) {
  const asked: Asked[] = []
  const troubles: string[] = []
  let changed = (): void => undefined
  const server = createServer((request: IncomingMessage, response) => {
    asked.push({
      method: request.method ?? '',
      url: request.url ?? '',
      authorization: request.headers.authorization,
    })
    answer(response)
    changed()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  let tokens = 0
  const scheduler: Scheduler = createScheduler({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    everySeconds: 1,
    token() {
      tokens += 1
      return `token-${tokens}`
    },
    onTrouble(text) {
      troubles.push(text)
      changed()
    },
  })
  onTestFinished(() => {
    scheduler.stop()
    server.closeAllConnections()
    server.close()
  })
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      changed = () => condition() && resolve()
      changed()
    })
  return { asked, troubles, scheduler, server, until }
}

it('posts to /tick, each time with a token of its own', async () => {
  const { asked, until, troubles } = await start((response) => response.end('{}'))
  await until(() => asked.length === 2)
  expect(asked).toEqual([
    { method: 'POST', url: '/tick', authorization: 'Bearer token-1' },
    { method: 'POST', url: '/tick', authorization: 'Bearer token-2' },
  ])
  expect(troubles).toEqual([])
})

it('never asks twice at once: a tick that takes longer than the interval skips the next', async () => {
  let running = 0
  let runningMax = 0
  const { asked, until } = await start((response) => {
    running += 1
    runningMax = Math.max(runningMax, running)
    setTimeout(() => {
      running -= 1
      response.end('{}')
    }, 1_300)
  })
  await until(() => asked.length === 2)
  expect(runningMax).toBe(1)
})

it('tells an answer that is none, and goes on', async () => {
  const { asked, troubles, until } = await start((response) => response.writeHead(503).end())
  await until(() => troubles.length === 2)
  expect(troubles).toEqual(Array(2).fill('tick was answered with 503'))
  expect(asked.length).toBe(2)
})

it('stopped in the middle of a tick: gives it up without a word', async () => {
  const { asked, troubles, scheduler, server, until } = await start(() => undefined)
  await until(() => asked.length === 1)
  const connections = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    )
  scheduler.stop()
  while ((await connections()) > 0) await new Promise((resolve) => setImmediate(resolve))
  expect({ asked: asked.length, troubles }).toEqual({ asked: 1, troubles: [] })
})
