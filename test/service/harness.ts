/**
 * The whole service on simulated VMs, ticked by hand and at a test's pace. Everything between the test and the
 * machines is real: HTTP, SSH, Google's client libraries, SQLite. A test's service ends with its test.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { MachineTiming } from '../../sandbox/machines/options.ts'
import type { SimulatedMachine } from '../../sandbox/machines/simulated-machine.ts'
import { type SandboxOptions, startSandbox } from '../../sandbox/sandbox.ts'
import type { World } from '../../sandbox/world.ts'
import type { Ports } from '../../src/app/ports.ts'
import type { Incident } from '../../src/core/incident.ts'
import type { SyncReport, TargetReport, TargetView, TickReport } from '../../src/core/report.ts'
import type { Told } from '../../src/core/told.ts'
import type { JournalEvent } from '../../src/ports/journal.ts'
import type { Problem } from '../../src/schemas/api-problem.ts'

/** Machines that boot and restart within one tick. */
export const TIMING: Partial<MachineTiming> = {
  bootMs: 300,
  haltMs: 60,
  restartMs: 120,
  heartbeatMs: 100,
  restartDelayMs: 20,
  podmanMs: 1,
}

/** What comes by itself (drift, checks, polls) comes never: a test asks for what it wants to see. */
export const POLICY = {
  probe: { timeoutMs: 600, idleTimeoutMs: 300, count: 2, gapMs: 50 },
  ssh: { connectMs: 800, patientConnectMs: 1_000, checkEveryMs: '1h', recheckEveryMs: 50 },
  heartbeat: { freshMs: 400 },
  confirmation: { gapMinMs: 20 },
  guard: { youngMs: 1 },
  verify: { inTickMs: 2_000, gapMs: 40 },
  sync: { pollMs: '1h' },
}

type Sections = Readonly<Record<string, object | string>>

export type ServiceOptions = {
  readonly policy?: Sections
  readonly timing?: Partial<MachineTiming>
  readonly world?: World
  readonly storePath?: string
  readonly wrap?: (ports: Ports) => Ports
} & Partial<Pick<SandboxOptions, 'alerts' | 'deadManUrl' | 'language' | 'timeZone' | 'firestore'>>

export type Answer<Body> = { readonly status: number; readonly type: string | null; readonly body: Body }

export type Service = {
  readonly url: string
  readonly world: World
  readonly storePath: string
  /** What a person reads, and what a log reader gets. */
  readonly story: readonly string[]
  readonly journal: readonly JournalEvent[]
  machine(name: string): SimulatedMachine
  /** The report of one tick; throws when there is none. */
  tick(body?: object): Promise<TickReport>
  sync(body?: object): Promise<SyncReport>
  get<Body>(path: string): Promise<Answer<Body>>
  post<Body>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<Body>>
  order(target: string, verb: string, body: object): Promise<Answer<Ordered & Problem>>
  target(id: string): Promise<TargetView>
  incidents(target: string): Promise<readonly Told<Incident>[]>
  close(): Promise<void>
}

export type Ordered = { readonly report: TargetReport; readonly target: TargetView }

export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const directory = mkdtempSync(join(tmpdir(), 'night-guard-test-'))
  const storePath = options.storePath ?? join(directory, 'test.db')
  const story: string[] = []
  const journal: JournalEvent[] = []
  const wrap = options.wrap ?? ((ports: Ports) => ports)
  const sandbox = await startSandbox({
    port: 0,
    scheduler: 'off',
    tell: (line) => story.push(line),
    policy: merged(POLICY, options.policy ?? {}),
    timing: { ...TIMING, ...options.timing },
    storePath,
    ...passedOn(options),
    wrap: (ports) => wrap({ ...ports, journal: teed(ports.journal, journal) }),
  })
  let ended: Promise<void> | undefined
  const close = (): Promise<void> => {
    ended ??= sandbox.close().then(() => rmSync(directory, { recursive: true, force: true }))
    return ended
  }
  onTestFinished(close)
  const { url, world } = sandbox
  return { url, world, storePath, story, journal, close, ...client(url), ...machinesOf(world) }
}

