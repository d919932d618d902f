/**
 * What Compute Engine answers, cut down to what the guard reads, and the two guest attributes that a VM writes.
 * A VM's own words are hostile input: each is bounded. What they mean is core's business.
 */
import { z } from 'zod'
import type { HeartbeatEvidence } from '../core/evidence.ts'

const TEXT_MAX = 300

/** The client library fills absent fields with '' or null. */
const text = z
  .string()
  .nullish()
  .transform((value) => (value ?? '').slice(0, TEXT_MAX))

const moment = z
  .string()
  .nullish()
  .transform((value) => {
    const at = Date.parse(value ?? '')
    return Number.isNaN(at) ? undefined : at
  })

function list<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? [])
}

export const instanceSchema = z.object({
  id: z.coerce.string().regex(/^\d{1,20}$/),
  status: text,
  networkInterfaces: list(z.object({ networkIP: text, accessConfigs: list(z.object({ natIP: text })) })),
})

export const operationSchema = z.object({
  name: text,
  operationType: text,
  status: text,
  user: text,
  clientOperationId: text,
  insertTime: moment,
  endTime: moment,
  error: z
    .object({ errors: list(z.object({ code: text, message: text })) })
    .nullish()
    .transform((error) => error?.errors ?? []),
  httpErrorStatusCode: z
    .number()
    .nullish()
    .transform((status) => status ?? 0),
  httpErrorMessage: text,
})
export type ComputeOperation = z.infer<typeof operationSchema>

export const operationPageSchema = z.object({
  items: list(operationSchema),
  nextPageToken: z.string().nullish(),
})

/** `next` is int64 on the wire; a console has far fewer bytes than a double counts exactly. */
export const serialSchema = z.object({
  contents: z
    .string()
    .nullish()
    .transform((contents) => contents ?? ''),
  next: z.coerce.number().int().nonnegative(),
})

export const guestAttributesSchema = z.object({
  queryValue: z
    .object({ items: list(z.object({ namespace: text, key: text, value: z.string().max(8192) })) })
    .nullish(),
})

/** The kit's heartbeat: `{"bootId": "…", "at": "2026-01-01T00:00:00Z"}`, `at` also as epoch milliseconds. */
export const heartbeatSchema = z
  .object({
    bootId: z.string().regex(/^[0-9a-fA-F-]{8,64}$/),
    at: z.union([
      z.number().int().positive().max(8_640_000_000_000_000),
      z.iso.datetime({ offset: true }).transform((at) => Date.parse(at)),
    ]),
  })
  .transform(
    ({ bootId, at }) => ({ kind: 'seen', at, bootId }) satisfies Extract<HeartbeatEvidence, { kind: 'seen' }>,
  )
