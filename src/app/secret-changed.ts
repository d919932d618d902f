/** A secret has a new version, or lost one: the targets that use it are synced at once. */
import { usesOf } from '../core/secret-plan.ts'
import type { Unavailable } from './guard.ts'
import type { RunContext } from './run-context.ts'
import { runFleet } from './run-fleet.ts'

type Changed =
  | { readonly kind: 'synced'; readonly targets: readonly string[] }
  /** It could not be done for all now; worth asking again. */
  | { readonly kind: 'busy'; readonly detail: string }
  | Unavailable

export async function secretChanged(context: RunContext, secret: string): Promise<Changed> {
  const using = context.targets.filter((target) => usesOf(target).some((use) => use.secret === secret))
  const targets = using.map(({ id }) => id)
  if (targets.length === 0) return { kind: 'synced', targets }
  const run = await runFleet(context, { kind: 'sync', dryRun: false }, targets)
  switch (run.kind) {
    case 'unavailable':
      return run
    case 'unknown-target':
      throw new Error(`${run.id} is of the configuration and unknown`)
    case 'run': {
      // A target that is left alone is so for long: asking again would not help.
      const hindered = run.rows.filter(
        ({ report, watched }) => watched !== undefined && report.trouble !== undefined,
      )
      if (hindered.length === 0) return { kind: 'synced', targets }
      const detail = hindered.map(({ report }) => `${report.id}: ${report.trouble}`).join('; ')
      return { kind: 'busy', detail: detail.slice(0, 500) }
    }
  }
}
