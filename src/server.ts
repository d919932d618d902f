/** The production entry: configuration, composition, routes, serve, SIGTERM. Exits 2 without a configuration. */
import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { type Composition, compose } from './compose.ts'
import { type Config, describeProblems, loadConfig } from './config.ts'
import { createApp } from './http/app.ts'
import { type Authenticate, createAuthenticate } from './http/auth.ts'
import { checkTurnedAway } from './http/self-check.ts'

const EXIT_CONFIGURATION = 2
const EXIT_NOT_PRIVATE = 3
/** Cloud Run gives 10 s between SIGTERM and SIGKILL. */
const CLOSE_WITHIN_MS = 8_000
const SELF_CHECK_MS = 10_000
const SELF_CHECK_TIMES = 3

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}

function readConfig(): Config & { readonly auth: NonNullable<Config['auth']> } {
  const parsed = loadConfig(process.env)
  if (parsed.kind === 'invalid') fail(describeProblems(parsed), EXIT_CONFIGURATION)
  const { config } = parsed
  // On Cloud Run the file system is memory: a SQLite file would forget every budget at each start.
  if (process.env['K_SERVICE'] !== undefined && config.store.kind === 'sqlite')
    fail('store.sqlite can not be used on Cloud Run, where files do not last', EXIT_CONFIGURATION)
  if (config.auth === undefined)
    fail('auth is missing: without it nobody could be told apart', EXIT_CONFIGURATION)
  return { ...config, auth: config.auth }
}

function authenticatorFor(config: ReturnType<typeof readConfig>, { identity }: Composition): Authenticate {
  if (identity === undefined)
    fail('auth.audience (or url) is missing: tokens must be made out to this service', EXIT_CONFIGURATION)
  const { mode, ...roles } = config.auth
  return createAuthenticate({ mode, roles, verifier: identity })
}

/** In iam mode unverified claims are believed, so nothing is served before the service is known to be private. */
async function provePrivate(
  config: ReturnType<typeof readConfig>,
  { journal }: Composition['ports'],
): Promise<void> {
  if (config.auth.mode !== 'iam') return
  if (config.url === undefined)
    fail('url is missing: in iam mode the service asks its own URL whether it is private', EXIT_CONFIGURATION)
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await checkTurnedAway({ url: config.url, timeoutMs: SELF_CHECK_MS })
    if (outcome.kind === 'private') return
    const message = `auth.mode is iam, and the service is not known to be private: ${outcome.detail}`
    journal.write({ severity: 'CRITICAL', message, fields: { attempt } })
    if (outcome.kind === 'public' || attempt === SELF_CHECK_TIMES) fail(message, EXIT_NOT_PRIVATE)
  }
}

function versionOf(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}

function main(): void {
  const config = readConfig()
  const composition = compose(config)
  const { guard, ports } = composition
  const { journal, clock } = ports
  const authenticate = authenticatorFor(config, composition)
  const isPrivate = provePrivate(config, ports)
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
  })
  const port = Number(process.env['PORT'] ?? 8080)
  const server = serve({ fetch: app.fetch, port, hostname: '0.0.0.0' }, () =>
    journal.write({ severity: 'INFO', message: `listening on port ${port}`, fields: { port } }),
  )
  const end = async (): Promise<void> => {
    server.close()
    await guard.close({ timeoutMs: CLOSE_WITHIN_MS })
    journal.write({ severity: 'INFO', message: 'ended', fields: {} })
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end())
}

main()
