/** The whole service on embedded defaults: the same createApp and adapters, a simulated world, an embedded scheduler. */
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { systemClock } from '../src/adapters/clock.ts'
import type { FirestoreEndpoint } from '../src/adapters/store/firestore-clients.ts'
import { compose, type Seams } from '../src/compose.ts'
import type { Config } from '../src/config.ts'
import type { Language } from '../src/core/channel.ts'
import { createApp } from '../src/http/app.ts'
import { type Authenticate, createAuthenticate } from '../src/http/auth.ts'
import type { IdentityVerifier } from '../src/ports/identity.ts'
import { OPERATOR_EMAIL, type PolicyChange, SCHEDULER_EMAIL, sandboxConfig } from './config.ts'
import { FAULTS } from './machines/faults.ts'
import { withNetwork, withNetworkShell } from './machines/network.ts'
import type { MachineTiming } from './machines/options.ts'
import { mountSandbox } from './routes.ts'
import { createScheduler } from './scheduler.ts'
import { createStoryJournal } from './story.ts'
import { createWorld, type World } from './world.ts'

export type Sandbox = {
  readonly url: string
  readonly world: World
  close(): Promise<void>
}

export type SandboxOptions = {
  /** 0: one that is free. */
  readonly port: number
  /** `off`: ticks come only from outside. */
  readonly scheduler: 'on' | 'off'
  readonly tell: (line: string) => void
  /** Of the sandbox's own policy, section by section. */
  readonly policy?: PolicyChange
  /** How long the machines' things take. */
  readonly timing?: Partial<MachineTiming>
  /** Another service's world, which is its to close: two services then watch the same machines. */
  readonly world?: World
  /** A file that outlives this service; by default one that goes with it. */
  readonly storePath?: string
  /** `on`: people are told, in the world's chats. */
  readonly alerts?: 'on' | 'off'
  /** Of pages and alerts. */
  readonly language?: Language
  readonly timeZone?: string
  readonly deadManUrl?: string
  /** An emulator to keep the memory in, in place of a file. */
  readonly firestore?: FirestoreEndpoint
  /** Between the guard and the world, as `Seams.wrap`. */
  readonly wrap?: NonNullable<Seams['wrap']>
}

export const AUDIENCE = 'night-guard-sandbox'
const CLOSE_WITHIN_MS = 8_000
/** For the last answers to get out. */
const ANSWERS_WITHIN_MS = 200

