/** Stored measurements, as schemas. What their fields mean is in core/history.ts. */
import { z } from 'zod'
import type { Bucket, PeriodSum } from '../core/bucket.ts'
import { ROLLUP_SCHEMA } from '../core/history.ts'
import type { Exactly } from './state-exact.ts'
import { type Migrations, number, type Read, readDocument } from './state-parts.ts'

const gaugeSchema = z.strictObject({ count: number, sum: number, max: number })
const looks = { healthy: number, degraded: number, unhealthy: number, inconclusive: number }

export const bucketSchema = z.strictObject({
  from: number,
  to: number,
  looks: z.strictObject(looks),
  latencyMs: z.exactOptional(gaugeSchema),
  memoryUsedMb: z.exactOptional(gaugeSchema),
  swapUsedMb: z.exactOptional(gaugeSchema),
  memoryStallPercent: z.exactOptional(gaugeSchema),
}) satisfies z.ZodType<Bucket>

export const periodSumSchema = z.strictObject({ from: number, ...looks }) satisfies z.ZodType<PeriodSum>

const BUCKET_IS_EXACT: Exactly<z.output<typeof bucketSchema>, Bucket> = true
void BUCKET_IS_EXACT

const storedBucketSchema = z.strictObject({ schema: z.literal(ROLLUP_SCHEMA), bucket: bucketSchema })

const MIGRATIONS: Migrations = {}

/** A bucket as a store keeps it: `{schema, bucket}`. */
export function readBucket(value: unknown): Read<z.output<typeof storedBucketSchema>> {
  return readDocument(value, { schema: storedBucketSchema, current: ROLLUP_SCHEMA, migrations: MIGRATIONS })
}
