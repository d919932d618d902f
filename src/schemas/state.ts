/** The stored state of a target, as a schema. What its fields mean is in core/state.ts. */
import { z } from 'zod'
import { BUTTONS } from '../core/buttons.ts'
import { PHASES, STATE_SCHEMA, type TargetState, VERDICTS } from '../core/state.ts'
import { bucketSchema, periodSumSchema } from './history.ts'
import type { Exactly } from './state-exact.ts'
import {
  actingRungSchema,
  actionSchema,
  causeSchema,
  list,
  type Migrations,
  number,
  type Read,
  readDocument,
  text,
} from './state-parts.ts'

const fingerprintSchema = z.strictObject({
  healthUrl: text,
  ssh: text,
  instanceId: z.exactOptional(text),
  addresses: z.exactOptional(list(text)),
  hostKeys: z.exactOptional(list(z.strictObject({ type: text, base64: text }))),
})

const armingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('armed'), at: number, by: text, fingerprint: fingerprintSchema }),
  z.strictObject({
    kind: z.literal('unarmed'),
    why: z.enum(['new', 'changed', 'replaced', 'state-lost']),
    since: number,
  }),
])

const breakerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('closed') }),
  z.strictObject({ kind: z.literal('open'), since: number, rung: actingRungSchema, reason: text }),
])

const leaseSchema = z.strictObject({
  owner: text,
  fence: number,
  purpose: z.enum(['recovery', 'sync', 'manual']),
  expiresAt: number,
})

const useSchema = z.strictObject({
  rung: z.union([actingRungSchema, z.literal('rollout')]),
  unit: z.exactOptional(text),
  at: number,
})

const ladderStepSchema = z.strictObject({
  rung: actingRungSchema,
  unit: z.exactOptional(text),
  cause: text,
  at: number,
  bootId: z.exactOptional(text),
  verified: z.boolean(),
})

const lastVerdictSchema = z.strictObject({
  verdict: z.enum(VERDICTS),
  cause: z.exactOptional(causeSchema),
  reason: text,
  at: number,
})

const secretFields = {
  applied: list(z.strictObject({ name: text, secret: text, version: text, at: number })),
  syncTrouble: z.exactOptional(z.strictObject({ since: number, detail: text })),
  rollout: z.exactOptional(
    z.strictObject({
      id: text,
      startedAt: number,
      units: list(text),
      before: list(z.strictObject({ unit: text, invocationId: text })),
      expectedDownUntil: number,
    }),
  ),
}

const alertSchema = z.strictObject({
  thread: text,
  subject: z.enum(['incident', 'warning', 'fleet']),
  cause: z.exactOptional(z.union([causeSchema, z.enum(['manual', 'fleet'])])),
  since: number,
  number,
  toldAt: z.exactOptional(number),
  calledAt: z.exactOptional(number),
  storyTold: z.exactOptional(number),
  overAt: z.exactOptional(number),
  remindAt: z.exactOptional(number),
  goneSince: z.exactOptional(number),
  offeredAt: z.exactOptional(number),
  pressed: list(z.enum(BUTTONS)),
  leftBy: z.exactOptional(text),
  leftAt: z.exactOptional(number),
})

const tellingFields = {
  alert: z.exactOptional(alertSchema),
  fleetAlert: z.exactOptional(alertSchema),
  outboxDueAt: z.exactOptional(number),
  lookedAt: z.exactOptional(number),
  unrolled: z.exactOptional(bucketSchema),
  hours: list(periodSumSchema),
  days: list(periodSumSchema),
}

const outageFields = {
  failures: list(z.strictObject({ at: number, cause: causeSchema })),
  bannerTimeouts: number,
  innerGuardSince: z.exactOptional(number),
  silentSince: z.exactOptional(number),
  transitionSince: z.exactOptional(number),
  downSince: z.exactOptional(number),
  unclearSince: z.exactOptional(number),
  secretsSupplied: z.exactOptional(z.literal(true)),
  youngExcuses: list(number),
  grace: z.exactOptional(z.strictObject({ since: number, until: number, why: text })),
  graceSpent: z.boolean(),
  probationUntil: z.exactOptional(number),
  ladder: list(ladderStepSchema),
  stockOut: z.exactOptional(z.strictObject({ failures: number, until: number })),
  sshCheckedAt: z.exactOptional(number),
  sshTrouble: z.exactOptional(z.strictObject({ kind: text, since: number, detail: z.exactOptional(text) })),
}

export const stateSchema = z.strictObject({
  schema: z.literal(STATE_SCHEMA),
  target: text,
  phase: z.enum(PHASES),
  phaseSince: number,
  reason: text,
  arming: armingSchema,
  lastVerdict: z.exactOptional(lastVerdictSchema),
  healthySince: z.exactOptional(number),
  lastHealthyAt: z.exactOptional(number),
  cooldownResetAt: z.exactOptional(number),
  failingSince: z.exactOptional(number),
  ...outageFields,
  heartbeat: z.exactOptional(z.strictObject({ at: number, bootId: text, seenAt: number })),
  serialNext: z.exactOptional(number),
  bootId: z.exactOptional(text),
  servedByKit: z.exactOptional(z.boolean()),
  action: z.exactOptional(actionSchema),
  lease: z.exactOptional(leaseSchema),
  fence: number,
  uses: list(useSchema),
  breaker: breakerSchema,
  pause: z.exactOptional(z.strictObject({ by: text, reason: text, since: number, until: number })),
  incidentId: z.exactOptional(text),
  lastIncident: z.exactOptional(z.strictObject({ id: text, closedAt: number })),
  calledPerson: z.exactOptional(
    z.strictObject({ at: number, reason: text, final: z.exactOptional(z.literal(true)) }),
  ),
  relookAt: z.exactOptional(number),
  ...secretFields,
  ...tellingFields,
}) satisfies z.ZodType<TargetState>

const STATE_IS_EXACT: Exactly<z.output<typeof stateSchema>, TargetState> = true
void STATE_IS_EXACT

const MIGRATIONS: Migrations = {
  // 2 keeps sums of hours and days, and what people were told.
  1: (document) => ({ ...z.looseObject({}).parse(document), schema: 2, hours: [], days: [] }),
}

export function readState(value: unknown): Read<TargetState> {
  return readDocument(value, { schema: stateSchema, current: STATE_SCHEMA, migrations: MIGRATIONS })
}
