/** A run over many targets: a bug harms its own target only, turns are taken, and a dry run leaves no trace. */
import { describe, expect, it } from 'vitest'
import { createGuard } from '../../src/app/create-guard.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import type { Target } from '../../src/core/target.ts'
import type { QuietPorts } from '../fakes/quiet-ports.ts'
import { aTarget, createQuietPorts } from '../fakes/quiet-ports.ts'

function aFleet(count: number, { atOnceMax, ports }: { atOnceMax: number; ports?: Partial<QuietPorts> }) {
  const quiet = createQuietPorts()
  const targets = Array.from({ length: count }, (_, index) => aTarget(`bot-${index}`))
  const policy = { ...DEFAULT_POLICY, tick: { ...DEFAULT_POLICY.tick, targetsAtOnceMax: atOnceMax } }
  const guard = createGuard({ targets, policy, canaryUrls: [], ports: { ...quiet, ...ports } })
  return { guard, quiet }
}

const urlOf = (id: string): string => aTarget(id).health.url

describe("one target's bug", () => {
  const bug = new Error('no such\n\u202efield')
  const { probe, virtualMachine } = createQuietPorts()
  const brokenProbe: QuietPorts['probe'] = {
    ...probe,
    health(check, options) {
      if (check.url === urlOf('bot-1')) throw bug
      return probe.health(check, options)
    },
  }
  const brokenMachine: QuietPorts['virtualMachine'] = {
    ...virtualMachine,
    async look(target: Target, options, limits) {
      if (target.id === 'bot-1') throw bug
      return virtualMachine.look(target, options, limits)
    },
  }

  it.each([
    ['in its first look', { probe: brokenProbe }],
    ['after it', { virtualMachine: brokenMachine }],
  ])('%s: all others are served, the bug is told, and the run fails', async (_name, ports) => {
    const { guard, quiet } = aFleet(3, { atOnceMax: 1, ports })
    await expect(guard.tick({ dryRun: false })).rejects.toEqual(
      new AggregateError([bug], 'tick: a bug ended the run of bot-1; all others were served'),
    )
    const stored = await quiet.store.load(['bot-0', 'bot-1', 'bot-2'])
    expect([...stored].map(([id, { kind }]) => [id, kind])).toEqual([
      ['bot-0', 'found'],
      ['bot-1', 'absent'],
      ['bot-2', 'found'],
    ])
    const [run, told] = quiet.events
    expect(run?.fields['targets']).toMatchObject([
      { id: 'bot-0' },
      {
        id: 'bot-1',
        verdict: 'inconclusive',
        reason: 'a bug of Night Guard ended its run',
        phase: 'unarmed',
        evidence: {},
        actions: [],
        trouble: 'a bug: no such field',
      },
      { id: 'bot-2' },
    ])
    expect(told).toEqual({
      severity: 'CRITICAL',
      message: 'tick: a bug ended the run of bot-1: no such field',
      fields: { event: 'bug', target: 'bot-1', stack: expect.arrayContaining(['Error: no such']) },
    })
  })
})

describe('a fleet larger than its places', () => {
  it('is probed four times as wide, and takes turns; its reports keep their order', async () => {
    const { probe } = createQuietPorts()
    const asked: string[] = []
    let probing = 0
    let probingMax = 0
    const counting: QuietPorts['probe'] = {
      ...probe,
      async health(check, options) {
        asked.push(check.url)
        probing += 1
        probingMax = Math.max(probingMax, probing)
        await Promise.resolve()
        probing -= 1
        return probe.health(check, options)
      },
    }
    const { guard } = aFleet(10, { atOnceMax: 2, ports: { probe: counting } })
    const firsts: (string | undefined)[] = []
    for (const run of [{}, { dryRun: true }, { targets: ['bot-9'] }, {}, {}, {}, {}, {}]) {
      asked.length = 0
      const outcome = await guard.tick({ dryRun: false, ...run })
      if (outcome.kind !== 'report') throw new Error(outcome.kind)
      const ids = outcome.report.targets.map(({ id }) => id)
      expect(ids).toEqual(run.targets ?? Array.from({ length: 10 }, (_, index) => `bot-${index}`))
      firsts.push(asked[0])
    }
    expect(firsts).toEqual(
      ['bot-0', 'bot-2', 'bot-9', 'bot-2', 'bot-4', 'bot-6', 'bot-8', 'bot-0'].map(urlOf),
    )
    expect(probingMax).toBe(8)
  })
})

describe('a dry run', () => {
  it.each(['tick', 'sync'] as const)('of a %s is no poll, and no word on the target', async (kind) => {
    const quiet = createQuietPorts()
    let polls = 0
    const secretSource: QuietPorts['secretSource'] = {
      ...quiet.secretSource,
      version(secret, wanted, limits) {
        polls += 1
        return quiet.secretSource.version(secret, wanted, limits)
      },
    }
    const target: Target = {
      ...aTarget(),
      workloads: [
        {
          unit: 'agent.service',
          container: 'agent',
          secrets: [{ secret: 's', version: 'latest', as: 's', type: 'mount' }],
        },
      ],
    }
    const ports = { ...quiet, secretSource }
    const guard = createGuard({ targets: [target], policy: DEFAULT_POLICY, canaryUrls: [], ports })
    await guard[kind]({ dryRun: true })
    expect(polls).toBe(1)
    const view = await guard.target('bot')
    expect(view).toMatchObject({ kind: 'target', target: { reason: 'not looked at yet', evidence: {} } })
    await guard.tick({ dryRun: false })
    expect(polls).toBe(2)
    await guard.tick({ dryRun: false })
    expect(polls).toBe(2)
  })
})
