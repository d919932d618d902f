/** How sections of the configuration must fit each other: what names a target, and which secret is whose. */

/** `path` begins at the file's root. */
export type Misfit = { readonly path: readonly (string | number)[]; readonly message: string }

type Target = {
  readonly id: string
  readonly dependsOn?: readonly string[] | undefined
  readonly workloads: readonly {
    readonly unit: string
    readonly secrets: readonly { readonly secret: string }[]
  }[]
}

type File = {
  readonly targets: readonly Target[]
  readonly auth: { readonly mode: 'iam' | 'token' }
  readonly notify: readonly {
    readonly telegram?: { readonly token: { readonly secret: string } } | undefined
  }[]
  readonly statusPage?: { readonly targets: readonly { readonly target: string }[] } | undefined
}

export function misfitsIn(file: File): readonly Misfit[] {
  return [...dependencyMisfits(file.targets), ...tokenMisfits(file), ...statusPageMisfits(file)]
}

function dependencyMisfits(targets: readonly Target[]): readonly Misfit[] {
  const known = new Set(targets.map(({ id }) => id))
  const misfits = targets.flatMap(({ id, dependsOn = [] }, index) =>
    dependsOn.flatMap((name, at): readonly Misfit[] => {
      const path = ['targets', index, 'dependsOn', at]
      if (name === id) return [{ path, message: 'names the target itself' }]
      if (!known.has(name)) return [{ path, message: `names ${name}, which is no target` }]
      return dependsOn.indexOf(name) === at ? [] : [{ path, message: `names ${name} twice` }]
    }),
  )
  // A circle can only be told of among targets that are there.
  return misfits.length > 0 ? misfits : circleMisfits(targets)
}

/** Each circle once, at the first of its targets. */
function circleMisfits(targets: readonly Target[]): readonly Misfit[] {
  const byId = new Map(targets.map((target, index) => [target.id, { ...target, index }]))
  const done = new Set<string>()
  const misfits: Misfit[] = []
  const walk = (id: string, way: readonly string[]): void => {
    const begin = way.indexOf(id)
    if (begin !== -1) {
      misfits.push(circleOf(way.slice(begin), (name) => byId.get(name)?.index ?? 0))
      return
    }
    if (done.has(id)) return
    for (const next of byId.get(id)?.dependsOn ?? []) walk(next, [...way, id])
    done.add(id)
  }
  for (const { id } of targets) walk(id, [])
  return misfits
}

function circleOf(circle: readonly string[], indexOf: (id: string) => number): Misfit {
  const first = circle.reduce((one, other) => (indexOf(other) < indexOf(one) ? other : one))
  const start = circle.indexOf(first)
  const round = [...circle.slice(start), ...circle.slice(0, start), first]
  const message = `goes round in a circle: ${round.join(' needs ')}`
  return { path: ['targets', indexOf(first), 'dependsOn'], message }
}

function tokenMisfits({ targets, notify }: File): readonly Misfit[] {
  const users = new Map(
    targets.flatMap(({ id, workloads }) =>
      workloads.flatMap(({ unit, secrets }) => secrets.map(({ secret }) => [secret, `${unit} on ${id}`])),
    ),
  )
  return notify.flatMap(({ telegram }, index) => {
    const user = telegram === undefined ? undefined : users.get(telegram.token.secret)
    if (user === undefined) return []
    const message = `is used by ${user} too: the guard needs a bot of its own, for two programs that poll one bot steal each other's updates`
    return [{ path: ['notify', index, 'telegram', 'token', 'secret'], message }]
  })
}

function statusPageMisfits({ targets, statusPage, auth }: File): readonly Misfit[] {
  if (statusPage === undefined) return []
  const misfits: Misfit[] = []
  if (auth.mode === 'iam') {
    const message = 'needs auth.mode token: in iam mode the service is private, and nobody could see the page'
    misfits.push({ path: ['statusPage'], message })
  }
  const known = new Set(targets.map(({ id }) => id))
  const shown = statusPage.targets.map(({ target }) => target)
  for (const [at, target] of shown.entries()) {
    const path = ['statusPage', 'targets', at, 'target']
    if (!known.has(target)) misfits.push({ path, message: `names ${target}, which is no target` })
    else if (shown.indexOf(target) !== at) misfits.push({ path, message: `shows ${target} twice` })
  }
  return misfits
}
