/** The sandbox's configuration: written as YAML and read by the very parser that reads a user's file. */
import { readFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'
import { type Config, describeProblems, parseConfig } from '../src/config.ts'
import type { ChannelConfig } from '../src/core/channel.ts'
import { SANDBOX_FLEET, SANDBOX_PROJECT, SANDBOX_ZONE, SSH_KEY_SECRET, SSH_USER } from './fleet.ts'
import type { SimulatedMachine } from './machines/simulated-machine.ts'

export const SCHEDULER_EMAIL = 'scheduler@night-guard-sandbox.iam.gserviceaccount.com'
export const OPERATOR_EMAIL = 'you@sandbox.example'

const POLICY = new URL('./policy.yaml', import.meta.url)

/** As in a policy file: sections of numbers, checked like one. */
export type PolicyChange = Readonly<Record<string, unknown>>

export function sandboxConfig(options: {
  readonly machines: readonly Pick<SimulatedMachine, 'name' | 'healthPort' | 'sshPort'>[]
  readonly canaryUrl: string
  readonly storePath: string
  readonly audience: string
  readonly policy?: PolicyChange
  readonly channels?: readonly ChannelConfig[]
  readonly deadManUrl?: string
  readonly language?: string
  readonly timeZone?: string
}): Config {
  const text = stringify({
    project: SANDBOX_PROJECT,
    targets: options.machines.map(targetOf),
    auth: {
      mode: 'token',
      audience: options.audience,
      scheduler: [SCHEDULER_EMAIL],
      operators: [OPERATOR_EMAIL],
    },
    store: { sqlite: options.storePath },
    canary: { urls: [options.canaryUrl] },
    notify: (options.channels ?? []).map(notifyOf),
    ...(options.deadManUrl === undefined ? {} : { deadMan: { url: options.deadManUrl } }),
    ...(options.language === undefined ? {} : { language: options.language }),
    ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
    statusPage: {
      title: "The sandbox's bots",
      targets: options.machines.map(({ name }) => ({ target: name, name: PUBLIC_NAMES[name] ?? name })),
    },
    policy: changed(parse(readFileSync(POLICY, 'utf8')), options.policy ?? {}),
  })
  const parsed = parseConfig(text, { source: 'the sandbox' })
  if (parsed.kind === 'invalid') throw new Error(describeProblems(parsed))
  return parsed.config
}

/** As outsiders know them. */
const PUBLIC_NAMES: Readonly<Record<string, string>> = {
  bot: 'Chat bot',
  crawler: 'News crawler',
  mailer: 'Newsletter',
}

/** As it stands in a file: the kind is the entry's name. */
function notifyOf({ kind, ...channel }: ChannelConfig): object {
  return { [kind]: channel }
}

/** A section keeps the numbers that the change does not name. */
function changed(policy: PolicyChange, change: PolicyChange): PolicyChange {
  const merged = Object.entries(change).map(([name, value]) => {
    const known = policy[name]
    return [name, isSection(known) && isSection(value) ? { ...known, ...value } : value]
  })
  return { ...policy, ...Object.fromEntries(merged) }
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function targetOf({ name, healthPort, sshPort }: Pick<SimulatedMachine, 'name' | 'healthPort' | 'sshPort'>) {
  const vm = SANDBOX_FLEET.find((candidate) => candidate.name === name)
  if (vm === undefined) throw new Error(`${name} is not of the sandbox's fleet`)
  return {
    id: name,
    zone: SANDBOX_ZONE,
    instance: name,
    health: {
      url: `http://127.0.0.1:${healthPort}/health`,
      expect: { status: 200, json: { status: 'healthy' } },
      ...(vm.healthUnit === undefined ? {} : { unit: vm.healthUnit }),
    },
    ssh: { user: SSH_USER, port: sshPort, privateKey: { secret: SSH_KEY_SECRET } },
    workloads: vm.workloads.map(({ unit, secrets, health }) => ({
      unit,
      ...(health === undefined ? {} : { health: { command: ['/app/health'], ...health } }),
      secrets: secrets.map(({ secret, as, env }) =>
        env === undefined ? { secret, as } : { secret, as, type: 'env', env },
      ),
    })),
  }
}
