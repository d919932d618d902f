/**
 * Secret Manager's v1 REST API, as much of it as Night Guard and its tests use, on loopback, in memory.
 * It asks for no credentials, and counts payload reads: tests prove by it that none is read in vain.
 */
import { z } from 'zod'
import {
  type ApiReply,
  type ApiRequest,
  type ApiRoute,
  type ApiServer,
  createApiServer,
} from './api-server.ts'
import { crc32cOf } from './crc32c.ts'
import { createSecretBook, type SecretBook, type StoredVersion, type VersionState } from './secret-book.ts'

export type SecretManagerEmulator = ApiServer & {
  /** Creates the secret when it isn't there; resolves to the new version's number. */
  addVersion(secret: string, value: string | Uint8Array): string
  setState(version: { readonly secret: string; readonly version: string }, state: VersionState): void
  /** The next payload carries a wrong checksum, or none. */
  corruptNext(how: 'wrong-checksum' | 'no-checksum'): void
  /** How many payloads were asked for. */
  accesses(): number
}

const STATE_NUMBERS: Readonly<Record<VersionState, number>> = { ENABLED: 1, DISABLED: 2, DESTROYED: 3 }
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'FAILED_PRECONDITION',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
}
const PROJECT_NUMBER = '123456789012'
const PAGE_SIZE_MAX = 25_000

/** `secrets`: by name, the values of its versions, oldest first. */
export function createSecretManagerEmulator(options: {
  readonly project: string
  readonly secrets?: Readonly<Record<string, readonly (string | Uint8Array)[]>>
}): SecretManagerEmulator {
  const book = createSecretBook()
  const corruptions: ('wrong-checksum' | 'no-checksum')[] = []
  for (const [secret, values] of Object.entries(options.secrets ?? {})) {
    for (const value of values) book.add(secret, Buffer.from(value))
  }
  const api: Api = { project: options.project, book, corruption: () => corruptions.shift() }
  const server = createApiServer({ errorReply, route: (request) => routeOf(request, api) })
  return {
    ...server,
    addVersion: (secret, value) => book.add(secret, Buffer.from(value)).version,
    setState: ({ secret, version }, state) => {
      const found = book.find(secret, version)
      if (found === undefined) throw new Error(`The emulator has no version ${version} of secret ${secret}`)
      found.state = state
    },
    corruptNext: (how) => {
      corruptions.push(how)
    },
    accesses: () => server.requests.get('secretVersions.access') ?? 0,
  }
}

type Api = {
  readonly project: string
  readonly book: SecretBook
  readonly corruption: () => 'wrong-checksum' | 'no-checksum' | undefined
}

const SECRETS_PATH = /^\/v1\/projects\/([^/]+)\/secrets$/
const SECRET_PATH = /^\/v1\/projects\/([^/]+)\/secrets\/([^/:]+)(:addVersion|\/versions)$/
const VERSION_PATH = /^\/v1\/projects\/([^/]+)\/secrets\/([^/:]+)\/versions\/([^/:]+)(?::(\w+))?$/

function routeOf(request: ApiRequest, api: Api): ApiRoute | undefined {
  const create = SECRETS_PATH.exec(request.path)
  if (create !== null && request.verb === 'POST') {
    return { method: 'secrets.create', answer: () => createSecret(request, api) }
  }
  const secretMatch = SECRET_PATH.exec(request.path)
  if (secretMatch !== null) {
    const secret = secretMatch[2] ?? ''
    if (`${request.verb} ${secretMatch[3]}` === 'POST :addVersion') {
      return { method: 'secrets.addVersion', answer: () => addVersion(request, api, secret) }
    }
    return { method: 'secretVersions.list', answer: () => listVersions(request, api, secret) }
  }
  const versionMatch = VERSION_PATH.exec(request.path)
  if (versionMatch === null) return undefined
  const [, , secret = '', wanted = '', action] = versionMatch
  const method = `secretVersions.${action ?? 'get'}`
  return { method, answer: () => versionAnswer(request, api, { secret, wanted, action }) }
}

function versionAnswer(
  request: ApiRequest,
  api: Api,
  { secret, wanted, action }: { secret: string; wanted: string; action: string | undefined },
): ApiReply {
  const found = api.book.find(secret, wanted)
  const name = `projects/${PROJECT_NUMBER}/secrets/${secret}`
  if (found === undefined) {
    const what = wanted === 'latest' ? `Secret [${name}]` : `Secret Version [${name}/versions/${wanted}]`
    return errorReply(404, `${what} not found or has no versions.`)
  }
  switch (`${request.verb} ${action ?? ''}`) {
    case 'GET ':
      return ok(versionBody(request, found))
    case 'GET access':
      return access(api, found)
    case 'POST enable':
      return changeState(request, found, 'ENABLED')
    case 'POST disable':
      return changeState(request, found, 'DISABLED')
    case 'POST destroy':
      return changeState(request, found, 'DESTROYED')
    default:
      return errorReply(404, `Not found: ${request.path}`)
  }
}