/** When it can't start (the port is taken), nothing of it stays behind. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { tell } = options
  // What is opened is closed in the opposite order, at the end or by a failed start.
  await using opened = new AsyncDisposableStack()
  const directory = mkdtempSync(join(tmpdir(), 'night-guard-'))
  opened.defer(() => rmSync(directory, { recursive: true, force: true }))
  const world = options.world ?? (await ownWorld(options))
  if (options.world === undefined) opened.defer(() => world.close())
  let listening: Listening | undefined
  opened.defer(() => listening?.stopServing())
  const { guard, app, everyMs } = buildService(options, { world, directory })
  opened.defer(() => guard.close({ timeoutMs: CLOSE_WITHIN_MS }))
  listening = await listen(app.fetch, options.port)
  const url = `http://127.0.0.1:${listening.port}`
  if (options.scheduler === 'on') {
    const scheduler = createScheduler({
      url,
      everySeconds: everyMs / 1000,
      token: () => world.identity.token({ email: SCHEDULER_EMAIL, audience: AUDIENCE }),
      onTrouble: tell,
    })
    opened.defer(() => scheduler.stop())
  }
  const kept = opened.move()
  return { url, world, close: () => kept.disposeAsync() }
}

function ownWorld({ tell, timing }: SandboxOptions): Promise<World> {
  return createWorld({ onEvent: tell, ...(timing === undefined ? {} : { timing }) })
}

function buildService(options: SandboxOptions, { world, directory }: { world: World; directory: string }) {
  const { tell, policy, firestore, language = 'en', timeZone, wrap = (ports) => ports } = options
  const reader = { language, timeZone: timeZone ?? 'UTC' }
  // Without a zone of its own a page tells times in the browser's.
  const pageReader = timeZone === undefined ? { language } : reader
  const base = sandboxConfig({
    machines: world.machines,
    canaryUrl: world.identity.certsUrl,
    storePath: options.storePath ?? join(directory, 'sandbox.db'),
    audience: AUDIENCE,
    ...(policy === undefined ? {} : { policy }),
    ...(options.alerts === 'on' ? { channels: world.chats.configs(reader) } : {}),
    ...(options.deadManUrl === undefined ? {} : { deadManUrl: options.deadManUrl }),
    language,
    ...(timeZone === undefined ? {} : { timeZone }),
  })
  const config: Config = firestore === undefined ? base : { ...base, store: { kind: 'firestore' } }
  const journal = createStoryJournal(tell)
  const { guard, identity } = compose(config, {
    compute: world.endpoints.compute,
    secretManager: world.endpoints.secretManager,
    chats: world.chats.endpoints,
    ...(firestore === undefined ? {} : { firestore }),
    allowLoopback: true,
    certsUrl: world.identity.certsUrl,
    journal,
    wrap: (ports) =>
      wrap({
        ...ports,
        probe: withNetwork(ports.probe, world.network),
        shell: withNetworkShell(ports.shell, world.network),
      }),
  })
  const app = createApp({
    guard,
    authenticate: sandboxAuthenticate(identity),
    version: 'sandbox',
    journal,
    now: systemClock.now,
    allowedHosts: ['127.0.0.1', 'localhost', '[::1]'],
    connection: getConnInfo,
    project: config.project,
    reader: pageReader,
    mode: config.policy.mode,
    tickEveryMs: config.policy.tick.everyMs,
    ...(config.statusPage === undefined ? {} : { statusPage: config.statusPage }),
    extras: {
      mount: (routes, access) => mountSandbox(routes, access, { world, tell, reader: pageReader }),
      pageNote: 'Sandbox: three simulated VMs. Break something and watch.',
      faults: FAULTS,
    },
  })
  return { guard, app, everyMs: config.policy.tick.everyMs }
}

/** A token counts as anywhere else; without one, who sits at this machine may do everything. By the socket, never by a header. */
function sandboxAuthenticate(verifier: IdentityVerifier): Authenticate {
  const byToken = createAuthenticate({
    mode: 'token',
    roles: { scheduler: [SCHEDULER_EMAIL], pusher: [], operators: [OPERATOR_EMAIL], viewers: [] },
    verifier,
  })
  return async (request) => {
    if (request.headers.has('authorization')) return byToken(request)
    if (!isLoopback(request.remoteAddress)) return { kind: 'none' }
    return { kind: 'identity', email: OPERATOR_EMAIL, grants: ['scheduler', 'pusher', 'viewer', 'operator'] }
  }
}

function isLoopback(address: string | undefined): boolean {
  const plain = address?.replace(/^::ffff:/, '')
  return plain === '::1' || (plain?.startsWith('127.') ?? false)
}

type Listening = { readonly port: number; readonly stopServing: () => Promise<void> }

function listen(fetch: Parameters<typeof serve>[0]['fetch'], port: number) {
  return new Promise<Listening>((resolve, reject) => {
    const server = serve({ fetch, port, hostname: '127.0.0.1' }, (info: AddressInfo) =>
      resolve({
        port: info.port,
        stopServing: () =>
          new Promise((done) => {
            const cut = setTimeout(() => {
              if ('closeAllConnections' in server) server.closeAllConnections()
            }, ANSWERS_WITHIN_MS)
            server.close(() => {
              clearTimeout(cut)
              done()
            })
          }),
      }),
    )
    server.once('error', reject)
  })
}
