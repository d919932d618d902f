/** How the pages say things: verdicts, witnesses, times and durations. Text from outside goes through inert.ts. */
import { html } from 'hono/html'
import type { VerdictKind } from '../../core/state.ts'

export type Html = ReturnType<typeof html>

/** A colour's meaning; never the only carrier of it: an icon or a word stands beside. */
export type Tone = 'good' | 'warn' | 'bad' | 'quiet'

export const VERDICT_TONES: Readonly<Record<VerdictKind, Tone>> = {
  healthy: 'good',
  degraded: 'warn',
  unhealthy: 'bad',
  inconclusive: 'quiet',
}

const GOOD_KINDS: readonly string[] = ['ok', 'seen', 'fresh', 'RUNNING', 'in-sync']
const QUIET_KINDS: readonly string[] = ['not-asked', 'absent', 'unavailable', 'unknown', 'none']

/** What a witness's word means for the eye; an unknown one is taken for bad news. */
export function evidenceTone(kind: string): Tone {
  if (GOOD_KINDS.includes(kind)) return 'good'
  if (QUIET_KINDS.includes(kind)) return 'quiet'
  return 'bad'
}

const WITNESSES: Readonly<Record<string, string>> = {
  http: 'HTTP',
  ssh: 'SSH',
  vm: 'Compute',
  kit: 'Kit',
  inside: 'Inside',
  heartbeat: 'Heartbeat',
  workloads: 'Workloads',
  canary: 'Canary',
}

export function witnessName(name: string): string {
  return WITNESSES[name] ?? name
}

export function icon(name: string): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="#icon-${name}"></use></svg>`
}

/** How a moment stands in its sentence: `at 03:14:08 UTC`, `since 03:14:08 UTC`, or just the time. */
export type MomentStyle = 'at' | 'since' | 'plain'

/** A moment, in UTC; the script makes "12 s ago" or "for 12 s" of it, and keeps it so. */
export function moment(at: string, now: number, style: MomentStyle = 'plain'): Html {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return html`<span>at an unknown time</span>`
  const iso = date.toISOString()
  const sameDay = iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10)
  const text = sameDay ? `${iso.slice(11, 19)} UTC` : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
  const words = style === 'plain' ? text : `${style} ${text}`
  return html`<time datetime="${iso}" data-relative="${style}">${words}</time>`
}

/** A moment that stays a clock time, for timelines. */
export function clockTime(at: string): Html {
  const iso = new Date(at).toISOString()
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(11, 19)}</time>`
}

/** `45 s`, `3 min`, `2 h`, `4 d`: the largest unit that says enough. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60 || (minutes < 120 && minutes > 60)) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`
}

export function count(many: number, one: string): string {
  return `${many} ${one}${many === 1 ? '' : 's'}`
}
