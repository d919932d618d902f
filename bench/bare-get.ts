/** A program: the least that a tick could be, an undici GET of each endpoint, side by side, and nothing else. */
import { request } from 'undici'
import { z } from 'zod'
import { answerParent } from './child.ts'

const runSchema = z.object({ urls: z.array(z.string()), rounds: z.int().positive() })
const MICROSECONDS_PER_MS = 1_000

/** On a new connection, as the guard's probe: `reset` closes it after the answer. */
async function getJson(url: string): Promise<void> {
  const { statusCode, body } = await request(url, { reset: true })
  await body.json()
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`)
}

answerParent({
  async run(input) {
    const { urls, rounds } = runSchema.parse(input)
    const wallMs: number[] = []
    const cpuMs: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const cpu = process.cpuUsage()
      const startedAt = performance.now()
      await Promise.all(urls.map(getJson))
      wallMs.push(performance.now() - startedAt)
      const { user, system } = process.cpuUsage(cpu)
      cpuMs.push((user + system) / MICROSECONDS_PER_MS)
    }
    return { wallMs, cpuMs }
  },
})
