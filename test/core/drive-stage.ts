/**
 * The stage: a compare-and-swap store, a clock that only events move, and runs of the loop that are interleaved,
 * frozen and killed by chance. What the world answers is a World's business, what must hold a Rule's (drive-happening.ts).
 */
import type { Effect } from '../../src/core/action.ts'
import type { EffectResult } from '../../src/core/evidence.ts'
import type { FleetView, Member } from '../../src/core/fleet.ts'
import { memberOf, viewFleet } from '../../src/core/fleet.ts'
import type { Moment, Recollection, Request } from '../../src/core/request.ts'
import { newState } from '../../src/core/state-new.ts'
import type { Answer, Ended, Run, Step } from './drive.ts'
import { driveWatch } from './drive.ts'

import type { Happening, Live, Place, Process, StageOptions, Tick } from './drive-happening.ts'
import { NO_TROUBLE } from './drive-happening.ts'

export type Stage = ReturnType<typeof createStage>

export function createStage({
  chance,
  policy,
  targets,
  world,
  rules,
  trouble,
  startAt,
  commitMaxMs = 300,
}: StageOptions) {
  const places = new Map<string, Place>(
    targets.map((target) => [target.id, { target, version: null, incidents: new Map() }]),
  )
  const happenings: Happening[] = []
  const queue: { readonly at: number; readonly tie: number; readonly go: () => void }[] = []
  let troubles = trouble
  let now = startAt
  let owners = 0
  let process: Process = { startedAt: startAt, recollections: new Map() }

  function placeOf(id: string): Place {
    const place = places.get(id)
    if (place === undefined) throw new Error(`No target ${id}`)
    return place
  }

  function at(when: number, go: () => void): void {
    queue.push({ at: when, tie: chance.next(), go })
  }

  /** Goes on until nothing is left to happen. */
  function play(): void {
    while (queue.length > 0) {
      let first = 0
      for (let index = 1; index < queue.length; index += 1) {
        const one = queue[index]
        const best = queue[first]
        if (one && best && (one.at < best.at || (one.at === best.at && one.tie < best.tie))) first = index
      }
      const [next] = queue.splice(first, 1)
      if (next === undefined) return
      now = Math.max(now, next.at)
      next.go()
    }
  }

  function tell(happening: Happening): void {
    happenings.push(happening)
    const place = placeOf(happening.target)
    for (const rule of rules) rule(happening, place)
  }

  function load(place: Place): Pick<Run, 'state' | 'version' | 'incident'> {
    const { state, version, target } = place
    if (state === undefined)
      return { state: newState(target, place.incidents.size > 0 ? 'state-lost' : 'new', now), version }
    const incident = place.incidents.get(state.incidentId ?? state.lastIncident?.id ?? '')
    return { state, version, ...(incident === undefined ? {} : { incident }) }
  }

  function begin(place: Place, request: Request, tick: Tick, fleet?: FleetView): Live {
    owners += 1
    const owner = `run-${owners}`
    const home = process
    const deadlineAt = now + policy.tick.deadlineMs
    const moment = (): Moment => ({ now, deadlineAt, guardStartedAt: home.startedAt, owner })
    const run: Run = {
      ...load(place),
      target: place.target,
      policy,
      request,
      moment,
      recollection: home.recollections.get(place.target.id) ?? {},
      ...(fleet === undefined ? {} : { fleet }),
    }
    tick.runs += 1
    return { owner, beganAt: now, run, process: home, generator: driveWatch(run), tick }
  }

  function goOn(live: Live, answer?: Answer): void {
    if (live.tick.dead) return
    const step = answer === undefined ? live.generator.next() : live.generator.next(answer)
    if (step.done === true) finish(live, step.value)
    else takeUp(live, step.value)
  }

  function finish(live: Live, { observation, decision, lost }: Ended): void {
    const id = live.run.target.id
    const { unwritten: known, ...before } = live.process.recollections.get(id) ?? {}
    const unwritten = lost || live.run.request.kind !== 'tick' ? known : decision.unwritten
    const polled = observation.secretVersions !== undefined || decision.secrets !== undefined
    live.process.recollections.set(id, {
      ...before,
      ...(unwritten === undefined ? {} : { unwritten }),
      ...(polled ? { secretsPolledAt: now } : {}),
      ...(live.heardAt === undefined ? {} : { sshAskedAt: live.heardAt }),
    })
    live.tick.runs -= 1
    gather(live.tick)
  }

  /** A step is carried out after a while, and its answer comes back after another; either may be the last thing. */
  function takeUp(live: Live, step: Step): void {
    if (step.kind === 'fleet') {
      live.tick.waiting.push({ live, answers: step.answers })
      gather(live.tick)
      return
    }
    // Most freezes end while the run's deadline still stands, where they can do most harm.
    const freezeMs = chance.happens(0.7) ? chance.between(5_000, 45_000) : chance.between(45_000, 200_000)
    const frozenMs = chance.happens(troubles.freezes) ? freezeMs : 0
    const dies = chance.happens(troubles.crashes) ? chance.pick(['before', 'after'] as const) : undefined
    at(now + lagOf(live, step) + frozenMs, () => {
      if (live.tick.dead || dies === 'before') {
        live.tick.dead = true
        return
      }
      const answered = carryOut(live, step)
      if (dies === 'after') live.tick.dead = true
      at(now + answered.afterMs, () => {
        if (live.tick.dead) return
        if (answered.answer.kind === 'result')
          tell({
            kind: 'returned',
            at: now,
            target: live.run.target.id,
            live,
            result: answered.answer.result,
          })
        goOn(live, answered.answer)
      })
    })
  }

  function lagOf(live: Live, step: Exclude<Step, { kind: 'fleet' }>): number {
    if (step.kind !== 'ask') return chance.below(commitMaxMs)
    const { lagMs } = world
    if (lagMs !== undefined)
      return Math.max(...step.queries.map((query) => lagMs(live.run.target, query, now)))
    const waitsMs = step.queries.map((query) => (query.kind === 'http' ? query.times * query.afterMs : 0))
    const slow = step.queries.some(({ kind }) => kind !== 'http')
    const answersMs = chance.happens(0.5) ? chance.below(200) : chance.below(slow ? 24_000 : 5_000)
    return Math.max(answersMs, ...waitsMs)
  }

  function carryOut(live: Live, step: Exclude<Step, { kind: 'fleet' }>): { answer: Answer; afterMs: number } {
    const { target } = live.run
    switch (step.kind) {
      case 'ask': {
        const heard = step.queries.map((query) => world.hear(target, query, now))
        if (step.queries.some(({ kind }) => kind !== 'http')) live.heardAt = now
        tell({ kind: 'heard', at: now, target: target.id, live, queries: step.queries, heard })
        return { answer: { kind: 'heard', heard }, afterMs: 0 }
      }
      case 'commit':
        return { answer: commit(live, step), afterMs: chance.below(commitMaxMs) }
      case 'load': {
        const place = placeOf(target.id)
        const book = place.state === undefined ? undefined : load(place)
        return { answer: { kind: 'loaded', book }, afterMs: 0 }
      }
      case 'effect':
        return perform(live, step)
    }
  }

  function commit(live: Live, step: Extract<Step, { kind: 'commit' }>): Answer {
    const place = placeOf(live.run.target.id)
    const { decision, situation } = step
    const told = { at: now, target: place.target.id, live }
    if (step.unchanged) {
      tell({ kind: 'committed', ...told, situation, decision, wrote: false })
      return { kind: 'committed', version: step.expected }
    }
    if (place.version !== step.expected) {
      tell({ kind: 'conflict', ...told })
      return { kind: 'conflict' }
    }
    // The store is down for this one, or its answer is lost on the way back.
    const lost = chance.happens(troubles.losses) ? chance.pick(['order', 'answer'] as const) : undefined
    if (lost === 'order') return { kind: 'unavailable' }
    place.version = (place.version ?? 0) + 1
    place.state = decision.state
    if (decision.incident !== undefined) place.incidents.set(decision.incident.id, decision.incident)
    tell({ kind: 'committed', ...told, situation, decision, wrote: true })
    return lost === 'answer' ? { kind: 'unavailable' } : { kind: 'committed', version: place.version }
  }

  /** As src/app/execute.ts: an order whose lease has nearly ended is not given. */
  function perform(
    live: Live,
    { effect, lease }: Extract<Step, { kind: 'effect' }>,
  ): { answer: Answer; afterMs: number } {
    const { target } = live.run
    const told = { at: now, target: target.id, live, effect }
    const stands = lease !== undefined && lease.expiresAt - now >= policy.lease.issueRemainingMs
    if (!stands) {
      tell({ kind: 'too-late', ...told })
      return { answer: { kind: 'result', result: skipped(effect, now) }, afterMs: 0 }
    }
    const { result, durationMs } = world.carryOut(target, effect, now)
    tell({ kind: 'called', ...told, until: now + durationMs })
    return { answer: { kind: 'result', result: { ...result, at: now + durationMs } }, afterMs: durationMs }
  }

  /** Once every run of a tick has had its first look, the fleet's view is worked out and all go their ways. */
  function gather(tick: Tick): void {
    if (tick.dead || tick.waiting.length === 0 || tick.waiting.length < tick.runs) return
    const members = [...places.values()].map((place): Member => {
      const first = tick.waiting.find(({ live }) => live.run.target.id === place.target.id)
      return memberOf(place.target.id, {
        state: first?.live.run.state ?? place.state,
        answers: first?.answers,
        now,
      })
    })
    const fleet = viewFleet(policy, members, now)
    const ready = tick.waiting.splice(0)
    for (const { live } of ready) goOn(live, { kind: 'fleet', fleet })
  }

  function fleetNow(): FleetView {
    const members = [...places.values()].map(({ target, state }) =>
      memberOf(target.id, { state, answers: undefined, now }),
    )
    return viewFleet(policy, members, now)
  }

  return {
    at,
    play,
    placeOf,
    happenings: happenings as readonly Happening[],
    now: () => now,
    /** What the present process remembers of the target. */
    recollection: (id: string): Recollection | undefined => process.recollections.get(id),
    calm(): void {
      troubles = NO_TROUBLE
    },
    tick(): void {
      const tick: Tick = { dead: false, waiting: [], runs: 0 }
      const lives = [...places.values()].map((place) => begin(place, { kind: 'tick', dryRun: false }, tick))
      for (const live of lives) goOn(live)
    },
    order(id: string, request: Exclude<Request, { kind: 'tick' }>): void {
      goOn(begin(placeOf(id), request, { dead: false, waiting: [], runs: 0 }, fleetNow()))
    },
    restart(): void {
      process = { startedAt: now, recollections: new Map() }
    },
    loseState(id: string): void {
      const place = placeOf(id)
      if (place.state === undefined || place.incidents.size === 0) return
      delete place.state
      place.version = null
      tell({ kind: 'state-lost', at: now, target: id })
    },
  }
}

function skipped(effect: Effect, at: number): EffectResult {
  const result = {
    kind: 'skipped',
    detail: 'the lease had nearly ended before the order could be given',
  } as const
  if (effect.kind === 'act') return { kind: 'action', actionId: effect.action.id, result, at }
  return { kind: 'puts', puts: effect.puts.map((put) => ({ put, result })), at }
}
