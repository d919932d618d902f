/** The `name=value` lines of FACTS_SCRIPT (commands/machine.ts) → MachineFacts. */
import { z } from 'zod'
import type { MachineFacts } from '../core/evidence.ts'

export type ReadFacts =
  | { readonly kind: 'ok'; readonly facts: MachineFacts }
  | { readonly kind: 'unreadable'; readonly detail: string }

const TEXT_MAX = 4 * 1024

const lines = z.object({
  boot_id: z.guid().transform((id) => id.toLowerCase()),
  /** Seconds since boot, as /proc/uptime gives them. */
  uptime: z
    .string()
    .regex(/^\d{1,10}(\.\d{1,9})?$/)
    .transform((seconds) => Math.round(Number(seconds) * 1000)),
  held: z.enum(['yes', 'no']).transform((word) => word === 'yes'),
  fence: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .optional(),
  last: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/)
    .optional(),
})

/** Names that it does not know are passed over; an empty value says nothing, as if the line were missing. */
export function parseFacts(text: string): ReadFacts {
  if (text.length > TEXT_MAX) return { kind: 'unreadable', detail: 'the facts are too long' }
  const parsed = lines.safeParse(namedValues(text))
  if (!parsed.success) {
    const name = parsed.error.issues[0]?.path.join('.') ?? 'facts'
    return { kind: 'unreadable', detail: `the machine's ${name} is missing or malformed` }
  }
  const { boot_id: bootId, uptime: uptimeMs, held, fence, last } = parsed.data
  return {
    kind: 'ok',
    facts: {
      bootId,
      uptimeMs,
      held,
      ...(fence === undefined ? {} : { fence }),
      ...(last === undefined ? {} : { lastActionId: last }),
    },
  }
}

function namedValues(text: string): Readonly<Record<string, string>> {
  const found = new Map<string, string>()
  for (const line of text.split('\n')) {
    const split = line.indexOf('=')
    const value = line.slice(split + 1).trim()
    if (split > 0 && value !== '') found.set(line.slice(0, split).trim(), value)
  }
  return Object.fromEntries(found)
}
