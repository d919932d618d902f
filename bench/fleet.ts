/** The fleet that the benchmarks watch: names, and the configuration of a part of it as a person would write it. */
import { stringify } from 'yaml'
import { z } from 'zod'

export const PROJECT = 'night-guard-bench'
export const ZONE = 'us-west1-b'
export const SSH_USER = 'nightguard'
export const SSH_KEY_SECRET = 'nightguard-ssh-key'
export const UNIT = 'agent.service'
export const AUDIENCE = 'https://night-guard.example'
export const SCHEDULER_EMAIL = 'scheduler@night-guard-bench.iam.gserviceaccount.com'
export const SECRETS = [
  { secret: 'telegram-bot-token', as: 'telegram_bot_token', value: 'bench-telegram-1' },
  { secret: 'gemini-api-key', as: 'gemini_api_key', value: 'bench-gemini-1' },
] as const

/** What the world says of itself once it is open. */
export const worldSchema = z.object({
  machines: z.array(
    z.object({
      name: z.string(),
      healthPort: z.int(),
      sshPort: z.int(),
      hostKey: z.object({ type: z.string(), base64: z.string() }),
    }),
  ),
  computePort: z.int(),
  secretManagerPort: z.int(),
  certsUrl: z.string(),
  privateKey: z.string(),
})
export type WorldFacts = z.infer<typeof worldSchema>

/** What was asked of Google's APIs since the world opened. */
export const askedSchema = z.object({ compute: z.int(), secretManager: z.int(), payloads: z.int() })

/** `polled`: Secret Manager is asked for the versions on every tick, in place of every five minutes. */
export type SecretsMode = 'none' | 'in-sync' | 'polled'

/** The first `targets` machines; everything not named here is the default, above all the policy. */
export function configText(
  { machines }: WorldFacts,
  options: { readonly targets: number; readonly secrets: SecretsMode; readonly storePath: string },
): string {
  const { targets, secrets, storePath } = options
  const uses = secrets === 'none' ? [] : SECRETS.map(({ secret, as }) => ({ secret, as }))
  return stringify({
    project: PROJECT,
    targets: machines.slice(0, targets).map(({ name, healthPort, sshPort }) => ({
      id: name,
      zone: ZONE,
      instance: name,
      health: {
        url: healthUrl({ healthPort }),
        expect: { status: 200, json: { status: 'healthy' } },
      },
      ssh: { user: SSH_USER, port: sshPort, privateKey: { secret: SSH_KEY_SECRET } },
      workloads: [{ unit: UNIT, memoryMb: 700, swapMb: 2000, secrets: uses }],
    })),
    auth: { mode: 'token', audience: AUDIENCE, scheduler: [SCHEDULER_EMAIL] },
    store: { sqlite: storePath },
    policy: secrets === 'polled' ? { sync: { pollMs: 1 } } : {},
  })
}

/** Endpoints only: nobody is asked over SSH while all is well, and the store knows every target. */
export function fleetConfigText(
  ports: readonly number[],
  { storePath }: { readonly storePath: string },
): string {
  return stringify({
    project: PROJECT,
    targets: ports.map((healthPort, index) => ({
      id: `vm-${index + 1}`,
      zone: ZONE,
      instance: `vm-${index + 1}`,
      health: { url: healthUrl({ healthPort }), expect: { status: 200, json: { status: 'healthy' } } },
      ssh: { user: SSH_USER, privateKey: { secret: SSH_KEY_SECRET } },
      workloads: [{ unit: UNIT, memoryMb: 700, swapMb: 2000 }],
    })),
    auth: { mode: 'token', audience: AUDIENCE, scheduler: [SCHEDULER_EMAIL] },
    store: { sqlite: storePath },
  })
}

export function healthUrl({ healthPort }: { readonly healthPort: number }): string {
  return `http://127.0.0.1:${healthPort}/health`
}
