/**
 * Compute's routes: which request asks for what, and how it is answered or refused. The emulator's state and its
 * controls are in compute-emulator.ts; the bodies in compute-bodies.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError, type ApiReply, type ApiRequest, type ApiRoute } from './api-server.ts'
import { guestAttributesBody, instanceBody, serialBody } from './compute-bodies.ts'
import type { Instance, PowerVerb } from './compute-instance.ts'
import type { OperationBook, OperationError } from './compute-operations.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** The API's own page size. */
export const MAX_RESULTS = 500
/** The real API's `wait` ends after two minutes at the latest. */
const WAIT_MAX_MS = 120_000
const WAIT_STEP_MS = 20

export type ComputeApi = {
  readonly project: string
  readonly base: string
  readonly instances: readonly Instance[]
  readonly book: OperationBook
  readonly plannedError: (verb: PowerVerb) => OperationError | undefined
  readonly caller: string
  readonly pageMax: number
  /** Aborted when the emulator closes. */
  readonly signal: AbortSignal
  readonly externalAddresses: Readonly<Record<string, string>>
}

const PATH =
  /^\/compute\/v1\/projects\/([^/]+)\/zones\/([^/]+)\/(instances|operations)(?:\/([^/]+))?(?:\/([^/]+))?$/

export function routeOf(request: ApiRequest, api: ComputeApi): ApiRoute | undefined {
  const match = PATH.exec(request.path)
  if (match === null) return undefined
  const [, project = '', zone = '', collection, name, action] = match
  const known: Known = (answer) => () => {
    if (project === api.project) return answer()
    return errorReply(404, `The resource 'projects/${project}' was not found`, 'notFound')
  }
  if (collection === 'operations') {
    return operationRoute(request, api, { zone, name, action, known })
  }
  if (name === undefined) return { method: 'instances.list', answer: known(() => instanceList(api, zone)) }
  const answer = instanceAnswer(request, api, action)
  if (answer === undefined) return undefined
  return { method: answer.method, answer: known(() => answer.answer(instanceAt(api, { zone, name }))) }
}

/** Answers only when the project is the emulator's. */
type Known = (answer: () => ApiReply | Promise<ApiReply>) => () => ApiReply | Promise<ApiReply>

function operationRoute(
  request: ApiRequest,
  api: ComputeApi,
  path: { zone: string; name: string | undefined; action: string | undefined; known: Known },
): ApiRoute | undefined {
  const { zone, name, action, known } = path
  if (name === undefined) {
    return { method: 'zoneOperations.list', answer: known(() => operationList(request, api, zone)) }
  }
  switch (`${request.verb} ${action ?? ''}`) {
    case 'GET ':
      return { method: 'zoneOperations.get', answer: known(() => operation(api, name)) }
    case 'POST wait':
      return { method: 'zoneOperations.wait', answer: known(() => operationEnd(api, name)) }
    default:
      return undefined
  }
}

function instanceAnswer(
  request: ApiRequest,
  api: ComputeApi,
  action: string | undefined,
): { method: string; answer: (instance: Instance) => ApiReply } | undefined {
  switch (`${request.verb} ${action ?? ''}`) {
    case 'GET ':
      return { method: 'instances.get', answer: (instance) => ok(body(api, instance)) }
    case 'GET serialPort':
      return {
        method: 'instances.getSerialPortOutput',
        answer: ({ machine, links }) =>
          ok(serialBody(machine.serial(), request.query.get('start'), links.selfLink)),
      }
    case 'GET getGuestAttributes':
      return { method: 'instances.getGuestAttributes', answer: (instance) => attributes(request, instance) }
    case 'POST start':
    case 'POST stop':
    case 'POST suspend':
    case 'POST resume':
    case 'POST reset': {
      const verb = action as PowerVerb
      return { method: `instances.${verb}`, answer: (instance) => power(request, api, { instance, verb }) }
    }
    default:
      return undefined
  }
}

