/**
 * A life: the pure loop of plan and decide, run over a scripted world and a clock that each answer moves on.
 * It mirrors app/watch.ts without ports; `story` tells each run in one line, so that a test reads as a table.
 */
import type { Effect } from '../../src/core/action.ts'
import type { BlackBox, BlackBoxEvidence } from '../../src/core/black-box.ts'
import type { Bucket, Rollup } from '../../src/core/bucket.ts'
import type { Button } from '../../src/core/buttons.ts'
import { decide } from '../../src/core/decide.ts'
import type { Decision } from '../../src/core/decision.ts'
import type {
  EffectResult,
  HeartbeatEvidence,
  HttpEvidence,
  Observation,
  WorkloadsEvidence,
} from '../../src/core/evidence.ts'
import { nothingSeen } from '../../src/core/evidence.ts'
import type { FleetView, Member } from '../../src/core/fleet.ts'
import { memberOf, peersAnswering, viewFleet } from '../../src/core/fleet.ts'
import type { Incident } from '../../src/core/incident.ts'
import type { Notice } from '../../src/core/notice.ts'
import { plan } from '../../src/core/plan.ts'
import type { Policy } from '../../src/core/policy.ts'
import type { Query } from '../../src/core/query.ts'
import type { ReportedAction } from '../../src/core/report.ts'
import type { Recollection, Request } from '../../src/core/request.ts'
import { same } from '../../src/core/same.ts'
import type { Situation } from '../../src/core/situation.ts'
import type { TargetState } from '../../src/core/state.ts'
import type { Target } from '../../src/core/target.ts'
import { readState } from '../../src/schemas/state.ts'
import { armed, NOW, policy, target, unit } from './build.ts'
import type { World } from './world.ts'
import { DONE, wellWorld } from './world.ts'

const A_BOX = [{ kind: 'text', name: 'serial-console', text: 'Kernel panic\n', cut: false }] as const

export type LifeOptions = {
  readonly target?: Target
  readonly policy?: Policy
  readonly state?: TargetState
  readonly world?: Partial<World>
  readonly fleet?: (now: number) => FleetView
  readonly guardStartedAt?: number
  /** What the machine still gives for a black box; by default its console's tail. */
  readonly box?: BlackBoxEvidence['sections'] | 'nothing'
}

export type Run = {
  readonly decision: Decision
  readonly actions: readonly ReportedAction[]
  /** The kinds of each round of questions, those asked side by side joined by `+`. */
  readonly asked: readonly string[]
  /** How often the state or the incident was written. */
  readonly commits: number
  readonly beganAt: number
  readonly endedAt: number
}

/** A commit that changed something, as the store saw it. */
export type Written = { readonly at: number; readonly decision: Decision }

/** Ends a run as a crash would: right before the effect is carried out, or right after. */
export type Crash = 'before-issuing' | 'before-carrying-out' | 'after-carrying-out'

export type Life = ReturnType<typeof createLife>

