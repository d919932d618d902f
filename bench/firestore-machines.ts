/**
 * Machines that follow a script, and ports of the guard in front of them, on a virtual clock: so that a day of ticks
 * takes seconds. Nothing is asked over a network here but the store, which stage and case bring along.
 */
import type { Ports } from '../src/app/ports.ts'
import type { ActingRung, ActionResult } from '../src/core/action.ts'
import type { HttpEvidence, KitReport, SshEvidence, UnitEvidence, VmEvidence } from '../src/core/evidence.ts'
import type { Target } from '../src/core/target.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { Channel } from '../src/ports/notifier.ts'
import type { ShellLook } from '../src/ports/shell.ts'

/** What is the matter with a machine at a time. */
export type Trouble = 'none' | 'pressure' | 'container-failed' | 'frozen' | 'preempted' | 'ssh-refused'

export type Script = {
  readonly id: string
  trouble(now: number): Trouble
  /** The guard has carried this out. */
  acted?(rung: ActingRung, now: number): void
}

export type VirtualClock = Clock & { moveTo(at: number): void }

/** Sleeping moves it; it never goes back. */
export function createVirtualClock(startAt: number): VirtualClock {
  let now = startAt
  return {
    now: () => now,
    async sleep(ms) {
      now += ms
    },
    moveTo(at) {
      now = Math.max(now, at)
    },
  }
}

const UNIT = 'bot.service'
const ORDER_MS = 4_000
const HEARTBEAT_MS = 30_000

export function targetOf({ id }: Pick<Script, 'id'>): Target {
  return {
    id,
    project: 'my-project',
    zone: 'us-west1-b',
    instance: id,
    health: { url: `http://${id}.example:8080/health`, expect: { status: 200 } },
    ssh: {
      host: `${id}.example`,
      port: 22,
      user: 'nightguard',
      privateKey: { secret: 'key' },
      hostKey: { kind: 'guest-attributes' },
    },
    workloads: [
      {
        unit: UNIT,
        container: 'systemd-bot',
        secrets: [{ secret: 'token', version: 'latest', as: 'bot_token', type: 'mount' }],
      },
    ],
  }
}

type Machine = {
  readonly script: Script
  boots: number
  restarts: number
  /** The last heartbeat that got out. */
  beatAt: number
}

export type WorldPorts = Omit<Ports, 'store' | 'channels' | 'journal'>

export function createWorldPorts(scripts: readonly Script[], clock: VirtualClock): WorldPorts {
  const machines = new Map(scripts.map((script) => [script.id, machineOf(script, clock.now())]))
  const machine = (id: string): Machine => {
    const found = machines.get(id)
    if (found === undefined) throw new Error(`There is no machine ${id}`)
    return found
  }
  const troubleOf = ({ script }: Machine) => script.trouble(clock.now())
  async function carryOut(id: string, rung: ActingRung): Promise<ActionResult> {
    await clock.sleep(ORDER_MS)
    const { script } = machine(id)
    if (rung === 'restart-workload') machine(id).restarts += 1
    else machine(id).boots += 1
    script.acted?.(rung, clock.now())
    return { kind: 'done' }
  }
  let owners = 0
  return {
    clock,
    ids: {
      owner() {
        owners += 1
        return `run-${owners}`
      },
      requestId: (actionId) => actionId,
    },
    probe: {
      health: async ({ url }, { timeoutMs }) =>
        answer(troubleOf(machine(new URL(url).hostname.replace('.example', ''))), clock.now(), timeoutMs),
      reachable: async () => true,
    },
    shell: {
      look: async ({ id }, { inside }) => look(machine(id), { now: clock.now(), inside }),
      restartWorkload: ({ id }) => carryOut(id, 'restart-workload'),
      reboot: ({ id }) => carryOut(id, 'reboot'),
      putSecrets: async (_target, { puts }) =>
        puts.map(({ put: { name } }) => ({ name, result: { kind: 'done' } as const })),
      blackBox: async () => [{ kind: 'text', name: 'memory', text: BOX_TEXT, cut: false }],
    },
    virtualMachine: {
      look: async ({ id }) => seenVm(machine(id), clock.now()),
      heartbeat: async ({ id }) => heartbeat(machine(id), clock.now()),
      hostKeys: async () => ({ kind: 'absent' }),
      power: ({ id }, { verb }) => carryOut(id, verb),
      trace: async () => ({ kind: 'no-trace' }),
      serialTail: async () => ({ kind: 'text', name: 'serial-console', text: BOX_TEXT, cut: false }),
    },
    secretSource: {
      version: async (secret, wanted) => ({ kind: 'version', secret, wanted, version: '1' }),
      access: async () => ({ kind: 'unavailable', detail: 'not needed here', passing: true }),
    },
  }
}

