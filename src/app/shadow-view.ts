/** What the guard would have done in the last days: read from the incidents of that time. */
import type { Incident } from '../core/incident.ts'
import type { ShadowReport } from '../core/report.ts'
import type { Unavailable } from './guard.ts'
import type { RunContext } from './run-context.ts'

const DAY_MS = 24 * 3_600_000
const PAGE = 100
const PAGES_MAX = 10

type Found = { readonly kind: 'shadow'; readonly report: ShadowReport }

export async function shadowReport(
  { ports, policy, targets }: RunContext,
  { days }: { readonly days: number },
): Promise<Found | Unavailable> {
  const now = ports.clock.now()
  const since = now - days * DAY_MS
  const incidents: Incident[] = []
  let cursor: string | undefined
  let cut = false
  for (let page = 0; ; page += 1) {
    const found = await ports.store.incidents({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) })
    if (found.kind === 'unavailable') return found
    if (found.kind === 'bad-cursor') throw new Error(`The store refused its own cursor: ${found.detail}`)
    const recent = found.incidents.filter(({ openedAt }) => openedAt >= since)
    incidents.push(...recent)
    cursor = found.next
    if (cursor === undefined || recent.length < found.incidents.length) break
    if (page + 1 === PAGES_MAX) {
      cut = true
      break
    }
  }
  const report: ShadowReport = {
    mode: policy.mode,
    fromAt: new Date(since).toISOString(),
    toAt: new Date(now).toISOString(),
    targets: targets.map(({ id }) => ofTarget(id, incidents)),
    cut,
  }
  return { kind: 'shadow', report }
}

function ofTarget(id: string, incidents: readonly Incident[]): ShadowReport['targets'][number] {
  const own = incidents.filter(({ target }) => target === id)
  const would = own.flatMap((incident) =>
    incident.would.map(({ at, ...row }) => ({
      at: new Date(at).toISOString(),
      ...row,
      incidentId: incident.id,
      ...(incident.recoveredAt === undefined ? {} : { lastedMs: Math.max(0, incident.recoveredAt - at) }),
    })),
  )
  return { id, outages: own.length, would: would.toSorted((one, other) => (one.at < other.at ? -1 : 1)) }
}
