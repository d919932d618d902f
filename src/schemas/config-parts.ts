/** The pieces of the configuration's schema: names, durations, addresses. What the sections say is config.ts. */
import { z } from 'zod'

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
const DURATION_MAX_MS = 30 * 86_400_000
const DURATION_HELP = 'must be milliseconds, or a text like "45s", "5m", "1h"'

/** Milliseconds, written as a number or as `45s`, `5m`, `1h`, `1d`. */
export const duration = z
  .union([z.int().positive(), z.string().regex(DURATION, { error: DURATION_HELP })], { error: DURATION_HELP })
  .transform((value) => (typeof value === 'number' ? value : millisecondsOf(value)))
  .refine((value) => value > 0 && value <= DURATION_MAX_MS, {
    error: 'must be more than 0 and at most 30 days',
  })

function millisecondsOf(text: string): number {
  const [, amount = '', unit = ''] = DURATION.exec(text) ?? []
  return Math.round(Number(amount) * (UNIT_MS[unit] ?? Number.NaN))
}

export function count({ min, max }: { min: number; max: number }) {
  return z
    .int({ error: `must be a whole number from ${min} to ${max}` })
    .min(min)
    .max(max)
}

function pattern(regex: RegExp, what: string) {
  return z.string().regex(regex, { error: `must be ${what}` })
}

export const projectId = pattern(
  /^(?:[a-z][a-z0-9.-]{0,60}[a-z0-9]:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  "a project's id: 6 to 30 lower-case letters, digits and -, a letter first",
)
export const zone = pattern(/^[a-z]+-[a-z]+[0-9]{1,2}-[a-z][a-z0-9]{0,4}$/, 'a zone like us-west1-b')
export const resourceName = pattern(
  /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/,
  '1 to 63 lower-case letters, digits and -, a letter first',
)
/** A secret in Secret Manager. */
export const secretName = pattern(
  /^[A-Za-z0-9_-]{1,255}$/,
  'the name of a secret: 1 to 255 letters, digits, _ and -',
)
/** A Podman secret. */
export const podmanName = pattern(
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/,
  'a name for Podman: letters, digits, _, . and -, a letter or digit first',
)
export const unitName = pattern(
  /^[A-Za-z0-9_][A-Za-z0-9:_.@\\-]{0,239}\.service$/,
  'a systemd service unit with its suffix, like agent.service',
)
export const userName = pattern(/^[a-z_][a-z0-9_-]{0,31}$/, 'the name of a Linux user')
export const environmentName = pattern(
  /^[A-Za-z_][A-Za-z0-9_]{0,254}$/,
  'the name of an environment variable',
)
export const hostName = pattern(
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45})$/,
  'a host name or an IP address',
)
export const email = z.email({ error: 'must be an e-mail address' }).max(320)

const VERSION_HELP = 'must be latest or the number of a version'

/** `latest`, or a version's number. */
export const secretVersion = z
  .union(
    [
      z.literal('latest', { error: VERSION_HELP }),
      z.int().min(1),
      z.string().regex(/^[1-9][0-9]{0,9}$/, { error: VERSION_HELP }),
    ],
    { error: VERSION_HELP },
  )
  .transform(String)

const URL_CHARACTERS_MAX = 2_000

/** http or https, without user name, password or fragment. */
export const httpUrl = z
  .string()
  .max(URL_CHARACTERS_MAX)
  .superRefine((text, context) => {
    const problem = urlProblem(text)
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })

function urlProblem(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null) return 'must be a whole URL, like http://10.138.0.2:8080/health'
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `must begin with http:// or https://, not ${url.protocol}//`
  }
  if (url.username !== '' || url.password !== '') {
    return 'must not contain a user name or password: the configuration holds no secret'
  }
  return url.hash === '' ? undefined : 'must not contain a fragment (#…)'
}

/** Read from Secret Manager. */
export const fromSecretManager = z.strictObject({ secret: secretName })

const KEY_TYPES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
]
const KEY_CHARACTERS_MAX = 2_000

export type HostKeyText = { readonly type: string; readonly base64: string }

/** `guest-attributes`, or a host's public key as OpenSSH writes it: `ssh-ed25519 AAAA… comment`. */
export const hostKey = z
  .string()
  .max(KEY_CHARACTERS_MAX)
  .superRefine((text, context) => {
    const problem = text === 'guest-attributes' ? undefined : hostKeyProblem(text)
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })

export function hostKeyOf(text: string): HostKeyText {
  const [type = '', base64 = ''] = text.trim().split(/\s+/)
  return { type, base64 }
}

function hostKeyProblem(text: string): string | undefined {
  const { type, base64 } = hostKeyOf(text)
  if (!KEY_TYPES.includes(type)) {
    return `must be guest-attributes, or a public key that begins with one of ${KEY_TYPES.join(', ')}`
  }
  // The blob repeats its type behind a length of four bytes (RFC 4253, 6.6): a key cut short has none.
  const blob = /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && base64.length % 4 === 0 ? atob(base64) : ''
  const inside = blob.slice(4, 4 + type.length)
  return inside === type && blob.length > 36
    ? undefined
    : `must be ${type} and the whole key in base64, as in /etc/ssh/ssh_host_*_key.pub`
}
