/**
 * The `http` witness: one request, one word of evidence. When to ask again and what it means is core's work;
 * how a request is made is http-request.ts's.
 */
import { isUtf8 } from 'node:buffer'
import { assertNever } from '../core/assert-never.ts'
import type { HttpEvidence, KitReport } from '../core/evidence.ts'
import { meetsExpectation } from '../core/health-expectation.ts'
import { plainText } from '../core/plain-text.ts'
import type { HealthCheck } from '../core/target.ts'
import type { Clock } from '../ports/clock.ts'
import type { Probe } from '../ports/probe.ts'
import { parseJsonText } from '../schemas/json-text.ts'
import { parseKitReport } from '../schemas/kit-report.ts'
import type { AddressRule } from './http-address.ts'
import { type HttpAnswer, type HttpOutcome, httpRequest } from './http-request.ts'

export type HttpProbeOptions = {
  readonly clock: Clock
  /** Given by the sandbox, whose machines live on this one; everywhere else a loopback health URL is a mistake. */
  readonly allowLoopback?: boolean
}

const BODY_BYTES_MAX = 64 * 1024

/** `at` of the evidence is when the question was put. */
export function createHttpProbe({ clock, allowLoopback = false }: HttpProbeOptions): Probe {
  const rule: AddressRule = allowLoopback ? 'loopback-too' : 'no-loopback'
  return {
    async health(check, { timeoutMs }) {
      const at = clock.now()
      const outcome = await httpRequest({ url: check.url, timeoutMs, rule, bodyBytesMax: BODY_BYTES_MAX })
      return healthEvidence(outcome, check, { at, durationMs: clock.now() - at })
    },
    async reachable(url, { timeoutMs }) {
      const outcome = await httpRequest({ url, timeoutMs, rule })
      return outcome.kind !== 'failed' && outcome.status < 500
    },
  }
}

type When = { readonly at: number; readonly durationMs: number }

function healthEvidence(outcome: HttpOutcome, check: HealthCheck, when: When): HttpEvidence {
  switch (outcome.kind) {
    case 'answer':
      return answerEvidence(outcome, check, when)
    case 'too-long':
      return { kind: 'answers-bad', ...when, detail: 'body over 64 KiB', status: outcome.status }
    case 'failed': {
      const { failure, status } = outcome
      if (failure.kind !== 'answers-bad' || status === undefined) return { ...failure, ...when }
      return { ...failure, ...when, status }
    }
    default:
      return assertNever(outcome)
  }
}

function answerEvidence(answer: HttpAnswer, check: HealthCheck, when: When): HttpEvidence {
  const { status } = answer
  const encoding = answer.contentEncoding?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity') {
    const detail = `the body is compressed (${plainText(encoding, 20)}), though none was asked for`
    return { kind: 'answers-bad', ...when, detail, status }
  }
  const json = jsonOf(answer.body)
  const kit = parseKitReport(json)
  const expectation = meetsExpectation(check.expect, { status, json })
  if (expectation.kind === 'met') return { kind: 'ok', ...when, ...withKit(kit) }
  const detail = redirected(answer) ? `${expectation.detail}: redirects are not followed` : expectation.detail
  return { kind: 'answers-bad', ...when, detail, status, ...withKit(kit) }
}

function withKit(kit: KitReport | undefined): { kit?: KitReport } {
  return kit === undefined ? {} : { kit }
}

function redirected({ status }: HttpAnswer): boolean {
  return status >= 300 && status < 400
}

/** `undefined` when the body is not UTF-8 or not JSON. */
function jsonOf(body: Buffer): unknown {
  if (!isUtf8(body)) return undefined
  const parsed = parseJsonText(body.toString('utf8'))
  return parsed.kind === 'json' ? parsed.value : undefined
}
