/** Presses: buttons under messages, asked for while a message with buttons stands; each becomes a person's order. */
import { offersOf, type PressAnswer } from '../core/press.ts'
import type { Press } from '../core/request.ts'
import { chainWorstCaseMs } from '../core/worst-case.ts'
import type { Buttons, Offer, Pressed } from '../ports/notifier.ts'
import type { OrderOutcome } from './guard.ts'
import type { RunContext, Standing } from './run-context.ts'
import { runOrder } from './run-order.ts'

const POLL_MS = 4_000
const ANSWER_MS = 4_000

/** Asks each channel with buttons once, and carries out what was pressed; nothing when nothing is offered. */
export async function servePresses(
  context: RunContext,
  standings: readonly Standing[],
  { deadlineAt }: { readonly deadlineAt: number },
): Promise<void> {
  const { ports, policy } = context
  const now = ports.clock.now()
  const alerted = standings.flatMap(({ target, loaded }) =>
    loaded.kind === 'found' && (loaded.state.alert ?? loaded.state.fleetAlert) !== undefined
      ? [{ target, state: loaded.state }]
      : [],
  )
  // Also when all that was offered has expired: who presses then is told so.
  if (alerted.length === 0) return
  const offers = alerted.flatMap(({ target, state }): readonly TargetOffer[] =>
    offersOf(state, policy, now).map((offer) => ({ ...offer, target: target.id })),
  )
  await Promise.all(
    ports.channels.map(async ({ buttons }) => {
      if (buttons !== undefined) await serveChannel(context, buttons, { offers, deadlineAt })
    }),
  )
}

type TargetOffer = Offer & { readonly target: string }

async function serveChannel(
  context: RunContext,
  buttons: Buttons,
  { offers, deadlineAt }: Serving,
): Promise<void> {
  const polled = await buttons.presses(offers, { timeoutMs: POLL_MS })
  if (polled.kind === 'unavailable') {
    const { detail } = polled
    const message = `alerts: buttons can't be read: ${detail}`
    context.ports.journal.write({ severity: 'NOTICE', message, fields: { event: 'buttons', detail } })
    return
  }
  const served = await Promise.all(
    byTarget(polled.presses, offers).map((presses) =>
      serveInOrder(context, presses, { buttons, offers, deadlineAt }),
    ),
  )
  // Confirmed only when all were served: what a crash cut off, or did not fit, comes again, and what was carried out is
  // refused then.
  const isWhole = served.every((all) => all)
  if (isWhole && polled.upTo !== undefined) await buttons.confirm(polled.upTo, { timeoutMs: POLL_MS })
}

type Serving = {
  readonly offers: readonly TargetOffer[]
  /** Of the tick that they are served beside. */
  readonly deadlineAt: number
}

/** Presses on different targets don't wait for each other. */
function byTarget(
  presses: readonly Pressed[],
  offers: readonly TargetOffer[],
): readonly (readonly Pressed[])[] {
  return [...Map.groupBy(presses, ({ offer }) => targetOf(offer, offers) ?? '').values()]
}

function targetOf(offer: Offer | undefined, offers: readonly TargetOffer[]): string | undefined {
  return offers.find(
    ({ thread, offeredAt, button }) =>
      thread === offer?.thread && offeredAt === offer.offeredAt && button === offer.button,
  )?.target
}

/** Two presses of one person are meant in their order. The answers wait for nobody. False: some are left for later. */
async function serveInOrder(
  context: RunContext,
  presses: readonly Pressed[],
  { buttons, offers, deadlineAt }: Serving & { readonly buttons: Buttons },
): Promise<boolean> {
  const { clock } = context.ports
  const answers: Promise<void>[] = []
  let isWhole = true
  for (const pressed of presses) {
    const needsMs = neededMs(context, pressed)
    const answer =
      clock.now() + needsMs <= deadlineAt ? await serve(context, pressed, { offers, deadlineAt }) : undefined
    if (answer === undefined || answer.kind === 'unavailable') isWhole = false
    if (answer !== undefined) answers.push(buttons.answer(pressed.id, answer, { timeoutMs: ANSWER_MS }))
  }
  await Promise.all(answers)
  return isWhole
}

/** Nothing starts unless its worst case fits into the tick; what needs no evidence needs no time. */
function neededMs({ policy }: RunContext, { offer }: Pressed): number {
  if (offer?.button === 'recover') return chainWorstCaseMs(policy, 'restart-workload')
  return offer?.button === 'start' ? chainWorstCaseMs(policy, 'start') : 0
}

async function serve(
  context: RunContext,
  { by, allowed, offer }: Pressed,
  { offers, deadlineAt }: Serving,
): Promise<PressAnswer> {
  if (!allowed) return { kind: 'not-allowed' }
  const target = targetOf(offer, offers)
  if (offer === undefined || target === undefined) return { kind: 'expired' }
  const press: Press = { button: offer.button, thread: offer.thread, offeredAt: offer.offeredAt }
  const used = await runOrder(context, target, { kind: 'press', by, press })
  if (used.kind !== 'done') return notDone(used)
  if (offer.button === 'pause') return { kind: 'paused', target }
  if (offer.button === 'leave-off') return { kind: 'left', target }
  const action = offer.button === 'start' ? 'start' : 'auto'
  const recovered = await recover(context, target, { by, action, deadlineAt })
  if (recovered.kind !== 'done') return notDone(recovered)
  return { kind: 'done', target, actions: recovered.report.actions }
}

/**
 * The tick itself watches the target beside it: who wrote second looks once more. Where the guard has nothing left to try
 * by itself, a person who asks all the same gets the least violent rung.
 */
async function recover(
  context: RunContext,
  target: string,
  {
    by,
    action,
    deadlineAt,
  }: { readonly by: string; readonly action: 'start' | 'auto'; readonly deadlineAt: number },
): Promise<OrderOutcome> {
  const reason = 'by a button of its alert'
  const order = { kind: 'recover', action, reason, by, force: false, dryRun: false } as const
  const first = await runOrder(context, target, order, { deadlineAt })
  const outcome =
    first.kind === 'refused' && first.refusal.kind === 'lost-race'
      ? await runOrder(context, target, order, { deadlineAt })
      : first
  const hasNoIdea = outcome.kind === 'refused' && outcome.refusal.kind === 'not-applicable'
  if (!hasNoIdea || action !== 'auto') return outcome
  const gentle = { ...order, action: 'restart-workload' } as const
  const restarted = await runOrder(context, target, gentle, { deadlineAt })
  return restarted.kind === 'done' ? restarted : outcome
}

function notDone(outcome: Exclude<OrderOutcome, { kind: 'done' }>): PressAnswer {
  switch (outcome.kind) {
    case 'refused': {
      const { kind, detail } = outcome.refusal
      if (kind === 'expired') return { kind }
      // The tick beside it does what was asked for.
      if (kind === 'in-flight' || kind === 'lost-race') return { kind: 'busy' }
      return { kind: 'refused', detail }
    }
    case 'unknown-target':
      return { kind: 'expired' }
    case 'unavailable':
      return { kind: 'unavailable' }
  }
}
