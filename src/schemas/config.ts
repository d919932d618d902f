/**
 * The configuration file's schema, strict. Names and durations are config-parts.ts, the policy config-policy.ts, who is
 * told config-notify.ts. Turning it into the core's types is config-core.ts, telling where a problem stands src/config.ts.
 */
import { z } from 'zod'
import { deadMan, language, notify, statusPage, timeZone } from './config-notify.ts'
import {
  count,
  email,
  environmentName,
  fromSecretManager,
  hostKey,
  hostName,
  httpUrl,
  podmanName,
  projectId,
  resourceName,
  secretName,
  secretVersion,
  unitName,
  userName,
  zone,
} from './config-parts.ts'
import { policySchema } from './config-policy.ts'
import { misfitsIn } from './config-relations.ts'

const TARGETS_MAX = 1_000
const WORKLOADS_MAX = 50
const SECRETS_MAX = 100
const EMAILS_MAX = 200
const AUDIENCES_MAX = 20
const DEPENDENCIES_MAX = 20

const AUTH_MISSING = 'is missing: without it nobody could be told apart'

/** Three well-known places: is it the guard that is offline? */
const CANARY_URLS = [
  'https://www.gstatic.com/generate_204',
  'https://cloudflare.com/cdn-cgi/trace',
  'https://example.com/',
]

const secretUse = z
  .strictObject({
    secret: secretName.describe('The name in Secret Manager'),
    version: secretVersion.default('latest'),
    as: podmanName.describe('The name of the Podman secret'),
    type: z.enum(['mount', 'env']).default('mount'),
    env: environmentName.optional().describe('The variable, for type: env'),
  })
  .superRefine((use, context) => {
    if (use.type === 'env' && use.env === undefined) {
      context.addIssue({ code: 'custom', path: ['env'], message: 'is missing: type: env needs its name' })
    }
    if (use.type === 'mount' && use.env !== undefined) {
      context.addIssue({ code: 'custom', path: ['env'], message: 'needs type: env beside it' })
    }
  })

const containerHealth = z.strictObject({
  command: z.array(z.string().min(1).max(1_000)).min(1).max(50),
  intervalSeconds: count({ min: 1, max: 3_600 }).default(30),
  retries: count({ min: 1, max: 100 }).default(3),
  startSeconds: count({ min: 0, max: 3_600 }).default(0),
})

const workload = z
  .strictObject({
    unit: unitName,
    container: podmanName.optional().describe('Default: systemd- and the unit without .service'),
    image: z.string().min(1).max(500).optional(),
    memoryMb: count({ min: 16, max: 1_000_000 }).optional(),
    swapMb: count({ min: 0, max: 1_000_000 }).optional(),
    health: containerHealth.optional(),
    secrets: z.array(secretUse).max(SECRETS_MAX).default([]),
  })
  .superRefine((value, context) => {
    const container = containerOf(value)
    if (!podmanName.safeParse(container).success) {
      const message = `is missing: ${container} is no name for a container, so it must be given`
      context.addIssue({ code: 'custom', path: ['container'], message })
    }
    for (const [index, use] of value.secrets.entries()) {
      const first = value.secrets.findIndex((other) => other.as === use.as)
      if (first === index) continue
      const message = `is used twice in this workload: ${use.as} is secrets[${first}] already`
      context.addIssue({ code: 'custom', path: ['secrets', index, 'as'], message })
    }
  })

const jsonScalar = z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()], {
  error: 'must be a text, a number, true, false or null',
})

const healthCheck = z.strictObject({
  url: httpUrl,
  expect: z
    .strictObject({
      status: count({ min: 100, max: 599 }).default(200),
      json: z.record(z.string().min(1).max(200), jsonScalar).optional(),
    })
    .prefault({}),
  unit: unitName
    .optional()
    .describe("The workload whose process answers the URL; absent: the kit's endpoint"),
})

const ssh = z.strictObject({
  host: hostName.optional().describe("Default: the health URL's host"),
  port: count({ min: 1, max: 65_535 }).default(22),
  user: userName,
  privateKey: fromSecretManager,
  hostKey: hostKey.default('guest-attributes'),
})

const target = z
  .strictObject({
    id: resourceName,
    zone,
    instance: resourceName,
    health: healthCheck,
    ssh,
    workloads: z.array(workload).max(WORKLOADS_MAX).default([]),
    dependsOn: z
      .array(resourceName)
      .max(DEPENDENCIES_MAX)
      .optional()
      .describe(
        'Ids of targets that this one needs: while one of them is in trouble, its alert speaks for this one',
      ),
  })
  .superRefine((value, context) => {
    for (const { path, message } of clashesIn(value.workloads)) {
      context.addIssue({ code: 'custom', path: ['workloads', ...path], message })
    }
    const { unit } = value.health
    if (unit !== undefined && !value.workloads.some((known) => known.unit === unit)) {
      const message = `names ${unit}, which is none of this target's workloads`
      context.addIssue({ code: 'custom', path: ['health', 'unit'], message })
    }
  })

const AUDIENCE_HELP = 'must be a text without blanks, or a list of such texts'
const audience = z.string().regex(/^\S{1,2000}$/, { error: AUDIENCE_HELP })

