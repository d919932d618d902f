/** What `systemctl show` prints → UnitEvidence without its container. What a state means is core's work. */
import { z } from 'zod'
import type { UnitEvidence } from '../core/evidence.ts'

export type ShownUnits =
  | { readonly kind: 'ok'; readonly units: readonly UnitEvidence[] }
  | { readonly kind: 'unreadable'; readonly detail: string }

const TEXT_MAX = 256 * 1024
/** systemd's states are words like `start-limit-hit`. */
const state = z.string().regex(/^[a-z-]{1,40}$/)

const shownUnit = z.object({
  LoadState: state,
  ActiveState: state,
  SubState: state,
  Result: state,
  /** 128 bits in hex; empty for a unit that never ran. */
  InvocationID: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional()
    .catch(undefined),
  TimeoutStartUSec: z.string().optional(),
})

/**
 * `text` holds a block of `Name=value` lines a unit, parted by empty lines, in the order of `units` as they
 * were asked for; an alias shows another Id than it was asked by, so the place counts.
 */
export function parseShownUnits(text: string, units: readonly string[]): ShownUnits {
  if (text.length > TEXT_MAX) return unreadable('the answer is too long')
  const blocks = text.split(/\n\s*\n/).filter((block) => block.trim() !== '')
  if (blocks.length !== units.length)
    return unreadable(`${blocks.length} units were shown, ${units.length} asked for`)
  const shown: UnitEvidence[] = []
  for (const [index, unit] of units.entries()) {
    const parsed = shownUnit.safeParse(properties(blocks[index] ?? ''))
    if (!parsed.success) return unreadable(`what it says of ${unit} has no ${firstPath(parsed.error)}`)
    shown.push(evidenceOf(unit, parsed.data))
  }
  return { kind: 'ok', units: shown }
}

function unreadable(why: string): ShownUnits {
  return { kind: 'unreadable', detail: `systemctl's answer can't be read: ${why}` }
}

function firstPath(error: z.ZodError): string {
  return `${error.issues[0]?.path.join('.') ?? 'state'} that can be read`
}

function properties(block: string): Readonly<Record<string, string>> {
  const found = new Map<string, string>()
  for (const line of block.split('\n')) {
    const split = line.indexOf('=')
    if (split > 0) found.set(line.slice(0, split), line.slice(split + 1).trim())
  }
  return Object.fromEntries(found)
}

function evidenceOf(unit: string, shown: z.infer<typeof shownUnit>): UnitEvidence {
  const startTimeoutMs = parseTimeSpan(shown.TimeoutStartUSec ?? '')
  return {
    unit,
    load: shown.LoadState,
    active: shown.ActiveState,
    sub: shown.SubState,
    result: shown.Result,
    ...(shown.InvocationID === undefined ? {} : { invocationId: shown.InvocationID }),
    ...(startTimeoutMs === undefined ? {} : { startTimeoutMs }),
  }
}

const SECOND = 1_000
const DAY = 86_400 * SECOND
/** The units that systemd prints, with its own lengths of a month and a year (systemd.time(7)). */
const UNIT_MS: Readonly<Record<string, number>> = {
  us: 0.001,
  µs: 0.001,
  μs: 0.001,
  ms: 1,
  s: SECOND,
  min: 60 * SECOND,
  h: 3_600 * SECOND,
  d: DAY,
  w: 7 * DAY,
  month: 30.44 * DAY,
  y: 365.25 * DAY,
}

/** systemd's time spans, such as `1min 30s`, in milliseconds; `infinity` and what is none: undefined. */
export function parseTimeSpan(text: string): number | undefined {
  const parts = text.trim().split(/\s+/, 16)
  let total = 0
  for (const part of parts) {
    const [, count, unit] = /^(\d{1,15}(?:\.\d{1,6})?)([a-zµμ]{1,5})$/.exec(part) ?? []
    const factor = unit !== undefined && Object.hasOwn(UNIT_MS, unit) ? UNIT_MS[unit] : undefined
    if (count === undefined || factor === undefined) return undefined
    total += Number(count) * factor
  }
  return Math.round(total)
}
