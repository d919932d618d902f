/**
 * The `policy` section: every number of core/policy.ts under the same name, each with its default. The shape
 * is read off the defaults, so that a new number can be set the day it is there; its name says its unit.
 */
import { z } from 'zod'
import { DEFAULT_POLICY, MODES, type Policy } from '../core/policy.ts'
import { chainWorstCaseMs } from '../core/worst-case.ts'
import { count, duration } from './config-parts.ts'

const COUNT_MAX = 10_000
/** What is written a day is bounded, so what is kept of it is, too. */
const DAYS_KEPT_MAX = 90
const ROLLUP_EVERY_MIN_MS = 60_000
/** The machine is in trouble while it is asked: its box must not keep it there. */
const COLLECT_MAX_MS = 10_000

/** Built from the defaults' shape: the compiler can't follow that, the test that parses the defaults can. */
export const policySchema = sectionOf(DEFAULT_POLICY)
  .transform((policy) => policy as Policy)
  .superRefine((policy, context) => {
    for (const { path, message } of senselessIn(policy)) {
      context.addIssue({ code: 'custom', path: path.split('.'), message })
    }
  })

function sectionOf(defaults: object) {
  const fields = Object.entries(defaults).map(([name, value]) => [name, fieldOf(name, value)])
  return z.strictObject(Object.fromEntries(fields) as Record<string, z.ZodType>)
}

function fieldOf(name: string, value: unknown): z.ZodType {
  if (Array.isArray(value)) {
    return z
      .array(itemOf(name, value[0]))
      .min(1, { error: 'must have at least one entry' })
      .max(20)
      .default(value)
  }
  if (typeof value === 'object' && value !== null) return sectionOf(value).prefault({})
  return scalarOf(name).default(value)
}

/** An entry of a list has no defaults: it is written whole. */
function itemOf(name: string, value: unknown): z.ZodType {
  if (typeof value !== 'object' || value === null) return scalarOf(name)
  return z.strictObject(
    Object.fromEntries(Object.keys(value).map((field) => [field, scalarOf(field)])) as Record<
      string,
      z.ZodType
    >,
  )
}

function scalarOf(name: string): z.ZodType {
  if (name === 'mode')
    return z.enum(MODES).describe('act, or observe: decide and record everything, do nothing')
  if (name.endsWith('Ms')) return duration
  if (name.endsWith('Percent')) return z.number().min(0).max(100)
  if (name.endsWith('Share')) return z.number().min(0.01).max(1)
  if (name.endsWith('Allowed')) return z.boolean()
  if (name === 'daysKept') return count({ min: 1, max: DAYS_KEPT_MAX })
  // A budget of 0 forbids a rung.
  return count({ min: name === 'max' ? 0 : 1, max: COUNT_MAX })
}

type Senseless = { readonly path: string; readonly message: string }

/** What must hold, the field that is to blame otherwise, and what it must be. */
type Rule = readonly [boolean, string, string]