function access(api: Api, found: StoredVersion): ApiReply {
  if (found.state !== 'ENABLED') return notEnabled(found)
  const corruption = api.corruption()
  const checksum = crc32cOf(found.data) ^ (corruption === 'wrong-checksum' ? 1 : 0)
  const dataCrc32c = corruption === 'no-checksum' ? {} : { dataCrc32c: String(checksum >>> 0) }
  return ok({ name: nameOf(found), payload: { data: found.data.toString('base64'), ...dataCrc32c } })
}

function changeState(request: ApiRequest, found: StoredVersion, state: VersionState): ApiReply {
  if (found.state === 'DESTROYED' && state !== 'DESTROYED') return notEnabled(found)
  found.state = state
  return ok(versionBody(request, found))
}

function notEnabled(found: StoredVersion): ApiReply {
  return errorReply(400, `Secret Version [${nameOf(found)}] is in ${found.state} state.`)
}

function createSecret({ query, body }: ApiRequest, api: Api): ApiReply {
  const secret = query.get('secretId') ?? ''
  if (!/^[\w-]{1,255}$/.test(secret))
    return errorReply(400, `Invalid secret id [${secret}].`, 'INVALID_ARGUMENT')
  const name = `projects/${PROJECT_NUMBER}/secrets/${secret}`
  if (!api.book.create(secret)) return errorReply(409, `Secret [${name}] already exists.`)
  return ok({ ...(typeof body === 'object' ? body : {}), name, createTime: new Date().toISOString() })
}

function addVersion(request: ApiRequest, api: Api, secret: string): ApiReply {
  if (api.book.versions(secret) === undefined) {
    return errorReply(404, `Secret [projects/${PROJECT_NUMBER}/secrets/${secret}] not found.`)
  }
  const payload = payloadSchema.safeParse(request.body)
  if (!payload.success) return errorReply(400, 'The payload is missing.', 'INVALID_ARGUMENT')
  const { data, dataCrc32c } = payload.data.payload
  if (dataCrc32c !== undefined && Number(dataCrc32c) !== crc32cOf(data)) {
    return errorReply(400, 'The payload does not match its checksum.', 'INVALID_ARGUMENT')
  }
  const body = versionBody(request, api.book.add(secret, data))
  return ok({ ...body, clientSpecifiedPayloadChecksum: dataCrc32c !== undefined })
}

const payloadSchema = z.object({
  payload: z.object({
    data: z.base64().transform((data) => Buffer.from(data, 'base64')),
    dataCrc32c: z.union([z.string(), z.number()]).optional(),
  }),
})

/** Newest first; the only filter known is `state:ENABLED`, also written with `=`. */
function listVersions(request: ApiRequest, api: Api, secret: string): ApiReply {
  const versions = api.book.versions(secret)
  if (versions === undefined) {
    return errorReply(404, `Secret [projects/${PROJECT_NUMBER}/secrets/${secret}] not found.`)
  }
  const filter = /^state[:=](ENABLED|DISABLED|DESTROYED)$/.exec(request.query.get('filter') ?? '')
  const found = versions.toReversed().filter(({ state }) => filter === null || state === filter[1])
  const from = Number(request.query.get('pageToken') || '0')
  const to = from + Math.min(Number(request.query.get('pageSize')) || PAGE_SIZE_MAX, PAGE_SIZE_MAX)
  return ok({
    versions: found.slice(from, to).map((version) => versionBody(request, version)),
    ...(to < found.length && { nextPageToken: String(to) }),
    totalSize: found.length,
  })
}

function versionBody(request: ApiRequest, version: StoredVersion): Readonly<Record<string, unknown>> {
  const numeric = (request.query.get('$alt') ?? '').includes('enum-encoding=int')
  return {
    name: nameOf(version),
    createTime: version.createTime,
    state: numeric ? STATE_NUMBERS[version.state] : version.state,
    replicationStatus: { automatic: {} },
    etag: `"${version.version}-${version.state}"`,
  }
}

function nameOf({ secret, version }: StoredVersion): string {
  return `projects/${PROJECT_NUMBER}/secrets/${secret}/versions/${version}`
}

function ok(body: unknown): ApiReply {
  return { status: 200, body }
}

function errorReply(code: number, message: string, status = STATUS_NAMES[code] ?? 'UNKNOWN'): ApiReply {
  return { status: code, body: { error: { code, message, status } } }
}
