/** The emulator on the wire, where the adapter doesn't reach: what other clients, gcloud among them, rely on. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ComputeEmulator, createComputeEmulator } from '../../../sandbox/google/compute-emulator.ts'
import { createMemoryMachine, type MemoryMachine } from '../../contract/virtual-machine/memory-machine.ts'

let machine: MemoryMachine
let emulator: ComputeEmulator
let base: string
beforeEach(async () => {
  machine = createMemoryMachine()
  emulator = createComputeEmulator({
    project: 'my-project',
    machines: [machine, createMemoryMachine('other')],
    delays: { pendingMs: 5, startingMs: 5, stoppingMs: 5, endingMs: 5 },
  })
  const { port } = await emulator.listen()
  base = `http://127.0.0.1:${port}/compute/v1/projects/my-project/zones/us-west1-b`
})
afterEach(() => emulator.close())

/** As much of any body as these tests read. */
type Body = {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly nextPageToken?: string
  readonly items: readonly { readonly name: string; readonly operationType: string }[]
}

async function call(verb: 'GET' | 'POST', path: string): Promise<Body> {
  const response = await fetch(`${base}${path}`, { method: verb })
  return (await response.json()) as Body
}
const get = (path: string) => call('GET', path)
const post = (path: string) => call('POST', path)

describe('operations', () => {
  it('go from PENDING over RUNNING to DONE, with their times', async () => {
    const { name } = await post('/instances/nightguard/reset')
    const seen = new Set<string>()
    await expect
      .poll(
        async () => {
          const operation = await get(`/operations/${name}`)
          seen.add(operation.status)
          return operation
        },
        { interval: 1 },
      )
      .toMatchObject({
        kind: 'compute#operation',
        operationType: 'reset',
        targetId: machine.instanceId,
        targetLink: expect.stringMatching(/\/zones\/us-west1-b\/instances\/nightguard$/),
        status: 'DONE',
        progress: 100,
        insertTime: expect.any(String),
        startTime: expect.any(String),
        endTime: expect.any(String),
      })
    expect([...seen].at(-1)).toBe('DONE')
  })

  it('can be waited for', async () => {
    const { name } = await post('/instances/nightguard/reset')
    expect(await post(`/operations/${name}/wait`)).toMatchObject({ name, status: 'DONE' })
  })

  it('are carried out one after the other on one instance', async () => {
    await post('/instances/nightguard/reset')
    await post('/instances/nightguard/stop')
    await expect.poll(() => machine.orders).toEqual(['reset', 'stop'])
  })

  it('are given again, not made again, for the same request id, but not for another instance', async () => {
    const query = '?requestId=6f1a3c52-5f0b-5d3e-9a51-0d7c5b1f2a3b'
    const first = await post(`/instances/nightguard/reset${query}`)
    const second = await post(`/instances/nightguard/reset${query}`)
    expect(second.id).toBe(first.id)
    expect((await get('/operations')).items).toHaveLength(1)
  })

  it('are refused when the request id is no UUID, and when the filter is none', async () => {
    expect(await post('/instances/nightguard/reset?requestId=again')).toMatchObject({
      error: { code: 400, errors: [{ domain: 'global', reason: 'invalid' }] },
    })
    expect(await get(`/operations?filter=${encodeURIComponent('targetId >')}`)).toMatchObject({
      error: { code: 400 },
    })
  })

  it('are listed newest first on demand, filtered and in pages', async () => {
    await post('/instances/nightguard/reset')
    await post('/instances/other/reset')
    await post('/instances/nightguard/stop')
    const filter = encodeURIComponent(`targetId=${machine.instanceId}`)
    const query = `?orderBy=${encodeURIComponent('creationTimestamp desc')}&maxResults=2&filter=${filter}`
    const first = await get(`/operations${query}`)
    const second = await get(`/operations${query}&pageToken=${first.nextPageToken}`)
    const types = [...first.items, ...second.items].map(({ operationType }) => operationType)
    expect(types).toEqual(['stop', 'reset', 'reset'])
  })
})

describe('an instance', () => {
  it('goes over its statuses while it stops, suspends, resumes and starts', async () => {
    const statuses = async (verb: string, end: string) => {
      const seen: string[] = []
      await post(`/instances/nightguard/${verb}`)
      await expect
        .poll(
          async () => {
            const { status } = await get('/instances/nightguard')
            if (seen.at(-1) !== status) seen.push(status)
            return status
          },
          { interval: 1 },
        )
        .toBe(end)
      return seen
    }
    expect(await statuses('suspend', 'SUSPENDED')).toContain('SUSPENDED')
    expect(await statuses('resume', 'RUNNING')).toContain('RUNNING')
    expect(await statuses('stop', 'TERMINATED')).toContain('TERMINATED')
    expect(await statuses('start', 'RUNNING')).toContain('RUNNING')
    expect(machine.orders).toEqual(['suspend', 'resume', 'stop', 'start'])
  })

  it('is listed with the others of its zone', async () => {
    const { items } = await get('/instances')
    expect(items.map(({ name }) => name)).toEqual(['nightguard', 'other'])
  })

  it('gives its console from a byte, from the end, and moved to what is still kept', async () => {
    const text = machine.serial()
    const length = text.length
    expect(await get('/instances/nightguard/serialPort?start=5')).toMatchObject({
      contents: text.slice(5),
      start: '5',
      next: String(length),
    })
    expect(await get('/instances/nightguard/serialPort?start=-3')).toMatchObject({
      start: String(length - 3),
    })
    expect(await get('/instances/nightguard/serialPort?start=9999')).toMatchObject({
      contents: '',
      next: '9999',
    })
    machine.print('x'.repeat(1024 * 1024))
    expect(await get('/instances/nightguard/serialPort')).toMatchObject({ start: String(length) })
  })

  it('answers 404 in the words of the API for another instance, project or path', async () => {
    expect(await get('/instances/none')).toEqual({
      error: {
        code: 404,
        message: "The resource 'projects/my-project/zones/us-west1-b/instances/none' was not found",
        errors: [
          {
            message: "The resource 'projects/my-project/zones/us-west1-b/instances/none' was not found",
            domain: 'global',
            reason: 'notFound',
          },
        ],
      },
    })
    expect((await fetch(base.replace('my-project', 'other-project').concat('/instances'))).status).toBe(404)
    expect((await fetch(`${base}/disks`)).status).toBe(404)
  })
})
