/** What the core really says: the texts of many adventurous hours, for the tests of its translations. */
import type { Decision } from '../../src/core/decision.ts'
import type { Happening } from '../core/drive-happening.ts'
import { play } from '../core/drive-story.ts'

const STORIES = 24

/** Each text once. Without the rules: whether they hold is other tests' business. */
export function textsOfStories(): readonly string[] {
  const texts = new Set<string>()
  for (let seed = 1; seed <= STORIES; seed += 1) {
    const stage = play(
      {
        seed,
        ticks: 50,
        noise: [0, 0.02, 0.1, 0.3][seed % 4] ?? 0,
        trouble: [0, 0.02, 0.1][seed % 3] ?? 0,
        budgets: seed % 2 === 0 ? 'usual' : 'tight',
        eager: 0.4,
      },
      undefined,
      () => [],
    )
    for (const happening of stage.happenings) for (const text of textsOf(happening)) texts.add(text)
  }
  return [...texts]
}

function textsOf(happening: Happening): readonly string[] {
  return happening.kind === 'committed' ? textsOfDecision(happening.decision) : []
}

function textsOfDecision({ state, incident, verdict, actions, refusal, secrets, notices }: Decision) {
  return [
    verdict.reason,
    state.reason,
    ...(incident?.timeline ?? []).map(({ text }) => text),
    ...actions.flatMap(({ detail }) => (detail === undefined ? [] : [detail])),
    ...(refusal === undefined ? [] : [refusal.detail]),
    ...(secrets ?? []).flatMap(({ detail }) => (detail === undefined ? [] : [detail])),
    ...(notices ?? []).map(({ reason }) => reason),
  ]
}
