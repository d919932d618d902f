/**
 * A small VM whose witnesses never contradict each other: power, boots with new boot ids, one workload, a kit that
 * writes a heartbeat, a path that may break. Faults befall it, actions take effect also when their answer is lost.
 */
import type { Action, ActionResult, Effect } from '../../src/core/action.ts'
import type { EffectResult, HttpEvidence, UnitEvidence, VmEvidence } from '../../src/core/evidence.ts'
import type { Query } from '../../src/core/query.ts'
import type { Target } from '../../src/core/target.ts'
import type { Heard } from './drive.ts'
import type { Chance } from './drive-chance.ts'
import type { Fault, GuardPath, Machine } from './drive-faults.ts'
import { befall } from './drive-faults.ts'
import type { World } from './drive-happening.ts'

const BEAT_MS = 30_000

export type MachineOptions = {
  readonly chance: Chance
  /** How often an order's answer is lost: half of those orders are carried out all the same. */
  readonly lost: number
  /** How often one probe goes astray though all is well. */
  readonly blips: number
  /** From power to sshd. */
  readonly bootMinMs?: number
  readonly bootMaxMs: number
}

export type Machines = World & {
  readonly of: (id: string, now: number) => Machine
  readonly strike: (id: string, fault: Fault, now: number) => void
  /** A person mends everything. */
  readonly heal: (id: string, now: number) => void
  readonly isWell: (id: string, now: number) => boolean
}