const auth = z
  .strictObject(
    {
      mode: z.enum(['iam', 'token']),
      audience: z
        .union([audience, z.array(audience).min(1).max(AUDIENCES_MAX)], { error: AUDIENCE_HELP })
        .optional()
        .describe(
          'What ID tokens may be made out to, besides url. Tokens of gcloud user accounts are made out to 32555940559.apps.googleusercontent.com: add it where people call with those',
        ),
      scheduler: z.array(email).max(EMAILS_MAX).default([]),
      pusher: z.array(email).max(EMAILS_MAX).default([]),
      operators: z.array(email).max(EMAILS_MAX).default([]),
      viewers: z.array(email).max(EMAILS_MAX).default([]),
    },
    { error: ({ input }) => (input === undefined ? AUTH_MISSING : undefined) },
  )
  .superRefine(({ scheduler, pusher, operators, viewers }, context) => {
    if (scheduler.length + pusher.length + operators.length + viewers.length > 0) return
    const message = 'names nobody: at least one of scheduler, pusher, operators and viewers needs an e-mail'
    context.addIssue({ code: 'custom', message })
  })

const store = z
  .strictObject({
    sqlite: z.string().min(1).max(4_000).optional().describe('The path of the file'),
    firestore: z.strictObject({}).optional().describe("The project's default database"),
  })
  .superRefine((value, context) => {
    if (Object.keys(value).length === 1) return
    context.addIssue({ code: 'custom', message: 'must have exactly one of sqlite and firestore' })
  })

export const configSchema = z
  .strictObject({
    project: projectId,
    url: httpUrl.optional().describe("The service's own URL"),
    targets: z
      .array(target)
      .min(1, { error: 'must have at least one target' })
      .max(TARGETS_MAX)
      .superRefine((targets, context) => {
        for (const { path, message } of twinsIn(targets)) {
          context.addIssue({ code: 'custom', path: [...path], message })
        }
      }),
    auth,
    store,
    canary: z.strictObject({ urls: z.array(httpUrl).min(1).max(9).default(CANARY_URLS) }).prefault({}),
    language: language.default('en'),
    timeZone: timeZone.default('UTC'),
    notify,
    deadMan: deadMan.optional(),
    statusPage: statusPage.optional(),
    policy: policySchema.prefault({}),
  })
  .superRefine((file, context) => {
    for (const { path, message } of misfitsIn(file)) {
      context.addIssue({ code: 'custom', path: [...path], message })
    }
  })
  .superRefine(({ url, auth: { mode, audience: given } }, context) => {
    if (url !== undefined) return
    if (mode === 'iam') {
      const message = 'is missing: in iam mode the service asks its own URL whether it is private'
      context.addIssue({ code: 'custom', path: ['url'], message })
    } else if (given === undefined) {
      const message = 'is missing, and so is url: tokens must be made out to this service'
      context.addIssue({ code: 'custom', path: ['auth', 'audience'], message })
    }
  })
  .describe('nightguard.yaml: what Night Guard watches, and how')

export type ConfigFile = z.output<typeof configSchema>
export type TargetEntry = ConfigFile['targets'][number]
export type WorkloadEntry = TargetEntry['workloads'][number]

/** The container's name as given, or as Quadlet makes it. */
export function containerOf({ unit, container }: { unit: string; container?: string | undefined }): string {
  return container ?? `systemd-${unit.replace(/\.service$/, '')}`
}

type Clash = { readonly path: readonly (string | number)[]; readonly message: string }

/** Podman's containers and secrets belong to the machine, not to the workload. */
function clashesIn(workloads: readonly WorkloadEntry[]): readonly Clash[] {
  const clashes: Clash[] = []
  const secrets = new Map<string, { secret: string; version: string; where: string }>()
  for (const [index, entry] of workloads.entries()) {
    const before = workloads.slice(0, index)
    if (before.some(({ unit }) => unit === entry.unit)) {
      clashes.push({ path: [index, 'unit'], message: `is used twice: ${entry.unit} is a workload already` })
    } else if (before.some((other) => containerOf(other) === containerOf(entry))) {
      const message = `is used twice: ${containerOf(entry)} is another workload's container`
      clashes.push({ path: [index, 'container'], message })
    }
    for (const [at, { as, secret, version }] of entry.secrets.entries()) {
      const known = secrets.get(as)
      secrets.set(as, known ?? { secret, version, where: entry.unit })
      const same = known?.secret === secret && known.version === version
      if (known === undefined || known.where === entry.unit || same) continue
      const message = `is ${known.secret} (${known.version}) in ${known.where}: one Podman secret has one source`
      clashes.push({ path: [index, 'secrets', at, 'as'], message })
    }
  }
  return clashes
}

/** Two targets on one instance would each spend a budget of their own on it. */
function twinsIn(targets: readonly TargetEntry[]): readonly Clash[] {
  const ids = new Map<string, number>()
  const instances = new Map<string, string>()
  const clashes: Clash[] = []
  for (const [index, { id, zone: place, instance }] of targets.entries()) {
    const first = ids.get(id)
    const twin = instances.get(`${place}/${instance}`)
    if (first !== undefined) {
      clashes.push({ path: [index, 'id'], message: `is used twice: ${id} is targets[${first}] already` })
    } else if (twin !== undefined) {
      clashes.push({ path: [index, 'instance'], message: `is watched already, by the target ${twin}` })
    }
    ids.set(id, first ?? index)
    instances.set(`${place}/${instance}`, twin ?? id)
  }
  return clashes
}
