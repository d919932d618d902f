/**
 * What `podman container inspect` and `podman secret inspect` print → evidence. Only the fields named here are
 * read, so nothing of a container's environment gets out. What a state means is core's work.
 */
import { z } from 'zod'
import type { ContainerEvidence, PresentSecret, PresentSecrets } from '../core/evidence.ts'
import { plainText } from '../core/plain-text.ts'
import { parseJsonText } from './json-text.ts'

export type InspectedContainers =
  | { readonly kind: 'ok'; readonly containers: ReadonlyMap<string, ContainerEvidence> }
  | { readonly kind: 'unreadable'; readonly detail: string }

const TEXT_MAX = 256 * 1024
const LIST_MAX = 64

const name = z.string().min(1).max(253)

/** Podman says "" or "none" where there is no health check, and newer ones "stopped": no word about health. */
const health = z.object({
  Status: z.enum(['starting', 'healthy', 'unhealthy']),
  FailingStreak: z.int().min(0).max(1_000_000).optional().catch(undefined),
})

/** Podman's libpod/define/container_inspect.go: `Health` since 4.0, `Healthcheck` before. */
const container = z.object({
  Id: z.string().regex(/^[0-9a-f]{12,64}$/),
  Name: name,
  State: z.object({
    Running: z.boolean(),
    ExitCode: z.int().optional().catch(undefined),
    Health: health.optional().catch(undefined),
    Healthcheck: health.optional().catch(undefined),
  }),
})

/** `text` is a JSON array of the containers that exist; the others are missing from the map. */
export function parseContainers(text: string): InspectedContainers {
  const list = parseList(text)
  if (list === undefined) return { kind: 'unreadable', detail: "podman's answer is not a JSON array" }
  const containers = new Map<string, ContainerEvidence>()
  for (const entry of list) {
    const parsed = container.safeParse(entry)
    if (!parsed.success)
      return { kind: 'unreadable', detail: `podman's answer has no ${whatIsMissing(parsed.error)}` }
    containers.set(parsed.data.Name, containerEvidence(parsed.data))
  }
  return { kind: 'ok', containers }
}

function containerEvidence({ Id, State }: z.infer<typeof container>): ContainerEvidence {
  const checked = State.Health ?? State.Healthcheck
  return {
    id: Id,
    running: State.Running,
    ...(State.Running || State.ExitCode === undefined ? {} : { exitCode: State.ExitCode }),
    ...(checked === undefined ? {} : { health: checked.Status }),
    ...(checked?.FailingStreak === undefined ? {} : { failingStreak: checked.FailingStreak }),
  }
}

/** `Labels` is null in Podman's JSON when there are none. */
const secret = z.object({
  Spec: z.object({ Name: name, Labels: z.record(z.string(), z.unknown()).nullish().catch(undefined) }),
})

/** A label of ours: what Secret Manager allows in a secret's name or a version's number. */
const label = z.string().regex(/^[A-Za-z0-9_./-]{1,255}$/)

/**
 * `text` is a JSON array of the secrets that exist. Podman also takes the beginning of an id for a name, so only
 * those of `names` count. `labels` are the names of the labels that the guard writes.
 */
export function parsePresentSecrets(
  text: string,
  { names, labels }: { names: readonly string[]; labels: { source: string; version: string } },
): PresentSecrets {
  const list = parseList(text)
  if (list === undefined) return { kind: 'unreadable', detail: "podman's answer is not a JSON array" }
  const secrets: PresentSecret[] = []
  for (const entry of list) {
    const parsed = secret.safeParse(entry)
    if (!parsed.success)
      return { kind: 'unreadable', detail: `podman's answer has no ${whatIsMissing(parsed.error)}` }
    const { Name, Labels } = parsed.data.Spec
    const source = label.safeParse(Labels?.[labels.source]).data
    const version = label.safeParse(Labels?.[labels.version]).data
    if (!names.includes(Name)) continue
    secrets.push({
      name: Name,
      ...(source === undefined ? {} : { source }),
      ...(version === undefined ? {} : { version }),
    })
  }
  return { kind: 'ok', secrets }
}

function parseList(text: string): readonly unknown[] | undefined {
  if (text.length > TEXT_MAX) return undefined
  const parsed = parseJsonText(text)
  if (parsed.kind !== 'json' || !Array.isArray(parsed.value)) return undefined
  return parsed.value.length <= LIST_MAX ? (parsed.value as readonly unknown[]) : undefined
}

function whatIsMissing(error: z.ZodError): string {
  return `${plainText(error.issues[0]?.path.join('.') || 'entry', 80)} that can be read`
}
