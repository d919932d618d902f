/** The secrets plan: what is wanted, what is there, and so which Podman secrets are to be put. Values never come here. */
import type { SecretPut } from './action.ts'
import type { PresentSecret, PresentSecrets, SecretVersionEvidence } from './evidence.ts'
import type { SyncedSecret } from './report.ts'
import type { AppliedSecret } from './state.ts'
import type { SecretUse, Target } from './target.ts'

export type SecretPlan = {
  readonly puts: readonly SecretPut[]
  /** Secrets that are in place, by the VM's own word. */
  readonly inPlace: readonly SecretPut[]
  readonly secrets: readonly SyncedSecret[]
}

/** Each Podman secret once, in the order of the configuration. */
export function usesOf(target: Target): readonly SecretUse[] {
  const seen = new Map<string, SecretUse>()
  for (const workload of target.workloads)
    for (const use of workload.secrets) if (!seen.has(use.as)) seen.set(use.as, use)
  return [...seen.values()]
}

export function wantedNames(target: Target): readonly string[] {
  return usesOf(target).map(({ as }) => as)
}

export function unitsUsing(target: Target, names: readonly string[]): readonly string[] {
  return target.workloads
    .filter(({ secrets }) => secrets.some(({ as }) => names.includes(as)))
    .map(({ unit }) => unit)
}

/** By metadata alone: does any wanted version differ from what was applied last? */
export function secretsAreStale(
  target: Target,
  versions: readonly SecretVersionEvidence[],
  applied: readonly AppliedSecret[],
): boolean {
  return usesOf(target).some((use) => {
    const found = versionFor(use, versions)
    if (found?.kind !== 'version') return false
    const known = applied.find(({ name }) => name === use.as)
    return known === undefined || known.secret !== use.secret || known.version !== found.version
  })
}

/** Compares what is wanted with what the VM has. Unknown versions are kept as they are: the source may be down. */
export function planSecrets(
  target: Target,
  versions: readonly SecretVersionEvidence[],
  present: PresentSecrets | undefined,
  applied: readonly AppliedSecret[],
): SecretPlan {
  const puts: SecretPut[] = []
  const inPlace: SecretPut[] = []
  const secrets: SyncedSecret[] = []
  for (const use of usesOf(target)) {
    const row = { name: use.as, secret: use.secret }
    const found = versionFor(use, versions)
    if (found === undefined || found.kind === 'unavailable') {
      secrets.push({ ...row, result: 'unavailable', detail: found?.detail ?? 'the source was not asked' })
      continue
    }
    const put = { secret: use.secret, version: found.version, name: use.as }
    const insteadOf = found.insteadOf
    const note =
      insteadOf && `version ${insteadOf.version} is ${insteadOf.state}; the newest enabled one is used`
    if (present === undefined || present.kind === 'unreadable') {
      const detail = present?.detail ?? 'the VM could not be asked'
      const known = applied.some(({ name, version }) => name === use.as && version === found.version)
      secrets.push({
        ...row,
        version: found.version,
        result: known ? 'in-sync' : 'failed',
        detail: known ? (note ?? 'by what was applied last') : detail,
      })
      continue
    }
    const there = present.secrets.find(({ name }) => name === use.as)
    const drift = driftOf(there, put, applied)
    if (drift === undefined) {
      inPlace.push(put)
      secrets.push({ ...row, version: found.version, result: 'in-sync', ...(note ? { detail: note } : {}) })
    } else {
      puts.push(put)
      secrets.push({
        ...row,
        version: found.version,
        result: 'would-put',
        detail: note ? `${drift}; ${note}` : drift,
      })
    }
  }
  return { puts, inPlace, secrets }
}

function versionFor(
  use: SecretUse,
  versions: readonly SecretVersionEvidence[],
): SecretVersionEvidence | undefined {
  return versions.find(({ secret, wanted }) => secret === use.secret && wanted === use.version)
}

/** Why the VM's secret is not the wanted one; undefined when it is. */
function driftOf(
  there: PresentSecret | undefined,
  put: SecretPut,
  applied: readonly AppliedSecret[],
): string | undefined {
  const appliedHere = applied.some(({ name, version }) => name === put.name && version === put.version)
  if (there === undefined) return appliedHere ? 'it was removed on the VM' : 'it is not on the VM yet'
  if (there.source === undefined || there.version === undefined)
    return 'it is on the VM without our label: somebody else put it there'
  if (there.source !== put.secret) return `it came from ${there.source}`
  if (there.version !== put.version)
    return appliedHere
      ? `it was replaced on the VM by version ${there.version}`
      : `version ${there.version} is there`
  return undefined
}

/** Secrets of these units that the VM does not have: their containers can't be created without them. */
export function missingNames(
  target: Target,
  units: readonly string[],
  present: PresentSecrets | undefined,
): readonly string[] {
  if (present?.kind !== 'ok') return []
  const there = present.secrets.map(({ name }) => name)
  const wanted = target.workloads.filter(({ unit }) => units.includes(unit)).flatMap(({ secrets }) => secrets)
  return [...new Set(wanted.map(({ as }) => as))].filter((name) => !there.includes(name))
}
