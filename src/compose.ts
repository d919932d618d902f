/** Composition: the only file that builds adapters. The sandbox gives other endpoints here; no configuration value can. */
import { systemClock } from './adapters/clock.ts'
import type { ApiEndpoint } from './adapters/google/api-endpoint.ts'
import { createComputeVirtualMachine } from './adapters/google/compute.ts'
import { createGoogleIdentityVerifier } from './adapters/google/identity.ts'
import { createSecretManagerSource } from './adapters/google/secret-manager.ts'
import { type AddressRule, forbiddenHostOf } from './adapters/http-address.ts'
import { createHttpProbe } from './adapters/http-probe.ts'
import { systemIds } from './adapters/ids.ts'
import { type ChannelsOptions, createChannels } from './adapters/notify/channels.ts'
import { createDeadMan } from './adapters/notify/dead-man.ts'
import { createPinoJournal } from './adapters/pino-journal.ts'
import { createSshShell } from './adapters/ssh/ssh-shell.ts'
import { createFirestoreStore } from './adapters/store/firestore.ts'
import type { FirestoreEndpoint } from './adapters/store/firestore-clients.ts'
import { createSqliteStore } from './adapters/store/sqlite.ts'
import { createGuard } from './app/create-guard.ts'
import type { Guard } from './app/guard.ts'
import type { Ports } from './app/ports.ts'
import type { Config } from './config.ts'
import type { Target } from './core/target.ts'
import type { IdentityVerifier } from './ports/identity.ts'
import type { Journal } from './ports/journal.ts'
import type { SecretSource } from './ports/secret-source.ts'
import type { Store } from './ports/store.ts'
import type { VirtualMachine } from './ports/virtual-machine.ts'
import type { FieldProblem } from './schemas/config-problems.ts'

/** What the sandbox and tests put in place of the world; production gives none of it. */
export type Seams = {
  readonly compute?: ApiEndpoint
  readonly secretManager?: ApiEndpoint
  readonly firestore?: FirestoreEndpoint
  /** Where chats are that behave like the real ones. */
  readonly chats?: NonNullable<ChannelsOptions['endpoints']>
  /** The sandbox's machines live on loopback. */
  readonly allowLoopback?: boolean
  readonly journal?: Journal
  /** Where Google's certificates are. */
  readonly certsUrl?: string
  /** Faults of the guard's own network. */
  readonly wrap?: (ports: Ports) => Ports
}

export type Composition = {
  readonly guard: Guard
  readonly ports: Ports
  readonly identity: IdentityVerifier
}

/** A configuration that asks for what this build can't do, or must not do here. */
export class NotSupported extends Error {
  override readonly name = 'NotSupported'
  /** Each with its field. */
  readonly problems: readonly FieldProblem[]

  constructor(problems: readonly FieldProblem[]) {
    super(problems.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '))
    this.problems = problems
  }
}

/** Throws `NotSupported`. */
export function compose(config: Config, seams: Seams = {}): Composition {
  refuseForbiddenHosts(config, seams.allowLoopback === true ? 'loopback-too' : 'no-loopback')
  const built = buildPorts(config, seams)
  const ports = seams.wrap === undefined ? built : seams.wrap(built)
  const { targets, policy, canary } = config
  const guard = createGuard({ targets, policy, canaryUrls: canary.urls, ports })
  const identity = buildIdentity(config, seams)
  return { ports, guard, identity }
}

/** The probe refuses them too, but only once it runs: a person should hear of it at the start. */
function refuseForbiddenHosts({ targets, canary, notify, deadMan }: Config, rule: AddressRule): void {
  const asked = [
    ...targets.map(({ health }, index) => ({ url: health.url, path: ['targets', index, 'health', 'url'] })),
    ...canary.urls.map((url, index) => ({ url, path: ['canary', 'urls', index] })),
    ...notify.flatMap((channel, index) =>
      channel.kind === 'webhook' ? [{ url: channel.url, path: ['notify', index, 'webhook', 'url'] }] : [],
    ),
    ...(deadMan === undefined ? [] : [{ url: deadMan.url, path: ['deadMan', 'url'] }]),
  ]
  const problems = asked.flatMap(({ url, path }) => {
    const host = forbiddenHostOf(url, rule)
    const message = `must not be at ${host}: loopback, link-local, multicast and the like are never asked`
    return host === undefined ? [] : [{ path, message }]
  })
  if (problems.length > 0) throw new NotSupported(problems)
}

function buildIdentity({ auth, url }: Config, { certsUrl }: Seams): IdentityVerifier {
  const audiences = url === undefined ? auth.audience : [url, ...auth.audience]
  return createGoogleIdentityVerifier({ audiences, ...(certsUrl === undefined ? {} : { certsUrl }) })
}

function buildPorts(config: Config, seams: Seams): Ports {
  const secretSource = createSecretManagerSource({
    project: config.project,
    ...(seams.secretManager === undefined ? {} : { endpoint: seams.secretManager }),
  })
  const virtualMachine = createComputeVirtualMachine({
    clock: systemClock,
    ...(seams.compute === undefined ? {} : { endpoint: seams.compute }),
  })
  const callMs = config.policy.compute.callMs
  const allowLoopback = seams.allowLoopback ?? false
  return {
    clock: systemClock,
    ids: systemIds,
    journal: seams.journal ?? createPinoJournal(),
    probe: createHttpProbe({ clock: systemClock, allowLoopback }),
    shell: createSshShell({
      clock: systemClock,
      privateKey: privateKeyFrom(secretSource, callMs),
      hostKeys: hostKeysFrom(virtualMachine, callMs),
    }),
    virtualMachine,
    secretSource,
    store: buildStore(config, seams),
    channels: createChannels({
      configs: config.notify,
      secretSource,
      clock: systemClock,
      allowLoopback,
      ...(seams.chats === undefined ? {} : { endpoints: seams.chats }),
    }),
    ...(config.deadMan === undefined
      ? {}
      : { deadMan: createDeadMan({ url: config.deadMan.url, allowLoopback }) }),
  }
}

function privateKeyFrom(source: SecretSource, timeoutMs: number) {
  return async ({ ssh }: Target) => {
    const { secret } = ssh.privateKey
    const version = await source.version(secret, 'latest', { timeoutMs })
    if (version.kind === 'unavailable') return { kind: 'unavailable' as const, detail: version.detail }
    const payload = await source.access(secret, version.version, { timeoutMs })
    if (payload.kind === 'unavailable') return { kind: 'unavailable' as const, detail: payload.detail }
    return { kind: 'key' as const, value: payload.value }
  }
}

/** A key that the configuration pins needs no asking. */
function hostKeysFrom(machine: VirtualMachine, timeoutMs: number) {
  return async (target: Target) => {
    const { hostKey } = target.ssh
    if (hostKey.kind === 'guest-attributes') return machine.hostKeys(target, { timeoutMs })
    if (hostKey.kind === 'known') return { kind: 'keys' as const, keys: hostKey.keys }
    return { kind: 'keys' as const, keys: [{ type: hostKey.type, base64: hostKey.base64 }] }
  }
}

function buildStore({ store, project }: Config, { firestore }: Seams): Store {
  if (store.kind === 'sqlite') return createSqliteStore({ path: store.path })
  const endpoint = firestore === undefined ? {} : { endpoint: firestore }
  return createFirestoreStore({ project, clock: systemClock, ...endpoint })
}