export function createMachines({
  chance,
  lost,
  blips,
  bootMinMs = 20_000,
  bootMaxMs,
}: MachineOptions): Machines {
  const machines = new Map<string, Machine>()
  const guard: GuardPath = { offline: false, cutOff: false }

  function of(id: string, now: number): Machine {
    const known = machines.get(id)
    if (known !== undefined) return known
    const fresh: Machine = {
      power: 'RUNNING',
      boot: 1,
      upAt: now - 86_400_000,
      pathBroken: false,
      keyRejected: false,
      wedged: false,
      workload: 'running',
      startedAt: now - 86_000_000,
      invocation: 1,
      needs: 'restart',
      failsAs: 'failed',
      fence: 0,
      done: [],
    }
    machines.set(id, fresh)
    return fresh
  }

  const isAlive = ({ power, upAt, frozenAt }: Machine, now: number): boolean =>
    power === 'RUNNING' && frozenAt === undefined && now >= upAt
  const isReached = (machine: Machine, now: number): boolean =>
    isAlive(machine, now) && !machine.pathBroken && !guard.offline && !guard.cutOff
  const isStarting = ({ startedAt }: Machine, now: number): boolean => now < startedAt
  const works = (machine: Machine, now: number): boolean =>
    isAlive(machine, now) && machine.workload === 'running' && !isStarting(machine, now)

  function boot(machine: Machine, now: number): void {
    machine.power = 'RUNNING'
    delete machine.frozenAt
    delete machine.lastActionId
    machine.fence = 0
    machine.boot += 1
    machine.wedged = false
    machine.upAt = now + chance.between(bootMinMs, bootMaxMs)
    if (machine.needs === 'boot') machine.needs = 'restart'
    startWorkload(machine, machine.upAt)
  }

  function startWorkload(machine: Machine, from: number): void {
    machine.invocation += 1
    machine.startedAt = from + chance.between(2_000, 8_000)
    machine.workload = machine.needs === 'restart' ? 'running' : machine.failsAs
  }

  function http(machine: Machine, now: number): HttpEvidence {
    const base = { at: now, durationMs: 10 }
    if (!isReached(machine, now) || chance.happens(blips)) return { ...base, kind: 'silent' }
    if (works(machine, now)) return { ...base, kind: 'ok' }
    return machine.workload === 'hung' ? { ...base, kind: 'silent' } : { ...base, kind: 'refused' }
  }

  function unitOf(machine: Machine, unit: string, now: number): UnitEvidence {
    const base = {
      unit,
      load: 'loaded',
      sub: 'x',
      result: 'success',
      invocationId: `inv-${machine.invocation}`,
    }
    if (isStarting(machine, now)) return { ...base, active: 'activating' }
    if (machine.workload === 'failed') return { ...base, active: 'failed', result: 'exit-code' }
    if (machine.workload === 'stopped') return { ...base, active: 'inactive' }
    return { ...base, active: 'active', container: { id: `c-${machine.invocation}`, running: true } }
  }

  function shell(machine: Machine, target: Target, now: number): Heard {
    const ssh = { at: now, durationMs: 10 }
    if (!isReached(machine, now) || chance.happens(blips)) return { ssh: { ...ssh, kind: 'silent' } }
    if (machine.keyRejected) return { ssh: { ...ssh, kind: 'auth-failed' } }
    const units = target.workloads.map(({ unit }) => unitOf(machine, unit, now))
    return {
      ssh: { ...ssh, kind: 'ok' },
      facts: {
        bootId: `boot-${machine.boot}`,
        uptimeMs: now - machine.upAt + 10_000,
        held: false,
        ...(machine.fence === 0 ? {} : { fence: machine.fence }),
        ...(machine.lastActionId === undefined ? {} : { lastActionId: machine.lastActionId }),
      },
      inside: works(machine, now) ? { kind: 'ok' } : { kind: 'fails', detail: 'nobody answers' },
      workloads: machine.wedged ? { kind: 'wedged', detail: 'timed out', units } : { kind: 'ok', units },
      presentSecrets: { kind: 'ok', secrets: [{ name: 'bot_token', source: 'token', version: '1' }] },
    }
  }

  function vm(machine: Machine, now: number): VmEvidence {
    const { power, lastStop } = machine
    return {
      kind: 'seen',
      at: now,
      status: power,
      instanceId: '42',
      addresses: ['10.0.0.2'],
      ...(power === 'TERMINATED' && lastStop !== undefined ? { lastStop } : {}),
    }
  }

  /** The newest beat that was written: none while it boots, none once it has frozen. */
  function heartbeat(machine: Machine, now: number): Heard {
    const until = Math.min(machine.frozenAt ?? now, now)
    const beats = until < machine.upAt ? -1 : Math.floor((until - machine.upAt) / BEAT_MS)
    if (machine.power === 'RUNNING' && beats < 0)
      return { heartbeat: { kind: 'seen', at: machine.upAt - 120_000, bootId: `boot-${machine.boot - 1}` } }
    const at = machine.power === 'TERMINATED' ? (machine.lastStop?.at ?? 0) : machine.upAt + beats * BEAT_MS
    return { heartbeat: { kind: 'seen', at, bootId: `boot-${machine.boot}` } }
  }

  function hear(target: Target, query: Query, now: number): Heard {
    const machine = of(target.id, now)
    switch (query.kind) {
      case 'http': {
        const heard: HttpEvidence[] = []
        while (heard.length < query.times && heard.at(-1)?.kind !== 'ok') heard.push(http(machine, now))
        return { http: heard }
      }
      case 'shell':
        return shell(machine, target, now)
      case 'vm':
        return { vm: guard.offline ? { kind: 'unavailable', at: now, detail: 'offline' } : vm(machine, now) }
      case 'heartbeat':
        if (guard.cutOff) return { heartbeat: { kind: 'absent' } }
        return guard.offline
          ? { heartbeat: { kind: 'unavailable', detail: 'offline' } }
          : heartbeat(machine, now)
      case 'black-box':
        return { blackBox: { at: now, sections: [] } }
      case 'canary':
        return { canary: { urlsAsked: 3, urlsOk: guard.offline || guard.cutOff ? 0 : 3 } }
      case 'secret-versions':
        return {
          secretVersions: query.uses.map(({ secret, version }) => ({
            kind: 'version',
            secret,
            wanted: version,
            version: '1',
          })),
        }
      case 'trace': {
        if (guard.offline) return { trace: { kind: 'unavailable', detail: 'offline' } }
        const happened = machine.done.some(({ action }) => action.id === query.actionId)
        return { trace: happened ? { kind: 'happened', done: true, detail: '' } : { kind: 'no-trace' } }
      }
    }
  }

  function carryOut(machine: Machine, action: Action, now: number): ActionResult {
    const note = (): ActionResult => {
      machine.done.push({ action, at: now })
      return { kind: 'done' }
    }
    const overSsh = action.rung === 'restart-workload' || action.rung === 'reboot'
    if (overSsh && (!isReached(machine, now) || machine.keyRejected))
      return { kind: 'failed', detail: 'SSH lets nobody in' }
    if (overSsh && action.fence < machine.fence)
      return { kind: 'skipped', detail: `fence ${action.fence}, it has seen ${machine.fence}` }
    if (overSsh) Object.assign(machine, { fence: action.fence, lastActionId: action.id })
    switch (action.rung) {
      case 'restart-workload':
        if (machine.wedged) return { kind: 'unknown', detail: 'Podman hangs' }
        startWorkload(machine, now)
        return note()
      case 'reboot':
        boot(machine, now)
        return note()
      case 'reset':
        if (guard.offline || machine.power !== 'RUNNING')
          return { kind: 'failed', detail: 'it is not RUNNING' }
        boot(machine, now)
        return note()
      case 'start':
      case 'resume':
        if (guard.offline || machine.power !== 'TERMINATED')
          return { kind: 'failed', detail: 'it is not down' }
        boot(machine, now)
        return note()
    }
  }

  return {
    of,
    hear,
    lagMs(target, query, now) {
      const machine = of(target.id, now)
      if (query.kind === 'http') {
        const eachMs = works(machine, now) && isReached(machine, now) ? 50 : query.timeoutMs
        return query.times * (query.afterMs + eachMs)
      }
      if (query.kind === 'shell') return isReached(machine, now) ? 700 : query.connectMs
      return 300
    },
    carryOut(target, effect: Effect, now) {
      const machine = of(target.id, now)
      if (effect.kind === 'put-secrets') {
        const puts = effect.puts.map((put) => ({ put, result: { kind: 'done' as const } }))
        return { result: { kind: 'puts', puts, at: now }, durationMs: 500 }
      }
      const isLost = chance.happens(lost)
      const happens = !isLost || chance.happens(0.5)
      const heard = happens ? carryOut(machine, effect.action, now) : ({ kind: 'done' } as const)
      const result: ActionResult = isLost ? { kind: 'unknown', detail: 'the answer was lost' } : heard
      const answer: EffectResult = { kind: 'action', actionId: effect.action.id, result, at: now }
      return { result: answer, durationMs: isLost ? 8_000 : 2_500 }
    },
    strike(id, fault, now) {
      befall(of(id, now), guard, fault, now)
    },
    heal(id, now) {
      const machine = of(id, now)
      Object.assign(guard, { offline: false, cutOff: false })
      machine.mendedAt = now
      if (machine.power === 'TERMINATED' || machine.frozenAt !== undefined || machine.wedged)
        boot(machine, now)
      Object.assign(machine, { pathBroken: false, keyRejected: false, wedged: false, needs: 'restart' })
      if (machine.workload !== 'running') startWorkload(machine, Math.max(now, machine.upAt))
    },
    isWell: (id, now) =>
      works(of(id, now), now) && !of(id, now).pathBroken && !guard.offline && !guard.cutOff,
  }
}
