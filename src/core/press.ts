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
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'paused' | 'left'; readonly target: string }
  | { readonly kind: 'done'; readonly target: string; readonly actions: readonly ReportedAction[] }

type Press = Extract<Request, { kind: 'press' }>

/** Uses the button up. `pause` and `leave-off` are carried out with it; a recovery is an order of its own afterwards. */
export function decidePress(draft: Draft, { by, press }: Press, { policy, moment }: Situation): Decision {
  const { alert } = draft.state
  const { now } = moment
  const isGood =
    alert?.thread === press.thread &&
    alert.offeredAt === press.offeredAt &&
    buttonsLeft(alert, policy, now).includes(press.button)
  if (!isGood) return toDecision({ ...draft, refusal: { kind: 'expired', detail: EXPIRED } })
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
      const left = { ...alert, pressed: BUTTONS, leftBy: by }
      return told(withState(used, { alert: left }), `left as it is by ${by}: no more reminders`)
    }
    case 'recover':
    case 'start':
      return told(used, `${by} pressed ${press.button}`)
  }
}

const EXPIRED = 'this button has expired or was used before: nothing was done'

/** The buttons of the newest message that are still good. */
export function buttonsLeft(
  { offeredAt, pressed }: AlertState,
  policy: Policy,
  now: number,
): readonly Button[] {
  if (offeredAt === undefined || now > offeredAt + policy.alerts.buttonsMs) return []
  return BUTTONS.filter((button) => !pressed.includes(button))
}

/** What may be pressed on a target now. */
export function offersOf(
  { alert }: TargetState,
  policy: Policy,
  now: number,
): readonly { readonly thread: string; readonly offeredAt: number; readonly button: Button }[] {
  if (alert?.offeredAt === undefined) return []
  const { thread, offeredAt } = alert
  return buttonsLeft(alert, policy, now).map((button) => ({ thread, offeredAt, button }))
}