/** Numbers that are each fine, and together make a guard that never acts or never ends. */
function senselessIn(policy: Policy): readonly Senseless[] {
  const { tick, probe, ssh, confirmation, lease } = policy
  const probesMs = probe.count * probe.timeoutMs + (probe.count - 1) * probe.gapMs
  const flapsMs = (confirmation.flapTicks - 1) * tick.everyMs
  const withinTick: readonly (readonly [string, number])[] = [
    ['ssh.connectMs', ssh.connectMs],
    ['ssh.patientConnectMs', ssh.patientConnectMs],
    ['ssh.commandMs', ssh.commandMs],
    ['ssh.lookMs', ssh.lookMs],
    ['ssh.orderMs', ssh.orderMs],
    ['compute.callMs', policy.compute.callMs],
    ['verify.inTickMs', policy.verify.inTickMs],
  ]
  const rules: readonly Rule[] = [
    [tick.deadlineMs <= 10 * tick.everyMs, 'tick.deadlineMs', 'must be at most ten times tick.everyMs'],
    [probe.idleTimeoutMs <= probe.timeoutMs, 'probe.idleTimeoutMs', 'must be at most probe.timeoutMs'],
    [
      probesMs < tick.deadlineMs,
      'probe.count',
      `takes ${probesMs} ms with its time-outs and gaps, which does not fit tick.deadlineMs`,
    ],
    [
      confirmation.gapMinMs < confirmation.gapMaxMs,
      'confirmation.gapMinMs',
      'must be less than confirmation.gapMaxMs',
    ],
    [
      confirmation.gapMinMs <= tick.everyMs && tick.everyMs <= confirmation.gapMaxMs,
      'confirmation.gapMaxMs',
      'must let tick.everyMs lie between gapMinMs and gapMaxMs: two ticks in a row could never confirm',
    ],
    [
      flapsMs <= confirmation.flapWindowMs,
      'confirmation.flapWindowMs',
      `must be at least ${flapsMs} ms, the time that flapTicks ticks take`,
    ],
    [ssh.connectMs <= ssh.patientConnectMs, 'ssh.patientConnectMs', 'must be at least ssh.connectMs'],
    [
      lease.issueRemainingMs < lease.durationMs,
      'lease.issueRemainingMs',
      'must be less than lease.durationMs',
    ],
    [tick.deadlineMs < lease.durationMs, 'lease.durationMs', 'must be more than tick.deadlineMs'],
    [
      policy.innerGuard.unknownMs <= policy.innerGuard.maxMs,
      'innerGuard.unknownMs',
      'must be at most innerGuard.maxMs',
    ],
    [policy.stockOut.firstMs <= policy.stockOut.maxMs, 'stockOut.firstMs', 'must be at most stockOut.maxMs'],
    ...memoryRules(policy),
    ...alertRules(policy),
    ...withinTick.map(
      ([path, value]) => [value < tick.deadlineMs, path, 'must be less than tick.deadlineMs'] as const,
    ),
  ]
  const broken = rules.flatMap(([holds, path, message]) => (holds ? [] : [{ path, message }]))
  // A chain is told of only when each of its parts fits by itself: otherwise the same mistake would be told twice.
  return broken.length > 0 ? broken : chainThatDoesNotFit(policy)
}

function memoryRules({ incident, blackBox, history, probationMs }: Policy): readonly Rule[] {
  return [
    [
      incident.relapsedProbationMs >= probationMs,
      'incident.relapsedProbationMs',
      'must be at least probationMs: a relapse makes probation longer',
    ],
    [blackBox.collectMs <= COLLECT_MAX_MS, 'blackBox.collectMs', 'must be at most 10 s'],
    [
      history.everyMs >= ROLLUP_EVERY_MIN_MS,
      'history.everyMs',
      'must be at least 1 min: each time is a write to the store',
    ],
  ]
}

function alertRules({ alerts, outbox, tick }: Policy): readonly Rule[] {
  return [
    [
      alerts.remindEveryMs >= tick.everyMs,
      'alerts.remindEveryMs',
      'must be at least tick.everyMs: nobody is reminded between ticks',
    ],
    [
      alerts.remindWarningEveryMs >= alerts.remindEveryMs,
      'alerts.remindWarningEveryMs',
      'must be at least alerts.remindEveryMs',
    ],
    [
      alerts.buttonsMs >= tick.everyMs,
      'alerts.buttonsMs',
      'must be at least tick.everyMs: ticks look for presses',
    ],
    [outbox.retryFirstMs <= outbox.retryMaxMs, 'outbox.retryFirstMs', 'must be at most outbox.retryMaxMs'],
    [outbox.retryMaxMs < outbox.giveUpMs, 'outbox.giveUpMs', 'must be more than outbox.retryMaxMs'],
    [outbox.sendMs < tick.deadlineMs, 'outbox.sendMs', 'must be less than tick.deadlineMs'],
    [
      outbox.sendMs < outbox.claimMs,
      'outbox.claimMs',
      'must be more than outbox.sendMs: another run would send the same once more',
    ],
  ]
}

/** A tick that at worst can't both judge and mend: it would put the restart of a slow VM's workload off for ever. */
function chainThatDoesNotFit(policy: Policy): readonly Senseless[] {
  const chainMs = chainWorstCaseMs(policy, 'restart-workload')
  if (chainMs <= policy.tick.deadlineMs) return []
  const message = `must be at least ${chainMs} ms, which probe, look, last look and order of a restart take at worst`
  return [{ path: 'tick.deadlineMs', message }]
}
