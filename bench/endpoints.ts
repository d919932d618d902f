/** A program: many health endpoints on loopback, each on a port of its own, that answer as the kit does. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { answerParent } from './child.ts'

const openSchema = z.object({ count: z.int().min(1).max(2_000) })

/** A body of the size and form of the kit's. */
const BODY = JSON.stringify({
  status: 'healthy',
  boot_id: '0f5c1d5e-7a49-4c6b-9b1c-2f8b8e5d6a10',
  uptime_seconds: 86_400,
  workloads: [{ unit: 'agent.service', state: 'active', health: 'healthy' }],
  memory: { total_mb: 1000, used_mb: 412 },
  swap: { total_mb: 2048, used_mb: 130 },
  disk: { total_mb: 30_000, used_mb: 9_000 },
})

async function listen(): Promise<number> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(BODY)
  })
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 16 }, resolve))
  return (server.address() as AddressInfo).port
}

answerParent({
  async open(input) {
    const { count } = openSchema.parse(input)
    const ports: number[] = []
    while (ports.length < count) ports.push(await listen())
    return { ports }
  },
})
