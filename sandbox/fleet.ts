/** The sandbox's fleet: three VMs, four workloads, four secrets. Nobody's real names, nobody's real keys. */
import type { WorkloadOptions } from './machines/options.ts'

export const SANDBOX_PROJECT = 'night-guard-sandbox'
export const SANDBOX_ZONE = 'us-west1-b'
export const SSH_USER = 'nightguard'
export const SSH_KEY_SECRET = 'nightguard-ssh-key'

type SandboxWorkload = {
  readonly unit: string
  /** Secret Manager's name of each secret by the Podman secret's. */
  readonly secrets: readonly { readonly secret: string; readonly as: string; readonly env?: string }[]
  /** Absent: the container has no health check. */
  readonly health?: { readonly intervalSeconds: number; readonly retries: number }
}

export type SandboxVm = {
  readonly name: string
  readonly instanceId: string
  readonly internalAddress: string
  /** The unit whose process answers the health URL; absent: the kit does. */
  readonly healthUnit?: string
  readonly workloads: readonly SandboxWorkload[]
}

export const SANDBOX_SECRETS: Readonly<Record<string, string>> = {
  'telegram-bot-token': 'sandbox-telegram-1',
  'gemini-api-key': 'sandbox-gemini-1',
  'anthropic-api-key': 'sandbox-anthropic-1',
  'smtp-password': 'sandbox-smtp-1',
}

export const SANDBOX_FLEET: readonly SandboxVm[] = [
  {
    name: 'bot',
    instanceId: '4100000000000000001',
    internalAddress: '10.138.0.2',
    healthUnit: 'bot.service',
    workloads: [
      {
        unit: 'bot.service',
        secrets: [
          { secret: 'telegram-bot-token', as: 'telegram_bot_token' },
          { secret: 'gemini-api-key', as: 'gemini_api_key', env: 'GEMINI_API_KEY' },
        ],
      },
    ],
  },
  {
    name: 'crawler',
    instanceId: '4100000000000000002',
    internalAddress: '10.138.0.3',
    workloads: [
      {
        unit: 'crawler.service',
        health: { intervalSeconds: 1, retries: 2 },
        secrets: [{ secret: 'anthropic-api-key', as: 'anthropic_api_key' }],
      },
      { unit: 'api.service', secrets: [{ secret: 'gemini-api-key', as: 'gemini_api_key' }] },
    ],
  },
  {
    name: 'mailer',
    instanceId: '4100000000000000003',
    internalAddress: '10.138.0.4',
    healthUnit: 'mailer.service',
    workloads: [
      {
        unit: 'mailer.service',
        health: { intervalSeconds: 1, retries: 2 },
        secrets: [{ secret: 'smtp-password', as: 'smtp_password' }],
      },
    ],
  },
]

/** The same workload as the simulated machine wants it. */
export function machineWorkload({ unit, secrets, health }: SandboxWorkload): WorkloadOptions {
  return {
    unit,
    ...(health === undefined
      ? {}
      : { health: { intervalMs: health.intervalSeconds * 1000, retries: health.retries } }),
    secrets: secrets.map(({ as, env }) =>
      env === undefined ? { name: as, type: 'mount' } : { name: as, type: 'env', env },
    ),
  }
}
