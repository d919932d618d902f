/** A real HTTP server on one of the machine's doors, and what the kit says on /health. */
import { createServer, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { LABEL_VERSION } from '../../src/commands/podman.ts'
import { assertNever } from '../../src/core/assert-never.ts'
import type { SecretStore } from './secret-store.ts'
import type { HealthAnswer } from './shell-host.ts'
import type { Vitals } from './vitals.ts'
import type { Workload } from './workload.ts'

export type HealthServerOptions = {
  readonly answer: () => HealthAnswer
  /** How long this request waits for its answer: 0, unless a fault says otherwise. */
  readonly delayMs: () => number
  readonly after: (delayMs: number, task: () => void) => void
}

export type HealthServer = { accept(socket: Socket): void; close(): void }

/** It listens on nothing: its door hands it the connections. */
export function createHealthServer(options: HealthServerOptions): HealthServer {
  const server = createServer((request, response) => {
    if (request.url !== '/health') {
      send(response, { status: 404, body: '404 page not found' })
      return
    }
    const delayMs = options.delayMs()
    if (delayMs === 0) give(response, options.answer())
    else options.after(delayMs, () => give(response, options.answer()))
  })
  return {
    accept: (socket) => server.emit('connection', socket),
    close: () => server.close(),
  }
}

function give(response: ServerResponse, answer: HealthAnswer): void {
  switch (answer.kind) {
    case 'answers':
      send(response, answer)
      return
    case 'refuses':
      // The process went while it was asked: the connection breaks.
      response.destroy()
      return
    case 'hangs':
      return
    default:
      assertNever(answer)
  }
}

function send(response: ServerResponse, { status, body }: { status: number; body: string }): void {
  response.writeHead(status, {
    'content-type': status === 404 ? 'text/plain' : 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

export type KitSees = {
  readonly bootId: string
  readonly uptimeMs: number
  readonly wedged: boolean
  readonly workloads: readonly Workload[]
  readonly vitals: Vitals
  readonly secrets: SecretStore
}

/** The kit's health body: 200, or 503 with the reasons when a workload doesn't work. */
export function kitAnswer(sees: KitSees): HealthAnswer {
  const reasons = sees.wedged ? ['podman does not answer'] : sees.workloads.flatMap(complaintOf)
  const body = {
    kit: 'night-guard/1',
    status: reasons.length === 0 ? 'healthy' : 'failed',
    reasons,
    bootId: sees.bootId,
    uptimeSeconds: Math.floor(sees.uptimeMs / 1_000),
    workloads: sees.workloads.map((workload) => {
      const container = workload.current()
      return {
        unit: workload.options.unit,
        state: workload.state().active,
        ...(container?.health === undefined ? {} : { health: container.health.status }),
        restarts: workload.state().restarts,
        ...(container === undefined ? {} : { startedAt: new Date(container.startedAt).toISOString() }),
      }
    }),
    ...sees.vitals,
    secrets: sees.secrets.all().flatMap(({ name, labels }) => {
      const version = labels[LABEL_VERSION]
      return version === undefined ? [] : [{ name, version }]
    }),
  }
  return { kind: 'answers', status: reasons.length === 0 ? 200 : 503, body: JSON.stringify(body) }
}

function complaintOf(workload: Workload): readonly string[] {
  const { unit } = workload.options
  const { active, sub, result } = workload.state()
  const container = workload.current()
  if (active !== 'active') return [`${unit} is ${active} (${sub}, ${result})`]
  if (container?.hung === true) return [`${unit} does not answer on its port`]
  if (container?.health?.status === 'unhealthy') return [`${unit} is unhealthy`]
  return []
}

/** What a workload's own process says when it answers the URL itself. */
export function processAnswer(workload: Workload): HealthAnswer {
  const container = workload.current()
  if (container === undefined) return { kind: 'refuses' }
  if (container.hung) return { kind: 'hangs' }
  if (container.sick) return { kind: 'answers', status: 503, body: '{"status":"unhealthy"}' }
  return { kind: 'answers', status: 200, body: '{"status":"healthy"}' }
}
