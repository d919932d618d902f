/** An incident with a channel down for ten minutes: what arrived where, and when, told by the real guard. */
import { expect, it } from 'vitest'
import { alertStory, storyText } from '../../scripts/alert-story.ts'

/** Tried at 03:18, :19, :20 and :22, each wait twice the last one; so what is back at :23 hears at :26, but for old edits. */
const STORY = `
03:12  world     the container dies, and systemd gives up on it
03:12  world     the guard restarts it
03:12  telegram  message 1: 🔴 bot: workload failed
03:12  webhook   message 1: 🔴 bot: workload failed
03:12  telegram  message 1 now: 🔴 bot: workload failed; last: restart of agent.service issued
03:12  webhook   message 1 now: 🔴 bot: workload failed; last: restart of agent.service issued
03:12  telegram  message 1 now: 🟡 bot: workload failed, well again; last: well again 3 s after the restart of agent.service, proved
03:12  webhook   message 1 now: 🟡 bot: workload failed, well again; last: well again 3 s after the restart of agent.service, proved
03:13  telegram  is down
03:18  webhook   message 1 now: 🟢 bot: back after 3 s; last: closed: well since its probation began; 6 min in all
03:18  webhook   answer to 1: bot: back after 3 s. It broke at 03:12:06, it was back at 03:12:09. Mended by the guard: restart of agent.service.
03:20  world     the container dies again
03:20  world     the guard restarts it
03:20  webhook   message 1 now: 🔴 bot: workload failed, again; last: workload failed: agent.service is failed (start-limit-hit)
03:20  webhook   answer to 1: bot: workload failed, again. agent.service is failed (start-limit-hit).
03:20  webhook   message 1 now: 🔴 bot: workload failed; last: restart of agent.service (attempt 2) issued
03:20  webhook   message 1 now: 🟡 bot: workload failed, well again; last: well again 3 s after the restart of agent.service (attempt 2), proved
03:23  telegram  is back
03:26  telegram  message 1 now: 🟢 bot: back after 3 s; last: closed: well since its probation began; 6 min in all
03:26  telegram  answer to 1: bot: back after 3 s. It broke at 03:12:06, it was back at 03:12:09. Mended by the guard: restart of agent.service.
03:26  telegram  message 1 now: 🔴 bot: workload failed, again; last: workload failed: agent.service is failed (start-limit-hit)
03:26  telegram  answer to 1: bot: workload failed, again. agent.service is failed (start-limit-hit).
03:26  telegram  message 1 now: 🟡 bot: workload failed, well again; last: well again 3 s after the restart of agent.service (attempt 2), proved
03:26  telegram  message 1 now: 🟢 bot: back after 3 s; last: closed: well since its probation began; 14 min in all
03:26  webhook   message 1 now: 🟢 bot: back after 3 s; last: closed: well since its probation began; 14 min in all
03:26  telegram  answer to 1: bot: back after 3 s. It broke at 03:20:06, it was back at 03:20:09. Mended by the guard: restart of agent.service.
03:26  webhook   answer to 1: bot: back after 3 s. It broke at 03:20:06, it was back at 03:20:09. Mended by the guard: restart of agent.service.
`

it('a channel that was down hears all that still matters, in order, once; the other heard it as it happened', async () => {
  expect(storyText(await alertStory())).toBe(STORY.trim())
})

it('is the same each time that it is told', async () => {
  expect(await alertStory()).toEqual(await alertStory())
})
