/** The store can't be reached: people are told once somebody can be told, and then only now and then. */
import { expect, it } from 'vitest'
import { createGuard } from '../../src/app/create-guard.ts'
import type { Sent } from '../../src/ports/notifier.ts'
import { aTarget, createQuietPorts } from '../fakes/quiet-ports.ts'
import { fakeChannel, POLICY } from './delivery-stage.ts'

const DOWN: Sent = { kind: 'failed', detail: 'no answer' }

it('the alert is tried with each tick until one channel has taken it, and then told again after the policy’s time', async () => {
  const quiet = createQuietPorts()
  const { clock, store } = quiet
  const channels = [fakeChannel('telegram'), fakeChannel('slack')] as const
  const [telegram, slack] = channels
  for (const channel of channels) channel.answer(() => DOWN)
  const gone: typeof store = {
    ...store,
    load: async (ids) => new Map(ids.map((id) => [id, { kind: 'unavailable', detail: 'gone' }])),
  }
  const ports = { ...quiet, store: gone, channels }
  const guard = createGuard({ targets: [aTarget('bot')], policy: POLICY, canaryUrls: [], ports })
  const tickAndCount = async () => {
    await guard.tick({ dryRun: false })
    return [telegram.asked(), slack.asked(), slack.heard.length]
  }
  expect([await tickAndCount(), await tickAndCount()]).toEqual([
    [1, 1, 0],
    [2, 2, 0],
  ])
  slack.answer(undefined)
  expect([await tickAndCount(), await tickAndCount()]).toEqual([
    [3, 3, 1],
    [3, 3, 1],
  ])
  await clock.sleep(POLICY.alerts.remindEveryMs)
  expect(await tickAndCount()).toEqual([4, 4, 2])
})
