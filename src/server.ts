/** The production entry: configuration, composition, routes, serve, SIGTERM. Exits 2 without a configuration. */
import { readFileSync } from 'node:fs'
import { type ServerType, serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { type Composition, compose, NotSupported } from './compose.ts'
import { type Config, describeProblems, loadConfig, type ParsedConfig, portOf } from './config.ts'
import { createApp } from './http/app.ts'
import { type Authenticate, AuthNotConfigured, createAuthenticate } from './http/auth.ts'
import { checkTurnedAway } from './http/self-check.ts'

const EXIT_NO_PORT = 1
const EXIT_CONFIGURATION = 2
const EXIT_NOT_PRIVATE = 3
/** Cloud Run gives 10 s between SIGTERM and SIGKILL. */
const CLOSE_WITHIN_MS = 7_500
/** For the last answers to get out. */
const ANSWERS_WITHIN_MS = 500
const SELF_CHECK_MS = 10_000
const SELF_CHECK_TIMES = 3
const SELF_CHECK_GAP_MS = 1_000

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}

type ReadConfig = Extract<ParsedConfig, { kind: 'config' }>

function readConfig(): ReadConfig {
  const parsed = loadConfig(process.env)
  if (parsed.kind === 'invalid') fail(describeProblems(parsed), EXIT_CONFIGURATION)
  // On Cloud Run the file system is memory: a SQLite file would forget every budget at each start.
  if (process.env['K_SERVICE'] !== undefined && parsed.config.store.kind === 'sqlite') {
    const message = 'can not be used on Cloud Run, where files do not last'
    fail(describeProblems(parsed.refused([{ path: ['store', 'sqlite'], message }])), EXIT_CONFIGURATION)
  }
  return parsed
}

function readPort(): number {
  const text = process.env['PORT']
  const port = portOf(text)
  if (port === undefined)
    fail(`PORT must be a port's number, not ${JSON.stringify(text)}`, EXIT_CONFIGURATION)
  return port
}

type Parts = { readonly composition: Composition; readonly authenticate: Authenticate }

/** What the configuration asks for and can't be had is the configuration's fault. */
function build({ config, refused }: ReadConfig): Parts {
  try {
    const composition = compose(config)
    return { composition, authenticate: authenticatorFor(config, composition) }
  } catch (error) {
    if (error instanceof NotSupported) fail(describeProblems(refused(error.problems)), EXIT_CONFIGURATION)
    if (error instanceof AuthNotConfigured) fail(error.message, EXIT_CONFIGURATION)
    throw error
  }
}

function authenticatorFor({ auth }: Config, { identity }: Composition): Authenticate {
  const { mode, ...roles } = auth
  return createAuthenticate({ mode, roles, verifier: identity })
}

/** In iam mode unverified claims are believed, so nothing is served before the service is known to be private. */
async function provePrivate({ auth, url }: Config, { journal, clock }: Composition['ports']): Promise<void> {
  if (auth.mode !== 'iam' || url === undefined) return
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await checkTurnedAway({ url, timeoutMs: SELF_CHECK_MS })
    if (outcome.kind === 'private') return
    const message = `auth.mode is iam, and the service is not known to be private: ${outcome.detail}`
    journal.write({ severity: 'CRITICAL', message, fields: { attempt } })
    if (outcome.kind === 'public' || attempt === SELF_CHECK_TIMES) fail(message, EXIT_NOT_PRIVATE)
    await clock.sleep(SELF_CHECK_GAP_MS)
  }
}

/** A store that can't be reached is said at once, not first at the next tick; it may yet come back, so serve on. */
async function lookAtStore({ targets }: Config, { store, journal }: Composition['ports']): Promise<void> {
  const loaded = await store.load(targets.map(({ id }) => id))
  const lost = [...loaded.values()].find(({ kind }) => kind === 'unavailable')
  if (lost?.kind !== 'unavailable') return
  const { detail } = lost
  journal.write({
    severity: 'WARNING',
    message: `The store can't be reached; nothing is done to any target until it can: ${detail}`,
    fields: { detail },
  })
}

function versionOf(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}

function main(): void {
  const read = readConfig()
  const { config } = read
  const port = readPort()
  const { composition, authenticate } = build(read)
  const { guard, ports } = composition
  const { journal, clock } = ports
  void lookAtStore(config, ports)
  const listening = Promise.withResolvers<void>()
  // It must be listening before it asks its own URL.
  const isPrivate = listening.promise.then(() => provePrivate(config, ports))
  const app = createApp({
    guard,
    // What the claims say is believed only once the service is known to be private.
    authenticate: async (request) => {
      await isPrivate
      return authenticate(request)
    },
    version: versionOf(),
    journal,
    now: clock.now,
    connection: getConnInfo,
    project: config.project,
    // Where no zone was named, pages tell times in the browser's own.
    reader: config.reader.timeZone === 'UTC' ? { language: config.reader.language } : config.reader,
    mode: config.policy.mode,
    tickEveryMs: config.policy.tick.everyMs,
    ...(config.statusPage === undefined ? {} : { statusPage: config.statusPage }),
  })
  const server = serve({ fetch: app.fetch, port, hostname: '0.0.0.0' }, (info) => {
    journal.write({
      severity: 'INFO',
      message: `listening on port ${info.port}`,
      fields: { port: info.port },
    })
    listening.resolve()
  })
  server.once('error', (error) => fail(`Port ${port} can't be had: ${error.message}`, EXIT_NO_PORT))
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void end(server, composition))
}

/** What is in flight ends or is handed back, its answers get out, and then the process goes. */
async function end(server: ServerType, { guard, ports }: Composition): Promise<void> {
  const answered = new Promise<void>((resolve) => server.close(() => resolve()))
  await guard.close({ timeoutMs: CLOSE_WITHIN_MS })
  await Promise.race([answered, ports.clock.sleep(ANSWERS_WITHIN_MS)])
  ports.journal.write({ severity: 'INFO', message: 'ended', fields: {} })
  process.exit(0)
}

main()
