/**
 * From the spawn of the process to "listening" and to the first answer of GET /health: the production entry
 * beside a bare Hono server, in turns, from source as it is run here. Building an image is not its business.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Benchmark, Result } from './result.ts'
import { median, ratioOf, spreadOf } from './statistics.ts'
import { figure, megabytes, spread } from './text.ts'

const RATIO_WANTED = 1.5
const RUNS = { full: 11, quick: 1 }
const STARTS_WITHIN_MS = 30_000
/** What ended a moment ago still costs the machine something. */
const PAUSE_MS = 100
const CLOCK_TICK_MS = 10

const PROGRAMS = { bare: './bare-hono.ts', guard: '../src/server.ts' } as const
type Program = keyof typeof PROGRAMS
/** With Node's compile cache, filled by a run before: what an image could carry with it. */
type Cache = 'no-cache' | 'cached'
type Setting = { readonly program: Program; readonly cache: Cache }

type Start = {
  readonly listeningMs: number
  readonly answeredMs: number
  /** User and system, up to the first answer; counted by the kernel in steps of 10 ms. */
  readonly cpuMs: number
  readonly rssAtListeningBytes: number
}

const SETTINGS: readonly Setting[] = [
  { program: 'bare', cache: 'no-cache' },
  { program: 'guard', cache: 'no-cache' },
  { program: 'bare', cache: 'cached' },
  { program: 'guard', cache: 'cached' },
]

export const coldStart: Benchmark = {
  name: 'cold-start',
  about: 'spawn to listening and to the first answer, beside a bare Hono server',
  async measure({ effort, tell }) {
    const directory = mkdtempSync(join(tmpdir(), 'night-guard-bench-'))
    try {
      const starts = SETTINGS.map((setting) => ({ setting, starts: [] as Start[] }))
      for (const { setting } of starts) if (setting.cache === 'cached') await start(setting, directory)
      for (let run = 0; run < RUNS[effort]; run += 1) {
        for (const one of starts) one.starts.push(await start(one.setting, directory))
        tell(`cold-start: ${run + 1} of ${RUNS[effort]}`)
      }
      return resultOf(starts)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  },
}

async function start({ program, cache }: Setting, directory: string): Promise<Start> {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, [fileURLToPath(new URL(PROGRAMS[program], import.meta.url))], {
    // Nothing else of this environment: neither credentials nor a configuration of the person's own.
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      NIGHTGUARD_CONFIG: configOf(directory),
      ...(cache === 'cached' ? { NODE_COMPILE_CACHE: join(directory, 'compile-cache') } : {}),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  try {
    await listening(child)
    const listeningMs = performance.now() - startedAt
    const rssAtListeningBytes = rssOf(child)
    await answered(port)
    const answeredMs = performance.now() - startedAt
    return { listeningMs, answeredMs, cpuMs: cpuOf(child), rssAtListeningBytes }
  } finally {
    child.kill('SIGTERM')
    await exited
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

/** Realistic, and asking nothing of the world: there is no tick, and a token is first looked at when one comes. */
function configOf(directory: string): string {
  return `
project: bench-project
targets:
  - id: bot
    zone: us-west1-b
    instance: bot
    health: { url: "http://198.51.100.7:9/health", expect: { status: 200, json: { status: healthy } } }
    ssh: { user: nightguard, privateKey: { secret: nightguard-ssh-key }, hostKey: guest-attributes }
    workloads:
      - unit: agent.service
        image: us-west1-docker.pkg.dev/bench-project/apps/agent:stable
        memoryMb: 700
        swapMb: 2000
        health: { command: [/app/health], intervalSeconds: 15, retries: 3, startSeconds: 30 }
        secrets:
          - { secret: telegram-bot-token, as: telegram_bot_token }
          - { secret: gemini-api-key, as: gemini_api_key, type: env, env: GEMINI_API_KEY }
auth:
  mode: token
  audience: https://night-guard.example
  scheduler: [scheduler@bench-project.iam.gserviceaccount.com]
  operators: [you@example.com]
store: { sqlite: ${JSON.stringify(join(directory, 'nightguard.db'))} }
`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('It did not listen in time')), STARTS_WITHIN_MS)
    let printed = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      if (!printed.includes('listening on port')) return
      clearTimeout(timer)
      resolve()
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`It ended with ${code} and did not listen`))
    })
  })
}

function answered(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/health', agent: false }, (response) => {
      response.resume()
      if (response.statusCode !== 200) reject(new Error(`GET /health answered ${response.statusCode}`))
      response.once('end', resolve)
    }).once('error', reject)
  })
}

/** Linux only, as the whole benchmark is: of another process, nothing else says it exactly. */
function rssOf({ pid }: ChildProcess): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}

/** proc(5): fields 14 and 15, user and system time; the name before them may hold spaces. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS
}

type Measured = readonly { readonly setting: Setting; readonly starts: readonly Start[] }[]

function resultOf(measured: Measured): Result {
  const of = (program: Program, cache: Cache, field: keyof Start) =>
    measured
      .filter(({ setting }) => setting.program === program && setting.cache === cache)
      .flatMap(({ starts }) => starts.map((one) => one[field]))
  const ratio = (cache: Cache, field: keyof Start) =>
    ratioOf(of('guard', cache, field), { to: of('bare', cache, field) })
  const row = (name: string, cache: Cache) => [
    name,
    spread(ratio(cache, 'listeningMs')),
    spread(ratio(cache, 'answeredMs')),
    spread(ratio(cache, 'cpuMs')),
    spread(ratio(cache, 'rssAtListeningBytes')),
  ]
  const listeningRatio = ratio('no-cache', 'listeningMs')
  return {
    name: 'cold-start',
    tables: [
      {
        title: 'Cold start: medians (quartiles)',
        columns: ['', 'listening, ms', 'first answer, ms', 'CPU, ms', 'RSS at listening, MB'],
        rows: measured.map(({ setting, starts }) => [
          nameOf(setting),
          spread(spreadOf(starts.map(({ listeningMs }) => listeningMs))),
          spread(spreadOf(starts.map(({ answeredMs }) => answeredMs))),
          figure(median(starts.map(({ cpuMs }) => cpuMs))),
          megabytes(median(starts.map(({ rssAtListeningBytes }) => rssAtListeningBytes))),
        ]),
      },
      {
        title: 'Night Guard ÷ bare Hono, run by run: medians (quartiles)',
        columns: ['', 'listening', 'first answer', 'CPU', 'RSS'],
        rows: [row('from source', 'no-cache'), row('from source, compile cache filled', 'cached')],
      },
    ],
    findings: [
      {
        kind: 'target',
        what: 'cold start to listening, from source, ÷ bare Hono',
        wanted: `≤ ${RATIO_WANTED}`,
        measured: spread(listeningRatio),
        holds: listeningRatio.median <= RATIO_WANTED,
      },
    ],
    figures: { starts: measured, listeningRatio, listeningRatioCached: ratio('cached', 'listeningMs') },
  }
}

function nameOf({ program, cache }: Setting): string {
  const name = program === 'bare' ? 'bare Hono' : 'Night Guard'
  return cache === 'cached' ? `${name}, compile cache filled` : name
}