function power(
  request: ApiRequest,
  api: ComputeApi,
  { instance, verb }: { readonly instance: Instance; readonly verb: PowerVerb },
): ApiReply {
  const requestId = request.query.get('requestId') ?? undefined
  if (requestId !== undefined && !UUID.test(requestId)) {
    return errorReply(400, `Invalid value for field 'requestId': '${requestId}'. Must be a UUID.`, 'invalid')
  }
  const who = { user: api.caller, ...(requestId === undefined ? {} : { requestId }) }
  if (requestId !== undefined) {
    const earlier = api.book.byRequest({ requestId, targetId: instance.identity().instanceId })
    if (earlier !== undefined) return ok(earlier)
  }
  const refusal = instance.refusal(verb)
  if (refusal !== undefined) return errorReply(400, refusal, 'resourceNotReady')
  return ok(instance.order(verb, who, api.plannedError(verb)))
}

function operation(api: ComputeApi, name: string): ApiReply {
  const found = api.book.find(name)
  return found ? ok(found) : errorReply(404, `The resource operation '${name}' was not found`, 'notFound')
}

/** Answers when the operation is DONE, or with how it stands at the end of the wait. */
async function operationEnd(api: ComputeApi, name: string): Promise<ApiReply> {
  const until = Date.now() + WAIT_MAX_MS
  while (Date.now() < until && !api.signal.aborted) {
    const found = api.book.find(name)
    if (found === undefined || found.status === 'DONE') break
    await sleep(WAIT_STEP_MS)
  }
  return operation(api, name)
}

function operationList({ query }: ApiRequest, api: ComputeApi, zone: string): ApiReply {
  // A look at the instances first: one that went down by itself is only then in the book.
  for (const instance of api.instances) instance.status()
  const filter = query.get('filter') ?? ''
  const page = api.book.list({
    zoneLink: `${api.base}/zones/${zone}`,
    filter,
    newestFirst: query.get('orderBy') === 'creationTimestamp desc',
    maxResults: Math.min(Number(query.get('maxResults')) || MAX_RESULTS, api.pageMax),
    pageToken: query.get('pageToken') ?? '',
  })
  if (page !== 'invalid-filter') return ok({ kind: 'compute#operationList', ...page })
  return errorReply(
    400,
    `Invalid value for field 'filter': '${filter}'. Invalid list filter expression.`,
    'invalid',
  )
}

function instanceList(api: ComputeApi, zone: string): ApiReply {
  const inZone = api.instances.filter(({ machine }) => machine.zone === zone)
  return ok({ kind: 'compute#instanceList', items: inZone.map((instance) => body(api, instance)) })
}

function body(api: ComputeApi, instance: Instance): unknown {
  return instanceBody(instance, api.externalAddresses[instance.machine.name])
}

function attributes({ query }: ApiRequest, { machine, links }: Instance): ApiReply {
  const queryPath = query.get('queryPath') ?? ''
  const found = guestAttributesBody(machine.guestAttributes(), queryPath, links.selfLink)
  if (found !== undefined) return ok(found)
  return errorReply(404, `The resource '${queryPath}' of type 'Guest Attribute' was not found.`, 'notFound')
}

function instanceAt(
  api: ComputeApi,
  { zone, name }: { readonly zone: string; readonly name: string },
): Instance {
  const found = api.instances.find(({ machine }) => machine.name === name && machine.zone === zone)
  if (found !== undefined) return found
  const message = `The resource 'projects/${api.project}/zones/${zone}/instances/${name}' was not found`
  throw new ApiError(errorReply(404, message, 'notFound'), message)
}

function ok(answered: unknown): ApiReply {
  return { status: 200, body: answered }
}

/** Compute's error bodies carry no canonical status name. */
export function errorReply(status: number, message: string, reason = 'backendError'): ApiReply {
  const errors = [{ message, domain: 'global', reason }]
  return { status, body: { error: { code: status, message, errors } } }
}
