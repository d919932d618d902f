/** What the API shows: the newest word, by this process's look or by the store's. */
import { describe, expect, it } from 'vitest'
import { viewOf } from '../../src/app/view-of.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import type { TargetReport } from '../../src/core/report.ts'
import type { Target } from '../../src/core/target.ts'
import { aState, NOON } from '../fakes/stored.ts'

const target: Target = {
  id: 'bot',
  project: 'my-project',
  zone: 'us-west1-b',
  instance: 'bot',
  health: { url: 'http://10.0.0.2:8080/health', expect: { status: 200 } },
  ssh: {
    host: '10.0.0.2',
    port: 22,
    user: 'nightguard',
    privateKey: { secret: 'key' },
    hostKey: { kind: 'guest-attributes' },
  },
  workloads: [],
}

const report: TargetReport = {
  id: 'bot',
  verdict: 'healthy',
  reason: 'all is well',
  phase: 'watching',
  evidence: { http: { kind: 'ok' } },
  actions: [],
}
const gone = { verdict: 'unhealthy', cause: 'vm-frozen', reason: 'all gone' } as const

describe('the verdict that is shown', () => {
  it.each([
    ['never looked at', {}, undefined, { verdict: 'inconclusive', reason: 'not looked at yet' }],
    ['only the store knows', { at: NOON, ...gone }, undefined, gone],
    ['only this process looked', {}, NOON, { verdict: 'healthy', reason: 'all is well' }],
    [
      'this process looked last',
      { at: NOON - 1, ...gone },
      NOON,
      { verdict: 'healthy', reason: 'all is well' },
    ],
    ['another process looked since', { at: NOON + 1, ...gone }, NOON, gone],
  ] as const)('%s', (_name, lastVerdict, lookedAt, shown) => {
    const state = aState('at' in lastVerdict ? { lastVerdict } : {})
    const last = lookedAt === undefined ? undefined : { at: lookedAt, report }
    const { verdict, cause, reason } = viewOf(target, DEFAULT_POLICY, state, { now: NOON + 5, last })
    expect({ verdict, ...(cause === undefined ? {} : { cause }), reason }).toEqual(shown)
  })
})

describe('a pause', () => {
  const pause = { by: 'you@example.com', reason: 'x', since: NOON, until: NOON + 60_000 }

  it.each([
    [NOON + 59_999, true],
    [NOON + 60_000, false],
  ])('is shown until it ends, however long ago the last look was (%i: %s)', (now, shown) => {
    const view = viewOf(target, DEFAULT_POLICY, aState({ pause }), { now, last: { at: NOON, report } })
    expect(view.paused !== undefined).toBe(shown)
  })
})
