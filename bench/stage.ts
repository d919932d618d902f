/**
 * A world, and services that watch it: what the benchmarks of a tick have in common. A service begins on a store
 * whose targets are armed and in sync already, as after any restart; arming costs Compute calls, once in a life.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { z } from 'zod'
import { type Child, startChild } from './child.ts'
import { AUDIENCE, askedSchema, configText, SCHEDULER_EMAIL, type SecretsMode, worldSchema } from './fleet.ts'

/** Ticks until nothing is written any more: arming, the first sync, and whatever is new on a first day. */
const SETTLING_TICKS_MAX = 20
const QUIET_TICKS = 3

/**
 * `plain` is how it runs here: from source, Node's own settings. `tuned` is what an image can do without a build:
 * a compile cache that is filled, so that nothing is stripped of types, and a young generation of 1 MB.
 */
export type Runtime = 'plain' | 'tuned'
export type Watch = { readonly targets: number; readonly secrets: SecretsMode; readonly runtime: Runtime }

const countedSchema = z.object({
  cpuMs: z.array(z.number()),
  loads: z.int(),
  commits: z.int(),
  rssBytes: z.int(),
})
export type Counted = z.infer<typeof countedSchema>

const reportSchema = z.object({
  targets: z.array(z.object({ verdict: z.string(), actions: z.array(z.unknown()) })),
})

export type Service = {
  /** Wall time of `POST /tick` in ms; throws unless every target was healthy and nothing was done. */
  tick(): Promise<number>
  counted(): Promise<Counted>
  loaded(): Promise<readonly string[]>
  end(): Promise<void>
}

export type Stage = Awaited<ReturnType<typeof openStage>>

export async function openStage(options: { readonly machines: number }) {
  const directory = mkdtempSync(join(tmpdir(), 'night-guard-bench-'))
  const worldChild = startChild('./world.ts')
  const world = await worldChild.ask('open', options, worldSchema)
  const token = await worldChild.ask('token', { email: SCHEDULER_EMAIL, audience: AUDIENCE }, z.string())
  let stores = 0

  async function serve(watch: Watch, storePath: string, preload?: string): Promise<Service> {
    const child = startChild('./service.ts', {
      stdoutPath: join(directory, 'journal.log'),
      ...(preload === undefined ? {} : { preload }),
      ...(watch.runtime === 'tuned' ? { env: tunedEnv(directory) } : {}),
    })
    return open(child, { targets: watch.targets, config: configText(world, { ...watch, storePath }) })
  }

  async function open(
    child: Child,
    { targets, config }: { readonly targets: number; readonly config: string },
  ): Promise<Service> {
    const { computePort, secretManagerPort, certsUrl } = world
    const input = { config, computePort, secretManagerPort, certsUrl }
    const { url } = await child.ask('open', input, z.object({ url: z.string() }))
    return serviceOf(child, { url, token, targets })
  }

  return {
    world,
    asked: () => worldChild.ask('asked', undefined, askedSchema),
    /** `preload` is a module of this directory that the service's process loads first. */
    async startService(watch: Watch, { preload }: { readonly preload?: string } = {}): Promise<Service> {
      stores += 1
      const storePath = join(directory, `store-${stores}.db`)
      const first = await serve(watch, storePath)
      await settle(first)
      await first.end()
      return serve(watch, storePath, preload)
    },
    /** A fleet of other endpoints than the world's machines, on a store that knows them already. */
    async serveFleet(fleet: {
      readonly targets: number
      readonly config: (storePath: string) => string
      readonly fill: (storePath: string, config: string) => Promise<void>
    }): Promise<Service> {
      const storePath = join(directory, 'fleet.db')
      const config = fleet.config(storePath)
      await fleet.fill(storePath, config)
      const child = startChild('./service.ts', { stdoutPath: join(directory, 'journal.log') })
      return open(child, { targets: fleet.targets, config })
    },
    async end() {
      await worldChild.end()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function tunedEnv(directory: string): Readonly<Record<string, string>> {
  return {
    NODE_COMPILE_CACHE: join(directory, 'compile-cache'),
    NODE_OPTIONS: '--max-semi-space-size=1',
  }
}

function serviceOf(
  child: Child,
  { url, token, targets }: { readonly url: string; readonly token: string; readonly targets: number },
): Service {
  // One connection that is kept, as a load balancer keeps its own.
  const dispatcher = new Agent({ connections: 1 })
  return {
    async tick() {
      const startedAt = performance.now()
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const answer = await request(`${url}/tick`, { method: 'POST', headers, body: '{}', dispatcher })
      const body = await answer.body.json()
      const wallMs = performance.now() - startedAt
      checkHealthy(answer.statusCode, body, targets)
      return wallMs
    },
    counted: () => child.ask('counted', undefined, countedSchema),
    loaded: () => child.ask('loaded', undefined, z.array(z.string())),
    async end() {
      await dispatcher.close()
      await child.ask('close', undefined, z.unknown())
      await child.end()
    },
  }
}

function checkHealthy(status: number, body: unknown, targets: number): void {
  if (status !== 200) throw new Error(`POST /tick answered ${status}: ${JSON.stringify(body)}`)
  const report = reportSchema.parse(body)
  const healthy = report.targets.every(
    ({ verdict, actions }) => verdict === 'healthy' && actions.length === 0,
  )
  if (report.targets.length !== targets || !healthy) {
    throw new Error(`The tick was to find ${targets} healthy targets: ${JSON.stringify(body)}`)
  }
}

async function settle(service: Service): Promise<void> {
  let { commits } = await service.counted()
  let quiet = 0
  for (let tick = 0; tick < SETTLING_TICKS_MAX; tick += 1) {
    await service.tick()
    const counted = await service.counted()
    quiet = counted.commits === commits ? quiet + 1 : 0
    commits = counted.commits
    if (quiet === QUIET_TICKS) return
  }
  throw new Error(`The store was still written to after ${SETTLING_TICKS_MAX} healthy ticks`)
}
