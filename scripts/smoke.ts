/**
 * Starts `npm start` as a newcomer would, breaks three things over HTTP and waits until the guard has mended
 * them. What it asks is only what the outside can see; it ends what it started, and exits 1 when one stays broken.
 */
import { spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'

const STARTS_WITHIN_MS = 120_000
const MENDED_WITHIN_MS = 40_000
const LOOK_EVERY_MS = 250

type Seen = { readonly id: string; readonly verdict: string; readonly armed: boolean; readonly phase: string }
type Told = {
  readonly target: string
  readonly actions: readonly { readonly rung: string; readonly status: string }[]
}

const FAULTS = [
  { target: 'bot', fault: 'container-exits', rung: 'restart-workload' },
  { target: 'mailer', fault: 'vm-freezes', rung: 'reset' },
  { target: 'crawler', fault: 'vm-preempted', rung: 'start' },
] as const

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => resolve(true))
  })
  if (free) await new Promise((resolve) => server.close(resolve))
  return free
}

async function until(what: string, withinMs: number, condition: () => Promise<boolean>): Promise<number> {
  const startedAt = Date.now()
  while (Date.now() - startedAt < withinMs) {
    if (await condition()) return (Date.now() - startedAt) / 1000
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  throw new Error(`${what} did not come within ${withinMs / 1000} s`)
}

async function get<Body>(url: string): Promise<Body | undefined> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
  return answer?.ok === true ? ((await answer.json()) as Body) : undefined
}

async function run(base: string): Promise<void> {
  const targets = async () => (await get<{ targets: readonly Seen[] }>(`${base}/api/targets`))?.targets ?? []
  const up = await until(
    'npm start',
    STARTS_WITHIN_MS,
    async () => (await get(`${base}/health`)) !== undefined,
  )
  process.stdout.write(`up after ${up.toFixed(1)} s\n`)
  await until('all healthy and armed', MENDED_WITHIN_MS, async () => {
    const seen = await targets()
    return seen.length === 3 && seen.every(({ armed, verdict }) => armed && verdict === 'healthy')
  })
  for (const { target, fault, rung } of FAULTS) {
    const answer = await fetch(`${base}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ target, fault }),
    })
    if (!answer.ok) throw new Error(`${fault} was not taken: ${answer.status} ${await answer.text()}`)
    const seconds = await until(`recovery from ${fault} by ${rung}`, MENDED_WITHIN_MS, async () => {
      const told = await get<{ incidents: readonly Told[] }>(`${base}/api/incidents?target=${target}`)
      const actions = told?.incidents.flatMap((incident) => incident.actions) ?? []
      const mended = actions.some((action) => action.rung === rung && action.status === 'proved')
      return mended && (await targets()).some(({ id, verdict }) => id === target && verdict === 'healthy')
    })
    process.stdout.write(`${fault} on ${target}: ${rung}, healthy and proved after ${seconds.toFixed(1)} s\n`)
  }
}

const port = await freePort()
const service = spawn('npm', ['start'], {
  env: { ...process.env, PORT: String(port) },
  stdio: ['ignore', 'pipe', 'inherit'],
  // A group of its own: Ctrl-C on a terminal reaches the whole group, not npm alone.
  detached: true,
})
function signalGroup(signal: NodeJS.Signals): void {
  if (service.pid !== undefined && service.exitCode === null) process.kill(-service.pid, signal)
}

const story: string[] = []
service.stdout.on('data', (chunk: Buffer) => story.push(chunk.toString()))
const ended = new Promise<number | string | null>((resolve) =>
  service.once('exit', (code, signal) => resolve(signal ?? code)),
)
let failure: unknown
try {
  await run(`http://127.0.0.1:${port}`)
} catch (error) {
  failure = error
} finally {
  signalGroup('SIGINT')
  const code = await Promise.race([
    ended,
    new Promise<string>((resolve) => setTimeout(resolve, 15_000, 'still up')),
  ])
  // npm itself may die of the signal; the service must have ended before it, and left the port.
  const clean = (code === 0 || code === 'SIGINT') && (await isFree(port))
  if (!clean && failure === undefined) failure = new Error(`Ctrl-C should end it cleanly, and gave ${code}`)
  if (code === 'still up') signalGroup('SIGKILL')
}
if (failure !== undefined) {
  process.stderr.write(`${story.join('')}\nsmoke: ${String(failure)}\n`)
  process.exit(1)
}
process.stdout.write('npm start: three faults mended, ended cleanly\n')