export function createLife(options: LifeOptions = {}) {
  const world = wellWorld(options.world)
  const rules = options.policy ?? policy
  const watched = options.target ?? target
  const alone = (now: number): FleetView => viewFleet(rules, [{ id: watched.id, gaveUp: false }], now)
  let now = NOW
  let nextTickAt = NOW
  let runs = 0
  let state = options.state ?? armed()
  let incident: Incident | undefined
  let recollection: Recollection = { secretsPolledAt: NOW, sshAskedAt: NOW }
  const notices: Notice[] = []
  const rollups: Rollup[] = []
  const blackBoxes: BlackBox[] = []
  const written: Written[] = []

  function situationOf(
    request: Request,
    observation: Observation,
    deadlineAt: number,
    owner: string,
  ): Situation {
    const fleet = (options.fleet ?? alone)(now)
    return {
      policy: rules,
      target: watched,
      state,
      observation,
      fleet,
      request,
      recollection,
      peersAnswering: peersAnswering(fleet, watched.id),
      moment: { now, deadlineAt, guardStartedAt: options.guardStartedAt ?? NOW - 3_600_000, owner },
      ...(incident === undefined ? {} : { incident }),
    }
  }

  function commit(decision: Decision): boolean {
    const isNews = decision.incident !== undefined && !same(decision.incident, incident)
    const changed = isNews || !same(decision.state, state)
    const { notices: news = [], rollup, blackBox } = decision
    const goesAlong = news.length > 0 || rollup !== undefined || blackBox !== undefined
    // As in app/watch.ts, where nothing changed nothing is written.
    if (goesAlong && !changed) throw new Error('Notices, roll-ups and black boxes go with a change of state')
    notices.push(...news)
    if (rollup !== undefined) rollups.push(rollup)
    if (blackBox !== undefined) blackBoxes.push(blackBox)
    if (changed) written.push({ at: now, decision })
    // What is written must be readable: a state that is not would be taken for lost.
    const read = readState(JSON.parse(JSON.stringify(decision.state)))
    if (read.kind !== 'read') throw new Error(`The state can't be read again: ${JSON.stringify(read)}`)
    state = decision.state
    // What the store would give: the open incident, or the last one while the state names it.
    const named = decision.state.incidentId ?? decision.state.lastIncident?.id
    incident = (decision.incident ?? incident)?.id === named ? (decision.incident ?? incident) : undefined
    return changed
  }

  function run(request: Request, crash?: Crash): Run {
    runs += 1
    const owner = `run-${runs}`
    const beganAt = now
    const deadlineAt = now + rules.tick.deadlineMs
    const actions: ReportedAction[] = []
    const asked: string[] = []
    let commits = 0
    let observation = nothingSeen(now)
    for (let round = 0; round < 50; round += 1) {
      for (;;) {
        const queries = plan(situationOf(request, observation, deadlineAt, owner))
        if (queries.length === 0) break
        world.onAsk(state, world)
        asked.push(queries.map(({ kind }) => kind).join('+'))
        observation = ask(queries, observation)
      }
      const decision = decide(situationOf(request, observation, deadlineAt, owner))
      actions.push(...decision.actions)
      const finish = (): Run => ({ decision, actions, asked, commits, beganAt, endedAt: now })
      remembered(observation, decision, request)
      if ('dryRun' in request && request.dryRun) return finish()
      const issues = decision.next.kind === 'act'
      if (issues && crash === 'before-issuing') return finish()
      if (commit(decision)) commits += 1
      if (decision.next.kind === 'rest' || (issues && crash === 'before-carrying-out')) return finish()
      if (decision.next.kind === 'act') {
        const result = carryOut(decision.next.effect)
        if (crash === 'after-carrying-out') return finish()
        observation = { ...nothingSeen(now), result }
      } else if (observation.result !== undefined) observation = nothingSeen(now)
    }
    throw new Error('the loop did not come to rest')
  }

  function remembered({ ssh, secretVersions }: Observation, decision: Decision, request: Request): void {
    const { unwritten: known, ...rest } = recollection
    // Only a tick measures, at its end.
    const measures = request.kind === 'tick' && !request.dryRun && decision.next.kind === 'rest'
    const unwritten = measures ? decision.unwritten : known
    recollection = {
      ...rest,
      ...(unwritten === undefined ? {} : { unwritten }),
      ...(ssh === undefined ? {} : { sshAskedAt: now }),
      ...(secretVersions === undefined ? {} : { secretsPolledAt: now }),
    }
  }

  function ask(queries: readonly Query[], before: Observation): Observation {
    const startedAt = now
    let endsAt = now
    let observation = before
    for (const query of queries) {
      now = startedAt
      observation = hear(query, observation)
      endsAt = Math.max(endsAt, now)
    }
    now = endsAt
    return queries.some(({ kind }) => kind !== 'http') ? { ...observation, witnessedAt: now } : observation
  }

  function hear(query: Query, observation: Observation): Observation {
    switch (query.kind) {
      case 'http': {
        const heard: HttpEvidence[] = []
        while (heard.length < query.times) {
          now += query.afterMs
          heard.push(probe(query.timeoutMs))
          if (world.http === 'ok') break
        }
        return { ...observation, http: [...observation.http, ...heard] }
      }
      case 'shell':
        return look(query, observation)
      case 'vm':
        now += 200
        return { ...observation, vm: { ...world.vm, at: now - 200 } }
      case 'heartbeat':
        now += 200
        return { ...observation, heartbeat: beat() }
      case 'canary':
        now += 200
        return { ...observation, canary: world.canary }
      case 'black-box':
        now += 200
        if (options.box === 'nothing') return observation
        return { ...observation, blackBox: { at: now, sections: options.box ?? A_BOX } }
      case 'trace':
        now += 200
        return { ...observation, trace: world.trace }
      case 'secret-versions':
        now += 100
        return { ...observation, secretVersions: world.versions }
    }
  }

  function beat(): HeartbeatEvidence {
    if (world.heartbeat !== 'beating') return world.heartbeat
    return { kind: 'seen', at: now - (now % 30_000), bootId: world.facts.bootId }
  }

  function probe(timeoutMs: number): HttpEvidence {
    const durationMs = world.http === 'silent' ? timeoutMs : 20
    const at = now
    now += durationMs
    const kit = world.kit === undefined ? {} : { kit: world.kit }
    switch (world.http) {
      case 'ok':
        return { kind: 'ok', at, durationMs, ...kit }
      case 'bad':
        return { kind: 'answers-bad', at, durationMs, status: 503, detail: 'status 503', ...kit }
      case 'not-asked':
        return { kind: 'not-asked', at, durationMs, detail: 'ENOTFOUND' }
      case 'silent':
      case 'refused':
        return { kind: world.http, at, durationMs }
    }
  }

  function look(
    { questions, connectMs }: Extract<Query, { kind: 'shell' }>,
    before: Observation,
  ): Observation {
    const patient = connectMs > rules.ssh.connectMs
    const durationMs = world.ssh === 'silent' || world.ssh === 'banner-timeout' ? connectMs : 300
    const proved = world.ssh !== 'ok' || world.hostKey === undefined ? {} : { hostKey: world.hostKey }
    const ssh = { kind: world.ssh, at: now, durationMs, ...proved, ...(patient ? { patient } : {}) }
    now += durationMs
    const { ssh: _ssh, facts: _facts, workloads: _workloads, inside: _inside, ...rest } = before
    if (world.ssh !== 'ok') return { ...rest, ssh }
    const present = { kind: 'ok' as const, secrets: world.present }
    return {
      ...rest,
      ssh,
      facts: world.facts,
      ...(questions.workloads ? { workloads: workloads() } : {}),
      ...(questions.inside ? { inside: world.inside } : {}),
      ...(questions.secrets.length > 0 ? { presentSecrets: present } : {}),
    }
  }

  function workloads(): WorkloadsEvidence {
    switch (world.podman) {
      case 'ok':
        return { kind: 'ok', units: world.units }
      case 'wedged':
        return { kind: 'wedged', detail: 'podman ps timed out', units: world.units }
      case 'unreadable':
        return { kind: 'unreadable', detail: 'not JSON' }
    }
  }

  function carryOut(effect: Effect): EffectResult {
    now += 1_000
    if (effect.kind === 'act')
      return {
        kind: 'action',
        actionId: effect.action.id,
        result: world.onAction(effect.action, world),
        at: now,
      }
    const puts = effect.puts.map((put) => {
      const result = world.onPut(put.name)
      if (result.kind === 'done')
        world.present = [
          ...world.present.filter(({ name }) => name !== put.name),
          { name: put.name, source: put.secret, version: put.version },
        ]
      return { put, result }
    })
    return { kind: 'puts', puts, at: now }
  }

  return {
    world,
    get state(): TargetState {
      return state
    },
    set state(next: TargetState) {
      state = next
    },
    /** The open one. */
    get incident(): Incident | undefined {
      return state.incidentId === undefined ? undefined : incident
    },
    get now(): number {
      return now
    },
    /** All that went into the outbox, the day's documents and the store of black boxes, oldest first. */
    notices: notices as readonly Notice[],
    rollups: rollups as readonly Rollup[],
    blackBoxes: blackBoxes as readonly BlackBox[],
    /** Each commit that changed something. */
    written: written as readonly Written[],
    /** The incident that the state names, closed ones too. */
    get book(): Incident | undefined {
      return incident
    },
    get unwritten(): Bucket | undefined {
      return recollection.unwritten
    },
    /** As another tick would find the target in the fleet's view. */
    fleetMember(answers?: boolean): Member {
      return memberOf(watched.id, { state, answers, now })
    },
    /** A button of the newest message with buttons, unless another one is named. */
    press(button: Button, of: { thread?: string; offeredAt?: number; afterMs?: number } = {}): Run {
      const { thread = state.alert?.thread ?? '', offeredAt = state.alert?.offeredAt ?? 0 } = of
      return this.order({ kind: 'press', by: person.by, press: { button, thread, offeredAt } }, of.afterMs)
    },
    /** One tick at the next full minute, or `afterMs` after the last one began. */
    tick(how: { afterMs?: number; crash?: Crash; dryRun?: boolean } = {}): Run {
      if (how.afterMs !== undefined) nextTickAt += how.afterMs - 60_000
      now = Math.max(now, nextTickAt)
      nextTickAt = now + 60_000
      return run({ kind: 'tick', dryRun: how.dryRun ?? false }, how.crash)
    },
    /** So many ticks, a minute apart, each told in a line. */
    ticks(count: number): readonly string[] {
      return Array.from({ length: count }, () => tell(this.tick()))
    },
    /** Between two ticks. */
    order(request: Request, afterMs = 1_000): Run {
      now += afterMs
      return run(request)
    },
    /** Lets time pass without a tick. */
    pass(ms: number): void {
      nextTickAt += ms
    },
    forget(): void {
      recollection = {}
    },
  }
}

