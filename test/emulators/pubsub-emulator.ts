/** Google's own Pub/Sub emulator, out of the Cloud SDK: found, started and asked by its REST API. It signs no tokens. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'

export type PubSubEmulator = {
  /** A topic whose messages are pushed to `endpoint`; `name` has at least three characters. */
  createPush(options: { readonly name: string; readonly endpoint: string }): Promise<void>
  /** The message's id. */
  publish(topic: string, message: Message): Promise<string>
  close(): Promise<void>
}

export type Message = { readonly attributes: Readonly<Record<string, string>>; readonly data?: string }

const PROJECT = 'pubsub-test'
const START_MS = 30_000
const LOOK_EVERY_MS = 50
const CALL_MS = 10_000
const ACK_SECONDS = 60

/** What is missing, in words; undefined when all is there. */
export function pubSubMissing(): string | undefined {
  const found = findJar()
  return found.kind === 'missing' ? found.what : undefined
}

type Found =
  | { readonly kind: 'jar'; readonly path: string }
  | { readonly kind: 'missing'; readonly what: string }

let found: Found | undefined

function findJar(): Found {
  found ??= lookForJar()
  return found
}

function lookForJar(): Found {
  if (saidBy('java', ['-version']) === undefined) return { kind: 'missing', what: 'java' }
  const root = saidBy('gcloud', ['info', '--format=value(installation.sdk_root)'])
  if (root === undefined) return { kind: 'missing', what: 'gcloud' }
  const directory = join(root, 'platform', 'pubsub-emulator', 'lib')
  const jar = existsSync(directory)
    ? readdirSync(directory).find((name) => name.endsWith('-all.jar'))
    : undefined
  return jar === undefined
    ? { kind: 'missing', what: "gcloud's component pubsub-emulator" }
    : { kind: 'jar', path: join(directory, jar) }
}

/** The first line of what a program says; undefined when it can't be run. */
function saidBy(program: string, words: readonly string[]): string | undefined {
  try {
    const text = execFileSync(program, words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: START_MS,
    })
    return text.trim().split('\n')[0] ?? ''
  } catch {
    return undefined
  }
}

/** Throws when it is not there, or does not start. */
export async function startPubSub(): Promise<PubSubEmulator> {
  const jar = findJar()
  if (jar.kind === 'missing') throw new Error(`The Pub/Sub emulator can't be started: ${jar.what} is missing`)
  const port = await freePort()
  // By the jar: the script beside it would stay between us and the process to be ended.
  const child = spawn('java', ['-jar', jar.path, '--host=127.0.0.1', `--port=${port}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // A test run that is cut short must not leave it behind.
  process.once('exit', () => child.kill('SIGKILL'))
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-4_000)
  })
  const base = `http://127.0.0.1:${port}/v1/projects/${PROJECT}`
  const isUp = () =>
    fetch(`${base}/topics`, { signal: AbortSignal.timeout(CALL_MS) }).then(
      ({ ok }) => ok,
      () => false,
    )
  const endsAt = Date.now() + START_MS
  while (!(await isUp())) {
    if (child.exitCode !== null || Date.now() > endsAt) {
      await end(child)
      throw new Error(`The Pub/Sub emulator did not start: ${said}`)
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  return { ...client(base), close: () => end(child) }
}

function client(base: string): Omit<PubSubEmulator, 'close'> {
  const call = async (method: string, path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_MS),
    })
    if (!answer.ok)
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }
  return {
    async createPush({ name, endpoint }) {
      await call('PUT', `/topics/${name}`, {})
      await call('PUT', `/subscriptions/${name}`, {
        topic: `projects/${PROJECT}/topics/${name}`,
        pushConfig: { pushEndpoint: endpoint },
        ackDeadlineSeconds: ACK_SECONDS,
      })
    },
    async publish(topic, { attributes, data = '{}' }) {
      const message = { attributes, data: Buffer.from(data).toString('base64') }
      const answer = await call('POST', `/topics/${topic}:publish`, { messages: [message] })
      const [id] = (answer as { messageIds: readonly string[] }).messageIds
      return id ?? ''
    },
  }
}

/** The emulator takes no port 0: it would not tell which one it got. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
