/** Presses: buttons under messages, asked for while a message with buttons stands; each becomes a person's order. */
import { offersOf, type PressAnswer } from '../core/press.ts'
import type { Press } from '../core/request.ts'
import type { Buttons, Offer, Pressed } from '../ports/notifier.ts'
import type { OrderOutcome } from './guard.ts'
import type { RunContext, Standing } from './run-context.ts'
import { runOrder } from './run-order.ts'

const POLL_MS = 4_000
const ANSWER_MS = 4_000

/** Asks each channel with buttons once, and carries out what was pressed; nothing when nothing is offered. */
export async function servePresses(context: RunContext, standings: readonly Standing[]): Promise<void> {
  const { ports, policy } = context
  const now = ports.clock.now()
  const alerted = standings.flatMap(({ target, loaded }) =>
    loaded.kind === 'found' && loaded.state.alert !== undefined ? [{ target, state: loaded.state }] : [],
  )
  // Also when all that was offered has expired: who presses then is told so.
  if (alerted.length === 0) return
  const offers = alerted.flatMap(({ target, state }): readonly TargetOffer[] =>
    offersOf(state, policy, now).map((offer) => ({ ...offer, target: target.id })),
  )
  await Promise.all(
    ports.channels.map(async ({ buttons }) => {
      if (buttons !== undefined) await serveChannel(context, buttons, offers)
    }),
  )
}

type TargetOffer = Offer & { readonly target: string }

async function serveChannel(
  context: RunContext,
  buttons: Buttons,
  offers: readonly TargetOffer[],
): Promise<void> {
  const polled = await buttons.presses(offers, { timeoutMs: POLL_MS })
  if (polled.kind === 'unavailable') {
    const { detail } = polled
    const message = `alerts: buttons can't be read: ${detail}`
    context.ports.journal.write({ severity: 'NOTICE', message, fields: { event: 'buttons', detail } })
    return
  }
  // One after the other: two presses of one person are meant in their order. The answers wait for nobody.
  const answers: Promise<void>[] = []
  for (const pressed of polled.presses) {
    const answer = await serve(context, pressed, offers)
    answers.push(buttons.answer(pressed.id, answer, { timeoutMs: ANSWER_MS }))
  }
  await Promise.all(answers)
  // Confirmed only now: a press that a crash cut off comes again, and is refused if it was carried out.
  if (polled.upTo !== undefined) await buttons.confirm(polled.upTo, { timeoutMs: POLL_MS })
}

async function serve(
  context: RunContext,
  { by, allowed, offer }: Pressed,
  offers: readonly TargetOffer[],
): Promise<PressAnswer> {
  if (!allowed) return { kind: 'not-allowed' }
  const target = offers.find(
    ({ thread, offeredAt, button }) =>
      thread === offer?.thread && offeredAt === offer.offeredAt && button === offer.button,
  )?.target
  if (offer === undefined || target === undefined) return { kind: 'expired' }
  const press: Press = { button: offer.button, thread: offer.thread, offeredAt: offer.offeredAt }
  const used = await runOrder(context, target, { kind: 'press', by, press })
  if (used.kind !== 'done') return notDone(used)
  if (offer.button === 'pause') return { kind: 'paused', target }
  if (offer.button === 'leave-off') return { kind: 'left', target }
  const action = offer.button === 'start' ? 'start' : 'auto'
  const recovered = await recover(context, target, { by, action })
  if (recovered.kind !== 'done') return notDone(recovered)
  return { kind: 'done', target, actions: recovered.report.actions }
}

/** The tick itself watches the target beside it: who wrote second looks once more. */
async function recover(
  context: RunContext,
  target: string,
  { by, action }: { readonly by: string; readonly action: 'start' | 'auto' },
): Promise<OrderOutcome> {
  const reason = 'by a button of its alert'
  const order = { kind: 'recover', action, reason, by, force: false, dryRun: false } as const
  const outcome = await runOrder(context, target, order)
  const lost = outcome.kind === 'refused' && outcome.refusal.kind === 'lost-race'
  return lost ? runOrder(context, target, order) : outcome
}

function notDone(outcome: Exclude<OrderOutcome, { kind: 'done' }>): PressAnswer {
  switch (outcome.kind) {
    case 'refused': {
      const { kind, detail } = outcome.refusal
      return kind === 'expired' ? { kind } : { kind: 'refused', detail }
    }
    case 'unknown-target':
      return { kind: 'expired' }
    case 'unavailable':
      return { kind: 'unavailable' }
  }
}