/** `verdict cause · phase · what was done`, and the incident's state where one is known. */
export function tell({ decision, actions }: Run): string {
  const { verdict, cause } = decision.verdict
  const done = actions.map(({ rung, result }) => `${rung} ${result}`).join(', ')
  return [
    cause === undefined ? verdict : `${verdict} ${cause}`,
    decision.state.phase,
    ...(done === '' ? [] : [done]),
    ...(decision.incident === undefined ? [] : [`incident ${decision.incident.state}`]),
  ].join(' · ')
}

export const person = { by: 'alice@example.com', reason: 'I say so' }

export function recover(change: Partial<Extract<Request, { kind: 'recover' }>> = {}): Request {
  return { kind: 'recover', action: 'auto', ...person, force: false, dryRun: false, ...change }
}

/** Carries every order out, with this change of the world, and notes its rung. */
export function rungsOf(life: Life, after: Partial<World> = {}): string[] {
  const rungs: string[] = []
  life.world.onAction = ({ rung }, world) => {
    rungs.push(rung)
    Object.assign(world, after)
    return DONE
  }
  return rungs
}

/** `4:03 #2 progress critical: reason`, the time from the life's beginning. */
export function tellNotice({ at, number, kind, severity, reason }: Notice): string {
  return `${tellTime(at)} #${number} ${kind} ${severity}: ${reason}`
}

/** `3:05` after the life's beginning. */
export function tellTime(at: number): string {
  const seconds = Math.round((at - NOW) / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** All that people were told in this life, a line each. */
export function toldIn({ notices }: Life): readonly string[] {
  return notices.map(tellNotice)
}

let invocations = 1

/** The one workload runs, as another invocation than any before: what a restart leaves behind. */
export function restarted(): Partial<World> {
  invocations += 1
  return { http: 'ok', ssh: 'ok', units: [unit({ invocationId: `inv-${invocations}` })] }
}

/** Whatever is ordered mends the workload at once. */
export function mendsAtOnce(life: Life): void {
  life.world.onAction = (_action, world) => {
    Object.assign(world, restarted())
    return DONE
  }
}