/** What the sandbox takes as it is. */
function passedOn(options: ServiceOptions): Partial<SandboxOptions> {
  const { world, alerts, deadManUrl, language, timeZone, firestore } = options
  return {
    ...(world === undefined ? {} : { world }),
    ...(alerts === undefined ? {} : { alerts }),
    ...(deadManUrl === undefined ? {} : { deadManUrl }),
    ...(language === undefined ? {} : { language }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(firestore === undefined ? {} : { firestore }),
  }
}

/** A service whose targets are all armed, healthy and in sync. */
export async function startArmed(options: ServiceOptions = {}): Promise<Service> {
  const service = await startService(options)
  await until('all are armed and well', async () => {
    const { targets } = await service.tick()
    const views = await Promise.all(targets.map(({ id }) => service.target(id)))
    const inSync = views.every(({ secrets }) => secrets.every(({ applied }) => applied !== undefined))
    // The first connections compete with the loading of Google's libraries, and may be too late.
    if (!inSync) await service.sync()
    return (
      inSync &&
      views.every(({ armed, verdict, phase }) => armed && verdict === 'healthy' && phase === 'watching')
    )
  })
  return service
}

function merged(policy: Sections, change: Sections): Sections {
  const names = [...new Set([...Object.keys(policy), ...Object.keys(change)])]
  return Object.fromEntries(names.map((name) => [name, mergedSection(policy[name], change[name])]))
}

function mergedSection(known: object | string | undefined, change: object | string | undefined) {
  if (typeof change === 'object') return typeof known === 'object' ? { ...known, ...change } : change
  return change ?? known ?? {}
}

function teed(journal: Ports['journal'], events: JournalEvent[]): Ports['journal'] {
  return {
    write(event) {
      events.push(event)
      journal.write(event)
    },
  }
}

function machinesOf(world: World) {
  return {
    machine(name: string): SimulatedMachine {
      const found = world.machines.find((machine) => machine.name === name)
      if (found === undefined) throw new Error(`The world has no machine ${name}`)
      return found
    },
  }
}

function client(url: string) {
  async function ask<Body>(path: string, init: RequestInit): Promise<Answer<Body>> {
    const answer = await fetch(`${url}${path}`, init)
    const text = await answer.text()
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      body: text === '' ? (undefined as Body) : (JSON.parse(text) as Body),
    }
  }
  const get = <Body>(path: string) => ask<Body>(path, {})
  const post = <Body>(path: string, body?: unknown, headers: Record<string, string> = {}) =>
    ask<Body>(path, {
      method: 'POST',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  async function report<Body>(path: string, body: object | undefined): Promise<Body> {
    const answer = await post<Body>(path, body)
    if (answer.status !== 200)
      throw new Error(`${path} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  return {
    get,
    post,
    tick: (body?: object) => report<TickReport>('/tick', body),
    sync: (body?: object) => report<SyncReport>('/sync', body),
    order: (target: string, verb: string, body: object) =>
      post<Ordered & Problem>(`/api/targets/${target}/${verb}`, body),
    async target(id: string): Promise<TargetView> {
      return (await get<TargetView>(`/api/targets/${id}`)).body
    },
    async incidents(target: string): Promise<readonly Told<Incident>[]> {
      return (await get<{ incidents: readonly Told<Incident>[] }>(`/api/incidents?target=${target}`)).body
        .incidents
    },
  }
}

const WAIT_MS = 40_000
const LOOK_EVERY_MS = 10

/** Looks until the condition holds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = Date.now() + WAIT_MS
  while (!(await condition())) {
    if (Date.now() > endsAt) throw new Error(`In vain waited for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** One target's line of a report. */
export function lineOf(report: Pick<TickReport, 'targets'>, id: string): TargetReport {
  const found = report.targets.find((target) => target.id === id)
  if (found === undefined) throw new Error(`The report has no ${id}`)
  return found
}

/** Ticks until the target's line is as wanted, and gives that line. */
export async function tickUntil(
  service: Service,
  { target, what }: { target: string; what: string },
  wanted: (line: TargetReport) => boolean,
): Promise<TargetReport> {
  let line: TargetReport | undefined
  await until(`${target} ${what}`, async () => {
    line = lineOf(await service.tick(), target)
    return wanted(line)
  })
  if (line === undefined) throw new Error('There was no tick')
  return line
}

/** Figures that differ from run to run. */
export const aDuration = expect.stringMatching(/^\d+ ms$/)
export const aTime = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)

/** A target that nothing is wrong with. */
export function healthyLine(id: string): TargetReport {
  return {
    id,
    verdict: 'healthy',
    reason: 'the health endpoint answers as it should',
    phase: 'watching',
    evidence: { http: { kind: 'ok', detail: aDuration } },
    actions: [],
  }
}
