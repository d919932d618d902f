/**
 * The health body that the kit serves on a VM → KitReport. Hostile input: a member that is not what it should
 * be is left out, and a body that is not the kit's is no report at all. Judging it is core's work.
 */
import { z } from 'zod'
import type { KitReport } from '../core/evidence.ts'
import { plainText } from '../core/plain-text.ts'

/** The wire format's name and version; another version is not read. */
export const KIT_FORMAT = 'night-guard/1'

/** The kit's word about the whole VM. */
export const KIT_STATUSES = ['healthy', 'degraded', 'failed'] as const

const LIST_MAX = 64
const WORD_MAX = 128
const NUMBER_MAX = 1e12

const word = z
  .string()
  .transform((text) => plainText(text, WORD_MAX))
  .pipe(z.string().min(1))
const amount = z.number().min(0).max(NUMBER_MAX)
const space = z.object({ totalMb: amount, usedMb: amount })
const workload = z.object({ unit: word, state: word, health: word.optional().catch(undefined) })

const kitBody = z.object({
  kit: z.literal(KIT_FORMAT),
  status: z.enum(KIT_STATUSES),
  bootId: z.uuid().optional().catch(undefined),
  uptimeSeconds: amount.optional().catch(undefined),
  workloads: z.array(z.unknown()).catch([]),
  memory: space.optional().catch(undefined),
  swap: space.optional().catch(undefined),
  disk: space.optional().catch(undefined),
  pressure: z
    .object({ memory: z.object({ full: z.number().min(0).max(100) }) })
    .optional()
    .catch(undefined),
})

/**
 * Reads the body, already parsed as JSON. The wire format, all of it optional but `kit` and `status`:
 *
 *     {
 *       "kit": "night-guard/1",
 *       "status": "healthy" | "degraded" | "failed",
 *       "reasons": ["agent.service is failed"],
 *       "bootId": "<uuid>", "uptimeSeconds": 12.5,
 *       "workloads": [{ "unit": "agent.service", "state": "active", "health": "healthy",
 *                       "restarts": 0, "startedAt": "2025-01-01T00:00:00Z" }],
 *       "memory": { "totalMb": 1000, "usedMb": 400 }, "swap": { … }, "disk": { … },
 *       "pressure": { "memory": { "some": 0.1, "full": 0 } },
 *       "load": [0.1, 0.1, 0.1],
 *       "secrets": [{ "name": "telegram_bot_token", "version": "3" }]
 *     }
 *
 * `state` is systemd's ActiveState, `health` Podman's word, `pressure.memory` the `avg60` of
 * /proc/pressure/memory in percent. At most 64 workloads are read, of each word at most 128 characters.
 * Served with 200 when `healthy` or `degraded` and 503 when `failed`; both are read here.
 */
export function parseKitReport(body: unknown): KitReport | undefined {
  const parsed = kitBody.safeParse(body)
  if (!parsed.success) return undefined
  const { status, bootId, uptimeSeconds, memory, swap, disk, pressure } = parsed.data
  return {
    status,
    ...(bootId === undefined ? {} : { bootId: bootId.toLowerCase() }),
    ...(uptimeSeconds === undefined ? {} : { uptimeSeconds }),
    workloads: parsed.data.workloads.slice(0, LIST_MAX).flatMap(readWorkload),
    ...(memory === undefined ? {} : { memory }),
    ...(swap === undefined ? {} : { swap }),
    ...(pressure === undefined ? {} : { memoryStallPercent: pressure.memory.full }),
    ...(disk === undefined ? {} : { disk }),
  }
}

function readWorkload(entry: unknown): readonly KitReport['workloads'][number][] {
  const parsed = workload.safeParse(entry)
  if (!parsed.success) return []
  const { unit, state, health } = parsed.data
  return [{ unit, state, ...(health === undefined ? {} : { health }) }]
}
