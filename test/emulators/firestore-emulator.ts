/**
 * The official Firestore emulator, for tests: a Java program that comes with the Cloud SDK. Where it is not installed
 * there is a reason to skip by, which belongs into the name of what is skipped.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, realpathSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import type { FirestoreEndpoint } from '../../src/adapters/store/firestore-clients.ts'

const MAIN_CLASS = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore'
const LOOPBACK = '127.0.0.1'
const START_TIMEOUT_MS = 60_000
const STARTS_MAX = 3
const OUTPUT_MAX = 10_000

export type FoundEmulator =
  | { readonly kind: 'found'; readonly jar: string }
  | { readonly kind: 'missing'; readonly reason: string }

export type FirestoreEmulator = FirestoreEndpoint & { stop(): Promise<void> }

/** One emulator for all that `tests` describes; without one they are skipped, and their name says why. */
export function describeOnFirestore(name: string, tests: (emulator: () => FirestoreEmulator) => void): void {
  const found = findFirestoreEmulator()
  if (found.kind === 'missing') {
    describe.skip(`${name} (SKIPPED, no Firestore emulator: ${found.reason})`, () => tests(noEmulator))
    return
  }
  describe(name, () => {
    let emulator: FirestoreEmulator | undefined
    beforeAll(async () => {
      emulator = await startFirestoreEmulator(found.jar)
    }, 2 * START_TIMEOUT_MS)
    afterAll(() => emulator?.stop())
    tests(() => emulator ?? noEmulator())
  })
}

function noEmulator(): never {
  throw new Error('The emulator does not run')
}

let projects = 0
/** Each project has a database of its own in the emulator. */
export function freshProject(): string {
  projects += 1
  return `night-guard-${process.pid}-${projects}`
}

export function findFirestoreEmulator(): FoundEmulator {
  if (pathOf('java') === undefined) return { kind: 'missing', reason: 'there is no java' }
  const gcloud = pathOf('gcloud')
  if (gcloud === undefined) return { kind: 'missing', reason: 'there is no gcloud' }
  const jar = jarUnder(dirname(dirname(realpathSync(gcloud)))) ?? jarUnder(rootThatGcloudSays(gcloud))
  if (jar !== undefined) return { kind: 'found', jar }
  return { kind: 'missing', reason: 'gcloud lacks its component cloud-firestore-emulator' }
}

function pathOf(program: string): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(':').filter((directory) => directory !== '')
  return directories.map((directory) => join(directory, program)).find((path) => existsSync(path))
}

function jarUnder(root: string): string | undefined {
  return root === '' ? undefined : globSync(join(root, 'platform/cloud-firestore-emulator/*.jar'))[0]
}

/** Slow: for a gcloud that is a wrapper somewhere else. */
function rootThatGcloudSays(gcloud: string): string {
  const asked = spawnSync(gcloud, ['info', '--format=value(installation.sdk_root)'], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  return asked.status === 0 ? asked.stdout.trim() : ''
}

/** On a port that was free; when somebody was quicker there, on another. `stop()` ends it, and waits until it is gone. */
export async function startFirestoreEmulator(jar: string): Promise<FirestoreEmulator> {
  for (let round = 1; ; round += 1) {
    try {
      return await startOn(await freePort(), jar)
    } catch (error) {
      if (round === STARTS_MAX) throw error
    }
  }
}

/** The emulator takes no port 0. */
async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function startOn(port: number, jar: string): Promise<FirestoreEmulator> {
  // Small and quick to start: it serves one test file.
  const options = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', jar]
  const child = spawn('java', [...options, MAIN_CLASS, 'start', '--host', LOOPBACK, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // A test run that is cut short must not leave it behind.
  process.once('exit', () => child.kill('SIGKILL'))
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const stop = async () => {
    child.kill('SIGKILL')
    await gone
  }
  try {
    await running(child, gone)
    return { host: LOOPBACK, port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** It says so, once it listens. */
async function running(child: ChildProcess, gone: Promise<void>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let output = ''
  const fail = (why: string) => reject(new Error(`The Firestore emulator ${why}: ${output}`))
  const hear = (chunk: Buffer) => {
    if (output.length < OUTPUT_MAX) output += chunk.toString()
    if (output.includes('is now running')) resolve()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const timer = setTimeout(() => fail('did not start in time'), START_TIMEOUT_MS)
  void gone.then(() => fail('ended'))
  try {
    await promise
  } finally {
    clearTimeout(timer)
  }
}
