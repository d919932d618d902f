/**
 * What anybody may see of the chosen targets, made from what the guard knows: a word, shares and minutes. Whatever
 * explains (reasons, causes, evidence, incidents, units, addresses, ids) stays out here, so no page can show it.
 */

import { assertNever } from '../../core/assert-never.ts'
import type { StatusPage } from '../../core/channel.ts'
import { dayOf } from '../../core/history.ts'
import type { DayView, TargetView } from '../../core/report.ts'
import type { PublicWord } from '../../schemas/api-status.ts'

export type PublicDay = {
  /** `2026-11-20`, in UTC. */
  readonly day: string
  /** 0 to 1; absent when nothing could be concluded all day. */
  readonly uptime?: number
  /** About: looks that found it down, times the time between looks. */
  readonly downMs: number
}

export type PublicTarget = {
  readonly name: string
  readonly word: PublicWord
  /** 0 to 1, of the last 90 days. */
  readonly uptime?: number
  /** Oldest first, at most 90; days without a look are left out. */
  readonly days: readonly PublicDay[]
}

export type StatusView = {
  readonly title: string
  readonly at: number
  readonly word: PublicWord
  readonly targets: readonly PublicTarget[]
  /** By the chosen id, for badges; never shown. */
  readonly byId: ReadonlyMap<string, PublicTarget>
}

export const DAYS_SHOWN = 90
const DAY_MS = 24 * 3_600_000
/** Sums of a day reach the memory within ten minutes or so; a look that is older than this says nothing of now. */
const STALE_MS = 30 * 60_000

/** Worst first. */
const WORST: readonly PublicWord[] = ['down', 'degraded', 'unknown', 'up']

export function statusView(
  status: StatusPage,
  options: {
    /** Of all targets; undefined when nothing can be known now. */
    readonly views: readonly TargetView[] | undefined
    readonly now: number
    readonly tickEveryMs: number
  },
): StatusView {
  const { views = [], now } = options
  const entries = status.targets.map(({ id, name }) => {
    const view = views.find((candidate) => candidate.id === id)
    return [id, view === undefined ? unknownTarget(name) : publicTarget(name, view, options)] as const
  })
  const targets = entries.map(([, target]) => target)
  const word = WORST.find((each) => targets.some((target) => target.word === each)) ?? 'unknown'
  return { title: status.title, at: now, word, targets, byId: new Map(entries) }
}

function unknownTarget(name: string): PublicTarget {
  return { name, word: 'unknown', days: [] }
}

function publicTarget(
  name: string,
  view: TargetView,
  { now, tickEveryMs }: { readonly now: number; readonly tickEveryMs: number },
): PublicTarget {
  const first = dayOf(now - (DAYS_SHOWN - 1) * DAY_MS)
  const uptime = view.uptime.days90
  return {
    name,
    word: wordOf(view, now),
    ...(uptime === undefined ? {} : { uptime }),
    days: view.days.filter(({ day }) => day >= first).map((day) => publicDay(day, tickEveryMs)),
  }
}

function wordOf(view: TargetView, now: number): PublicWord {
  const { verdict, phase, trouble } = view
  if (trouble !== undefined || isStale(view, now)) return 'unknown'
  switch (verdict) {
    case 'healthy':
      return 'up'
    case 'degraded':
      return 'degraded'
    case 'unhealthy':
      // One bad look is a suspicion, and most of them come to nothing.
      return phase === 'suspect' ? 'unknown' : 'down'
    case 'inconclusive':
      return 'unknown'
    default:
      return assertNever(verdict)
  }
}

/** By the newest look of this process or another's that was written down, which happens every ten minutes. */
function isStale({ lastTickAt }: TargetView, now: number): boolean {
  return lastTickAt === undefined || now - Date.parse(lastTickAt) > STALE_MS
}

function publicDay({ day, healthy, degraded, unhealthy }: DayView, tickEveryMs: number): PublicDay {
  const up = healthy + degraded
  const conclusive = up + unhealthy
  return {
    day,
    ...(conclusive === 0 ? {} : { uptime: up / conclusive }),
    downMs: unhealthy * tickEveryMs,
  }
}
