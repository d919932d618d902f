/** The rules that need a world which makes sense: what befalls a VM, what the guard then does, and that it ends. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINUTE, NOW, policy, SECOND } from './build.ts'
import { SEED } from './drive-chance.ts'
import type { Fault } from './drive-faults.ts'
import type { Rule } from './drive-happening.ts'
import type { Machines } from './drive-machine.ts'
import type { Told } from './drive-play.ts'
import {
  begin,
  FAULT_NAMES,
  ID,
  ordersOf,
  playGivenUp,
  playLostState,
  playOutage,
  playOutages,
  playPreemptions,
  strikeAt,
  tickEveryMinute,
} from './drive-play.ts'
import { must } from './drive-rules.ts'

fc.configureGlobal({ seed: SEED, includeErrorInReport: true })

const seeds = fc.integer()
const strikes = fc.record({ seed: fc.integer(), struckMs: fc.integer({ min: 5 * MINUTE, max: 7 * MINUTE }) })

describe('a VM that is well', () => {
  it('is never acted on in 10,000 ticks, however many probes go astray', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(0.02, 0.2, 0.5), (seed, blips) => {
        const play = begin({ seed, blips })
        tickEveryMinute(play, 2_500)
        play.stage.play()
        expect(ordersOf(play)).toEqual([])
      }),
      { numRuns: 4 },
    )
  })
})

describe('what is no business of the guard', () => {
  it.each<Fault>([
    'vm-stopped-by-person',
    'workload-stopped-by-person',
    'path-broken',
    'key-rejected',
    'guard-offline',
    'guard-cut-off',
  ])('%s: nothing is done', (fault) => {
    fc.assert(
      fc.property(strikes, fc.constantFrom(0, 0.05), ({ seed, struckMs }, trouble) => {
        const play = begin({ seed, trouble, blips: trouble })
        strikeAt(play, fault, NOW + struckMs)
        tickEveryMinute(play, 120)
        play.stage.play()
        expect(ordersOf(play)).toEqual([])
      }),
      { numRuns: 12 },
    )
  })
})

/** From the fault until the workload answers again. */
function backAfterMs(fault: Fault, told: Told & { readonly struckMs: number }): number {
  const play = begin(told)
  const struckAt = NOW + told.struckMs
  play.stage.at(struckAt, () => play.machines.strike(ID, fault, struckAt))
  tickEveryMinute(play, 15)
  let backAt = Number.POSITIVE_INFINITY
  for (let at = struckAt + SECOND; at < NOW + 15 * MINUTE; at += SECOND)
    play.stage.at(at, () => {
      if (backAt === Number.POSITIVE_INFINITY && play.machines.isWell(ID, at)) backAt = at
    })
  play.stage.play()
  return backAt - struckAt
}

describe('how long an outage lasts, at one tick a minute', () => {
  it.each<[Fault, number]>([
    ['workload-exits', 150],
    ['workload-hangs', 150],
    ['vm-freezes', 300],
    ['vm-preempted', 90 + 60],
  ])('%s: %i s at most', (fault, seconds) => {
    fc.assert(
      fc.property(strikes, (told) => {
        expect(backAfterMs(fault, told)).toBeLessThanOrEqual(seconds * SECOND)
      }),
      { numRuns: 12 },
    )
  })
})

describe('how long a frozen VM is down', () => {
  it('200 s in the median, a boot of 50 s at most included', () => {
    const lasted: number[] = []
    fc.assert(
      fc.property(strikes, (told) => {
        lasted.push(backAfterMs('vm-freezes', told))
      }),
      { numRuns: 25 },
    )
    const median = lasted.sort((one, other) => one - other)[12]
    expect(median).toBeLessThanOrEqual(200 * SECOND)
  })
})

describe('whatever befalls a VM, through crashes, freezes and lost answers', () => {
  it.each(FAULT_NAMES)(
    '%s: it recovers or a person is called, and once all is well the incident closes',
    (fault) => {
      fc.assert(
        fc.property(
          strikes,
          fc.constantFrom(0, 0.5),
          fc.constantFrom(0, 0.03, 0.1),
          ({ seed, struckMs }, lost, trouble) => {
            const play = playOutage(
              fault,
              { seed, struckMs, lost, trouble },
              ({ stage, machines }, until) => {
                const { state } = stage.placeOf(ID)
                const told = state?.calledPerson !== undefined || state?.lastVerdict?.verdict === 'degraded'
                const calm = machines.isWell(ID, until) || fault.startsWith('guard-')
                must(calm || told, 'liveness', `${fault} goes on and nobody is told`)
              },
            )
            play.stage.play()
            const { state } = play.stage.placeOf(ID)
            expect([state?.phase, state?.incidentId, state?.action]).toEqual([
              'watching',
              undefined,
              undefined,
            ])
          },
        ),
        { numRuns: 12 },
      )
    },
  )
})

describe('a state that was lost and confirmed by a person', () => {
  it("is acted on again at once, though the VM knows a higher fence than the guard's new state", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(playLostState(seed)).toBeLessThan(5)
      }),
      { numRuns: 5 },
    )
  })
})

describe('people who insist, while every answer is lost', () => {
  it.each<Fault>(['vm-freezes', 'workload-exits', 'vm-preempted'])(
    '%s: no order overtakes another',
    (fault) => {
      fc.assert(
        fc.property(strikes, ({ seed, struckMs }) => {
          const play = begin({ seed, lost: 1 })
          strikeAt(play, fault, NOW + struckMs)
          const order = { kind: 'recover', by: 'ada', reason: 'now!', force: true, dryRun: false } as const
          for (let at = NOW + 6 * MINUTE; at < NOW + 20 * MINUTE; at += 15 * SECOND)
            play.stage.at(at, () =>
              play.stage.order(ID, { ...order, action: fault === 'workload-exits' ? 'reboot' : 'auto' }),
            )
          tickEveryMinute(play, 20)
          play.stage.play()
          expect(ordersOf(play)).not.toEqual([])
        }),
        { numRuns: 12 },
      )
    },
  )
})

describe('a target that was given up', () => {
  it('is looked at again every half hour, and mended once that is possible', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(playGivenUp(seed)).toBeLessThan(policy.relookMs / MINUTE + 4)
      }),
      { numRuns: 5 },
    )
  })
})

describe('a budget that is spent', () => {
  it('opens the breaker and calls a person; neither health nor a resume closes it, only its name does', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { starts, breakers, refusals } = playPreemptions(seed)
        expect(starts).toBe(policy.budgets.start.max)
        expect(breakers).toEqual(['open, called', 'open', 'open', 'closed'])
        expect(refusals).toEqual(['breaker-open', undefined])
      }),
      { numRuns: 5 },
    )
  })
})

describe('proof', () => {
  it('an action that is marked proved was carried out', () => {
    const provenBy = (machines: () => Machines): readonly Rule[] => [
      (happening) => {
        if (happening.kind !== 'committed' || !happening.wrote) return
        const { done, mendedAt = 0 } = machines().of(ID, happening.at)
        const proved = happening.decision.incident?.actions.filter(({ status }) => status === 'proved') ?? []
        for (const { id, issuedAt = 0 } of proved)
          must(
            mendedAt >= issuedAt || done.some(({ action }) => action.id === id),
            'rule 9',
            `${id} is proved and never happened`,
          )
      },
    ]
    const faults = fc.array(fc.constantFrom(...FAULT_NAMES), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(strikes, faults, (told, names) => {
        playOutages(names, { ...told, lost: 0.4, trouble: 0.03 }, provenBy).stage.play()
      }),
      { numRuns: 60 },
    )
  })
})
