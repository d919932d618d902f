/**
 * A program: the guard's way onto a machine, one connection and one look at a time; and beside it the least that
 * the same library does, one connection and one command.
 */
import { NodeSSH } from 'node-ssh'
import { z } from 'zod'
import { systemClock } from '../src/adapters/clock.ts'
import { createSshShell } from '../src/adapters/ssh/ssh-shell.ts'
import { describeProblems, parseConfig } from '../src/config.ts'
import type { Policy } from '../src/core/policy.ts'
import { Sensitive } from '../src/core/sensitive.ts'
import type { Target } from '../src/core/target.ts'
import { answerParent } from './child.ts'
import { SECRETS, UNIT } from './fleet.ts'

const MICROSECONDS_PER_MS = 1_000
const QUESTIONS = { inside: true, workloads: true, secrets: SECRETS.map(({ as }) => as) }

const runSchema = z.object({
  config: z.string(),
  privateKey: z.string(),
  hostKey: z.object({ type: z.string(), base64: z.string() }),
  times: z.int().positive(),
})
type Run = z.infer<typeof runSchema>

async function timed(times: number, work: () => Promise<void>) {
  const wallMs: number[] = []
  const cpuMs: number[] = []
  for (let time = 0; time < times; time += 1) {
    const cpu = process.cpuUsage()
    const startedAt = performance.now()
    await work()
    wallMs.push(performance.now() - startedAt)
    const { user, system } = process.cpuUsage(cpu)
    cpuMs.push((user + system) / MICROSECONDS_PER_MS)
  }
  return { wallMs, cpuMs }
}

function watched({ config }: Run): { readonly target: Target; readonly policy: Policy } {
  const parsed = parseConfig(config, { source: 'the bench' })
  if (parsed.kind === 'invalid') throw new Error(describeProblems(parsed))
  const { targets, policy } = parsed.config
  const [target] = targets
  if (target === undefined) throw new Error('The configuration has a target')
  return { target, policy }
}

function lookOnce(run: Run): () => Promise<void> {
  const { target, policy } = watched(run)
  const { connectMs, commandMs, lookMs: deadlineMs } = policy.ssh
  const shell = createSshShell({
    clock: systemClock,
    privateKey: async () => ({ kind: 'key', value: new Sensitive(run.privateKey) }),
    hostKeys: async () => ({ kind: 'keys', keys: [run.hostKey] }),
  })
  return async () => {
    const look = await shell.look(target, QUESTIONS, { connectMs, commandMs, deadlineMs })
    const seen = { facts: look.facts, workloads: look.workloads?.kind, secrets: look.presentSecrets?.kind }
    if (look.ssh.kind !== 'ok' || look.inside === undefined || Object.values(seen).includes(undefined)) {
      throw new Error(`The look was to find all: ${JSON.stringify(look)}`)
    }
  }
}

function commandOnce(run: Run): () => Promise<void> {
  const { host, port, user } = watched(run).target.ssh
  return async () => {
    const ssh = new NodeSSH()
    await ssh.connect({ host, port, username: user, privateKey: run.privateKey })
    const { code } = await ssh.execCommand(`'systemctl' 'show' '--' '${UNIT}'`)
    ssh.dispose()
    if (code === null) throw new Error('The command was to end')
  }
}

let look: (() => Promise<void>) | undefined

answerParent({
  look(input) {
    const run = runSchema.parse(input)
    look ??= lookOnce(run)
    return timed(run.times, look)
  },
  command(input) {
    const run = runSchema.parse(input)
    return timed(run.times, commandOnce(run))
  },
})
