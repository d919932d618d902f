/** A button of a message was pressed: good once, for a while, by whom the configuration allows. */

import type { Button } from './buttons.ts'
import { BUTTONS } from './buttons.ts'
import type { Decision } from './decision.ts'
import type { Draft } from './draft.ts'
import { toDecision, toldIncident, withState } from './draft.ts'
import type { Policy } from './policy.ts'
import type { ReportedAction } from './report.ts'
import type { Request } from './request.ts'
import type { Situation } from './situation.ts'
import type { AlertState, TargetState } from './state.ts'

/** What became of a press: told to the person who pressed. */
export type PressAnswer =
  | { readonly kind: 'not-allowed' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unavailable' }
  /** The guard is acting on the target already. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'paused' | 'left'; readonly target: string }
  | { readonly kind: 'done'; readonly target: string; readonly actions: readonly ReportedAction[] }

type Press = Extract<Request, { kind: 'press' }>

/** Uses the button up. `pause` and `leave-off` are carried out with it; a recovery is an order of its own afterwards. */
export function decidePress(draft: Draft, { by, press }: Press, { policy, moment }: Situation): Decision {
  const { fleetAlert } = draft.state
  const { now } = moment
  const isOfFleet = fleetAlert?.thread === press.thread
  const alert = isOfFleet ? fleetAlert : draft.state.alert
  const isGood =
    alert?.thread === press.thread &&
    alert.offeredAt === press.offeredAt &&
    buttonsLeft(alert, policy, now).includes(press.button)
  if (!isGood) return toDecision({ ...draft, refusal: { kind: 'expired', detail: EXPIRED } })
  // It is the only button of a fleet's, and no news of this target's own trouble.
  if (isOfFleet) return toDecision(withState(draft, { fleetAlert: leftOff(alert, { by, now }) }))
  const used = withState(draft, { alert: { ...alert, pressed: [...alert.pressed, press.button] } })
  const told = (next: Draft, text: string): Decision =>
    toDecision(toldIncident(next, { at: now, kind: 'person', text }))
  switch (press.button) {
    case 'pause': {
      const reason = 'by a button of its alert'
      const pause = { by, reason, since: now, until: now + policy.alerts.pauseMs }
      const minutes = Math.round(policy.alerts.pauseMs / 60_000)
      return told(withState(used, { pause }), `paused for ${minutes} min by ${by}: ${reason}`)
    }
    case 'leave-off': {
      const left = leftOff(alert, { by, now })
      return told(withState(used, { alert: left }), `left as it is by ${by}: no more reminders`)
    }
    case 'recover':
    case 'start':
      return told(used, `${by} pressed ${press.button}`)
  }
}

function leftOff(alert: AlertState, { by, now }: { readonly by: string; readonly now: number }): AlertState {
  return { ...alert, pressed: BUTTONS, leftBy: by, leftAt: now }
}

const EXPIRED = 'this button has expired or was used before: nothing was done'

/** The buttons of the newest message that are still good. */
export function buttonsLeft(
  { subject, offeredAt, pressed }: AlertState,
  policy: Policy,
  now: number,
): readonly Button[] {
  if (offeredAt === undefined || now > offeredAt + policy.alerts.buttonsMs) return []
  const ofThread: readonly Button[] = subject === 'fleet' ? ['leave-off'] : BUTTONS
  return ofThread.filter((button) => !pressed.includes(button))
}

/** What may be pressed on a target now. */
export function offersOf(
  { alert, fleetAlert }: TargetState,
  policy: Policy,
  now: number,
): readonly { readonly thread: string; readonly offeredAt: number; readonly button: Button }[] {
  return [alert, fleetAlert].flatMap((one) => {
    if (one?.offeredAt === undefined) return []
    const { thread, offeredAt } = one
    return buttonsLeft(one, policy, now).map((button) => ({ thread, offeredAt, button }))
  })
}
