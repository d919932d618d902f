/**
 * A program: the service as src/server.ts builds it, but that loopback addresses may be watched and Google's APIs
 * are the bench's world. It counts its own CPU time and the store's calls; who ticks it is the parent's business.
 */
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { z } from 'zod'
import { compose, type Seams } from '../src/compose.ts'
import { describeProblems, parseConfig } from '../src/config.ts'
import { createApp } from '../src/http/app.ts'
import { createAuthenticate } from '../src/http/auth.ts'
import type { Store } from '../src/ports/store.ts'
import { answerParent } from './child.ts'

const CLOSE_WITHIN_MS = 2_000
const MICROSECONDS_PER_MS = 1_000

const openSchema = z.object({
  config: z.string(),
  computePort: z.int(),
  secretManagerPort: z.int(),
  certsUrl: z.string(),
})
type OpenInput = z.infer<typeof openSchema>

const counts = { loads: 0, commits: 0 }
/** This process's CPU time at the beginning of each tick; the one at the next beginning holds all that it cost. */
let cpuMarksMs: number[] = []
let close = async (): Promise<void> => undefined

function cpuNowMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / MICROSECONDS_PER_MS
}

function counted(store: Store): Store {
  return {
    ...store,
    load(targets) {
      counts.loads += 1
      return store.load(targets)
    },
    commit(commit) {
      counts.commits += 1
      return store.commit(commit)
    },
  }
}

function open(input: OpenInput): Promise<{ readonly url: string }> {
  const parsed = parseConfig(input.config, { source: 'the bench' })
  if (parsed.kind === 'invalid') throw new Error(describeProblems(parsed))
  const { config } = parsed
  const at = (port: number) => ({ apiEndpoint: '127.0.0.1', port, protocol: 'http' }) as const
  const seams: Seams = {
    compute: at(input.computePort),
    secretManager: at(input.secretManagerPort),
    certsUrl: input.certsUrl,
    allowLoopback: true,
    wrap: (ports) => ({ ...ports, store: counted(ports.store) }),
  }
  const { guard, ports, identity } = compose(config, seams)
  const { mode, ...roles } = config.auth
  const app = createApp({
    guard,
    authenticate: createAuthenticate({ mode, roles, verifier: identity }),
    version: 'bench',
    journal: ports.journal,
    now: ports.clock.now,
    connection: getConnInfo,
    project: config.project,
  })
  const fetch: typeof app.fetch = (...request) => {
    cpuMarksMs.push(cpuNowMs())
    return app.fetch(...request)
  }
  return new Promise((resolve) => {
    const server = serve({ fetch, port: 0, hostname: '127.0.0.1' }, ({ port }: AddressInfo) =>
      resolve({ url: `http://127.0.0.1:${port}` }),
    )
    close = async () => {
      server.close()
      await guard.close({ timeoutMs: CLOSE_WITHIN_MS })
    }
  })
}

answerParent({
  open: (input) => open(openSchema.parse(input)),
  /** The CPU time of each tick since the last asking, and what has been counted since the beginning. */
  counted() {
    const marks = [...cpuMarksMs, cpuNowMs()]
    cpuMarksMs = []
    const cpuMs = marks.slice(1).map((mark, index) => mark - (marks[index] ?? mark))
    return { cpuMs, ...counts, rssBytes: process.memoryUsage.rss() }
  },
  /** Complete only when the recorder was preloaded. */
  async loaded() {
    const { loadedModules } = await import('./loaded-modules.ts')
    return loadedModules(createRequire(import.meta.url))
  },
  close: () => close(),
})