const BOX_TEXT = 'a line of the console, as long as most of them are\n'.repeat(100)

function machineOf(script: Script, now: number): Machine {
  return { script, boots: 1, restarts: 1, beatAt: now }
}

function answer(trouble: Trouble, at: number, timeoutMs: number): HttpEvidence {
  switch (trouble) {
    case 'none':
    case 'ssh-refused':
      return { kind: 'ok', at, durationMs: 12, kit: kit(412) }
    case 'pressure':
      return { kind: 'ok', at, durationMs: 12, kit: kit(760) }
    case 'container-failed':
      return { kind: 'refused', at, durationMs: 3 }
    case 'frozen':
    case 'preempted':
      return { kind: 'silent', at, durationMs: timeoutMs }
  }
}

function kit(usedMb: number): KitReport {
  return {
    status: 'healthy',
    workloads: [{ unit: UNIT, state: 'active', health: 'healthy' }],
    memory: { totalMb: 970, usedMb },
    swap: { totalMb: 2_000, usedMb: 210 },
    memoryStallPercent: 0.4,
    disk: { totalMb: 29_000, usedMb: 7_000 },
  }
}

function look(
  machine: Machine,
  { now, inside }: { readonly now: number; readonly inside: boolean },
): ShellLook {
  const trouble = machine.script.trouble(now)
  const ssh = sshOf(trouble, now)
  if (ssh.kind !== 'ok') return { ssh }
  const fails = trouble === 'container-failed'
  return {
    ssh,
    facts: { bootId: `boot-${machine.boots}`, uptimeMs: 3_600_000, held: false },
    workloads: { kind: 'ok', units: [unit(machine, { fails })] },
    ...(inside
      ? { inside: fails ? { kind: 'fails' as const, detail: 'curl: exit code 7' } : { kind: 'ok' as const } }
      : {}),
    presentSecrets: { kind: 'ok', secrets: [{ name: 'bot_token', source: 'token', version: '1' }] },
  }
}

function sshOf(trouble: Trouble, at: number): SshEvidence {
  if (trouble === 'ssh-refused') return { kind: 'refused', at, durationMs: 3 }
  const silent = trouble === 'frozen' || trouble === 'preempted'
  return silent ? { kind: 'silent', at, durationMs: 10_000 } : { kind: 'ok', at, durationMs: 300 }
}

function unit({ boots, restarts }: Machine, { fails }: { readonly fails: boolean }): UnitEvidence {
  const known = { unit: UNIT, load: 'loaded', invocationId: `inv-${boots}-${restarts}` }
  if (fails) return { ...known, active: 'failed', sub: 'failed', result: 'exit-code' }
  return {
    ...known,
    active: 'active',
    sub: 'running',
    result: 'success',
    container: { id: `c-${boots}-${restarts}`, running: true, health: 'healthy', failingStreak: 0 },
  }
}

function seenVm({ script }: Machine, at: number): VmEvidence {
  const vm = { kind: 'seen', at, instanceId: '42', addresses: ['10.0.0.2'] } as const
  if (script.trouble(at) !== 'preempted') return { ...vm, status: 'RUNNING' }
  const lastStop = { type: 'compute.instances.preempted', by: 'system', at: at - 60_000 }
  return { ...vm, status: 'TERMINATED', lastStop }
}

function heartbeat(machine: Machine, now: number) {
  const trouble = machine.script.trouble(now)
  if (trouble !== 'frozen' && trouble !== 'preempted') machine.beatAt = now - (now % HEARTBEAT_MS)
  return { kind: 'seen', at: machine.beatAt, bootId: `boot-${machine.boots}` } as const
}

/** Two channels, one with buttons that nobody presses. `takes` says whether it gets a message through. */
export function createChannels(takes: (now: number) => boolean, clock: Clock): readonly Channel[] {
  const channel = (id: string): Channel => ({
    id,
    send: async ({ notice }) =>
      takes(clock.now())
        ? { kind: 'sent', receipt: `message-${notice.thread}` }
        : { kind: 'failed', detail: 'no answer' },
    waitsUntil: () => undefined,
  })
  const buttons = {
    presses: async () => ({ kind: 'presses', presses: [] }) as const,
    answer: async () => undefined,
    confirm: async () => undefined,
  }
  return [{ ...channel('telegram:1'), buttons }, channel('slack:C1')]
}
