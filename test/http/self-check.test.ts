import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { checkTurnedAway } from '../../src/http/self-check.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(status: number | 'nothing'): Promise<string> {
  server = createServer((request, response) => {
    if (status === 'nothing') return
    response.writeHead(request.url === '/health' ? status : 500).end('body')
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('the service asks its own URL without a token', () => {
  it.each([401, 403])('%i is being turned away', async (status) => {
    expect(await checkTurnedAway({ url: await serve(status), timeoutMs: 2_000 })).toEqual({ kind: 'private' })
  })

  it('an answer means that anyone gets in', async () => {
    const url = await serve(200)
    expect(await checkTurnedAway({ url, timeoutMs: 2_000 })).toEqual({
      kind: 'public',
      detail: `GET ${url}/health without a token was answered with 200`,
    })
  })

  it.each([302, 404, 503])('%i says nothing', async (status) => {
    const url = await serve(status)
    expect(await checkTurnedAway({ url, timeoutMs: 2_000 })).toEqual({
      kind: 'unknown',
      detail: `GET ${url}/health without a token was answered with ${status}`,
    })
  })

  it('silence says nothing', async () => {
    const url = await serve('nothing')
    expect(await checkTurnedAway({ url, timeoutMs: 50 })).toEqual({
      kind: 'unknown',
      detail: `GET ${url}/health without a token: no answer in time`,
    })
  })

  it('a refused connection says nothing', async () => {
    const url = await serve(200)
    await new Promise((resolve) => server?.close(resolve))
    expect(await checkTurnedAway({ url, timeoutMs: 2_000 })).toEqual({
      kind: 'unknown',
      detail: `GET ${url}/health without a token: no connection`,
    })
  })
})
