/** The service is told to end in the middle of its work: what was begun is finished and noted, nothing new begins. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createWorld } from '../../sandbox/world.ts'
import type { TargetState } from '../../src/core/state.ts'
import { lineOf, type Service, startArmed, startService, TIMING, until } from './harness.ts'

type Stored = Pick<TargetState, 'lease' | 'action' | 'phase' | 'incidentId'>

function storedState(path: string): Stored {
  const database = new DatabaseSync(path, { readOnly: true })
  const row = database.prepare("SELECT document FROM states WHERE target = 'bot'").get()
  database.close()
  return JSON.parse(String(row?.['document'])) as Stored
}

/** Two services may follow each other on this world and this file. */
async function ground(restartMs: number) {
  const directory = mkdtempSync(join(tmpdir(), 'night-guard-end-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const world = await createWorld({ timing: { ...TIMING, restartMs } })
  onTestFinished(world.close)
  return { world, storePath: join(directory, 'night-guard.db') }
}

async function kill(service: Service): Promise<void> {
  await service.world.breakIt('container-exits', { machine: 'bot' })
  await until('systemd gives up', () => service.machine('bot').workload().state().active === 'failed')
}

describe('told to end', () => {
  it('in the middle of a restart: it is verified and noted first, and no lease is left behind', async () => {
    const place = await ground(900)
    const service = await startArmed(place)
    await kill(service)
    const tick = service.tick()
    await until('the unit is restarted', () => service.machine('bot').workload().state().active !== 'failed')
    await service.close()
    expect(lineOf(await tick, 'bot').actions.map(({ rung, result }) => ({ rung, result }))).toEqual([
      { rung: 'restart-workload', result: 'done' },
    ])
    const { lease, action, phase } = storedState(place.storePath)
    expect({ lease, action, phase }).toEqual({ lease: undefined, action: undefined, phase: 'probation' })
    const next = await startService(place)
    expect(lineOf(await next.tick(), 'bot')).toMatchObject({ verdict: 'healthy', actions: [] })
    const [incident] = await next.incidents('bot')
    expect(incident?.actions.map(({ status }) => status)).toEqual(['proved'])
  })

  it('while a tick still looks: nothing is begun that would not fit any more, and the next service does it', async () => {
    const place = await ground(100)
    // At worst an order takes all the time that is left for ending.
    let probes = 0
    const service = await startArmed({
      ...place,
      policy: { tick: { everyMs: '2s', deadlineMs: '13s' }, ssh: { orderMs: '8s' } },
      wrap: (ports) => ({
        ...ports,
        probe: {
          ...ports.probe,
          health(...asked) {
            probes += 1
            return ports.probe.health(...asked)
          },
        },
      }),
    })
    await service.world.breakIt('container-hangs', { machine: 'bot' })
    const before = probes
    const tick = service.tick()
    await until('the probe waits for an answer', () => probes > before)
    await service.close()
    const { phase, actions } = lineOf(await tick, 'bot')
    expect({ phase, actions }).toEqual({ phase: 'waiting', actions: [] })
    expect(place.world.machines[0]?.snapshot().workloads[0]?.hung).toBe(true)
    const { lease, action } = storedState(place.storePath)
    expect({ lease, action }).toEqual({ lease: undefined, action: undefined })
    const next = await startService(place)
    expect(lineOf(await next.tick(), 'bot')).toMatchObject({
      verdict: 'healthy',
      actions: [{ rung: 'restart-workload', result: 'done' }],
    })
  })
})
