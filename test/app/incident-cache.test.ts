/** Pages of incidents: read again when one may have changed, and only then. */
import { describe, expect, it } from 'vitest'
import { withIncidentCache } from '../../src/app/incident-cache.ts'
import type { Incident } from '../../src/core/incident.ts'
import type { Store } from '../../src/ports/store.ts'
import { createMemoryStore } from '../fakes/memory-store.ts'
import { anIncident, aState, NOON } from '../fakes/stored.ts'

const TARGETS = ['bot', 'crawler'].map((id) => ({ id }))
const IDS = ['bot', 'crawler']

function aStage() {
  const memory = createMemoryStore()
  let now = NOON
  let reads = 0
  const counting: Store = {
    ...memory,
    incidents(query) {
      reads += 1
      return memory.incidents(query)
    },
  }
  const store = withIncidentCache(counting, { clock: { now: () => now }, targets: TARGETS })
  /** By this process, or by another one. */
  const write = async (through: Store, target = 'bot', incident?: Incident) => {
    const found = (await memory.load([target])).get(target)
    const expectedVersion = found !== undefined && 'version' in found ? found.version : null
    const along = incident === undefined ? {} : { incident }
    await through.commit({ target, expectedVersion, state: aState({ target }), ...along })
  }
  return {
    memory,
    store,
    write: (target?: string, incident?: Incident) => write(store, target, incident),
    writeElsewhere: (target?: string, incident?: Incident) => write(memory, target, incident),
    pass(ms: number) {
      now += ms
    },
    /** As an open dashboard does. */
    async look({ limit = 5 } = {}) {
      await store.load(IDS)
      const page = await store.incidents({ limit })
      return page.kind === 'page' ? page.incidents.map(({ id }) => id) : page.kind
    },
    get reads(): number {
      return reads
    },
  }
}

type Stage = ReturnType<typeof aStage>

describe('A page of incidents', () => {
  it.each<[string, number, (stage: Stage) => unknown]>([
    ['nothing happened', 1, () => undefined],
    ['a while later nothing has happened', 1, (stage) => stage.pass(4 * 60_000)],
    ['another process wrote an incident', 2, (stage) => stage.writeElsewhere('bot', anIncident())],
    ['another process wrote a state', 2, (stage) => stage.writeElsewhere('crawler')],
    ['this process wrote an incident', 2, (stage) => stage.write('bot', anIncident())],
    ['it is five minutes old', 2, (stage) => stage.pass(5 * 60_000 + 1)],
  ])('when %s: %i reads', async (_name, reads, happens) => {
    const stage = aStage()
    await stage.write()
    await stage.look()
    await happens(stage)
    const stored = await stage.memory.incidents({ limit: 5 })
    const ids = stored.kind === 'page' ? stored.incidents.map(({ id }) => id) : []
    expect(await stage.look()).toEqual(ids)
    expect(stage.reads).toBe(reads)
  })

  it.each<[string, (stage: Stage) => unknown]>([
    ['no states were seen before', () => undefined],
    ['not all states were seen', (stage) => stage.store.load(['bot'])],
    [
      'the states were seen too long ago',
      async (stage) => {
        await stage.store.load(IDS)
        stage.pass(3_001)
      },
    ],
    [
      'the states could not be reached',
      async (stage) => {
        stage.memory.fail('gone')
        await stage.store.load(IDS)
        stage.memory.fail()
      },
    ],
  ])('is read each time where %s', async (_name, before) => {
    const stage = aStage()
    for (let round = 1; round <= 2; round += 1) {
      await before(stage)
      await stage.store.incidents({ limit: 5 })
    }
    expect(stage.reads).toBe(2)
  })

  it('is read again after a commit of this process, also where a load was under way beside it', async () => {
    const stage = aStage()
    await stage.write()
    expect(await stage.look()).toEqual([])
    const loading = stage.store.load(IDS)
    await stage.write('bot', anIncident())
    await loading
    const page = await stage.store.incidents({ limit: 5 })
    expect(page).toMatchObject({ incidents: [{ id: 'bot-1' }] })
  })

  it('of another size, target or place is another page', async () => {
    const stage = aStage()
    await stage.look()
    await stage.store.incidents({ limit: 2 })
    await stage.store.incidents({ limit: 5, target: 'bot' })
    expect(stage.reads).toBe(3)
    await stage.look({ limit: 2 })
    expect(stage.reads).toBe(3)
  })

  it('that could not be read is no page', async () => {
    const stage = aStage()
    await stage.store.load(IDS)
    stage.memory.fail('gone')
    expect(await stage.store.incidents({ limit: 5 })).toEqual({ kind: 'unavailable', detail: 'gone' })
    stage.memory.fail()
    expect(await stage.store.incidents({ limit: 5 })).toEqual({ kind: 'page', incidents: [] })
  })
})
