/** Names of operations and their groups, worked out from paths where a route states none of its own. */

type Tag = {
  readonly name: string
  readonly description: string
  /** The first that fits has the path. */
  readonly paths: RegExp
}

const OTHER = 'Other'

/** In the order in which a newcomer needs them. */
export const TAGS: readonly Tag[] = [
  {
    name: 'Orders',
    description: 'What a person orders: each is recorded with who and why.',
    paths: /^\/api\/targets\/\{id\}\/(recover|arm|pause|resume)$/,
  },
  { name: 'Targets', description: 'What is watched, and how it is.', paths: /^\/api\/(targets|shadow)/ },
  {
    name: 'Incidents',
    description: 'What happened, what was done, and what the machine looked like before.',
    paths: /^\/api\/(incidents|black-boxes)/,
  },
  { name: 'Alerts', description: 'How people are told.', paths: /^\/api\/alerts/ },
  {
    name: 'Rounds',
    description: "The guard's own work, which a scheduler or an event starts.",
    paths: /^\/(tick|sync|events)(\/|$)/,
  },
  {
    name: 'Service',
    description: 'The service itself: whether it lives, its figures, its description.',
    paths: /^\/(health|metrics|openapi\.json|status\.json)$/,
  },
  { name: 'Sandbox', description: 'Breaking things on purpose; in the sandbox only.', paths: /^\/sandbox/ },
  { name: OTHER, description: 'The rest.', paths: /^/ },
]

export function tagOf(path: string): string {
  return TAGS.find(({ paths }) => paths.test(path))?.name ?? OTHER
}

/** `POST /api/targets/{id}/recover` is `postTargetsByIdRecover`: unique, for a path and method are. */
export function operationId(method: string, path: string): string {
  const words = path
    .replace(/^\/api\//, '/')
    .split('/')
    .flatMap((part) => (part.startsWith('{') ? ['by', part.slice(1, -1)] : part.split(/[^A-Za-z0-9]+/)))
    .filter((word) => word !== '')
  return [method, ...words.map(capital)].join('')
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}
