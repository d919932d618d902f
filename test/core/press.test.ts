/** Buttons of messages: good once, for an hour, on the newest message only; used up before what they ask for is done. */
import { describe, expect, it } from 'vitest'
import type { Button } from '../../src/core/buttons.ts'
import { BUTTONS } from '../../src/core/buttons.ts'
import { offersOf } from '../../src/core/press.ts'
import type { AlertState } from '../../src/core/state.ts'
import { HOUR, MINUTE, policy, SECOND } from './build.ts'
import type { Life } from './life.ts'
import { createLife, mendsAtOnce, person, recover, restarted } from './life.ts'
import { failed } from './world.ts'

/** Given up: its newest message has buttons. */
function gaveUp(): Life {
  const life = createLife({ world: { http: 'bad', ssh: 'auth-failed' } })
  life.ticks(3)
  return life
}

function offered(life: Life): readonly Button[] {
  return offersOf(life.state, policy, life.now).map(({ button }) => button)
}

const EXPIRED = {
  kind: 'expired',
  detail: 'this button has expired or was used before: nothing was done',
}

describe('a button that is good', () => {
  it('pause: the target is paused for an hour with the same commit, and the message is edited', () => {
    const life = gaveUp()
    const before = life.written.length
    const { decision } = life.press('pause')
    expect(life.written).toHaveLength(before + 1)
    expect(decision.refusal).toBeUndefined()
    expect(life.state.pause).toEqual({
      by: person.by,
      reason: 'by a button of its alert',
      since: life.now,
      until: life.now + HOUR,
    })
    expect(life.state.alert?.pressed).toEqual(['pause'])
    const text = `paused for 60 min by ${person.by}: by a button of its alert`
    expect(life.book?.timeline.at(-1)).toEqual({ at: life.now, kind: 'person', text })
    expect(decision.notices?.map(({ kind, offer }) => [kind, offer?.buttons])).toEqual([
      ['progress', ['leave-off']],
    ])
  })

  it('leave-off: no reminder comes any more, and no button is left, with the same commit', () => {
    const life = gaveUp()
    const { decision } = life.press('leave-off')
    expect(life.state.alert).toMatchObject({ leftBy: person.by, leftAt: life.now, pressed: BUTTONS })
    expect(decision.notices?.map(({ kind, offer }) => [kind, offer])).toEqual([['progress', undefined]])
    expect(offered(life)).toEqual([])
    life.ticks(300)
    expect(life.notices.map(({ kind }) => kind)).toEqual(['triggered', 'progress'])
    Object.assign(life.world, restarted())
    life.ticks(7)
    expect(life.notices.at(-1)?.kind).toBe('resolved')
  })

  it("leave-off of the fleet's: of that thread alone, whose message loses its button", () => {
    const life = gaveUp()
    const fleetAlert: AlertState = {
      thread: 'fleet-1',
      subject: 'fleet',
      cause: 'fleet',
      since: life.now,
      number: 1,
      toldAt: life.now,
      remindAt: life.now + 30 * MINUTE,
      offeredAt: life.now,
      pressed: [],
    }
    life.state = { ...life.state, fleetAlert }
    const { alert, incidentId } = life.state
    const press = { thread: 'fleet-1', offeredAt: life.now }
    expect(offersOf(life.state, policy, life.now).filter(({ thread }) => thread === 'fleet-1')).toEqual([
      { ...press, button: 'leave-off' },
    ])
    expect(life.press('pause', press).decision.refusal).toEqual(EXPIRED)
    const story = life.book?.timeline
    const { decision } = life.press('leave-off', press)
    expect(decision.refusal).toBeUndefined()
    expect(life.state).toMatchObject({ incidentId, alert })
    expect(life.state.fleetAlert).toEqual({
      ...fleetAlert,
      number: 2,
      pressed: BUTTONS,
      leftBy: person.by,
      leftAt: life.now,
    })
    expect(life.book?.timeline).toEqual(story)
    expect(decision.notices?.map(({ id, kind, offer }) => [id, kind, offer])).toEqual([
      ['fleet-1.2', 'progress', undefined],
    ])
    expect(life.press('leave-off', press).decision.refusal).toEqual(EXPIRED)
  })

  it.each(['recover', 'start'] as const)(
    '%s: is used up and noted; the recovery is an order of its own',
    (button) => {
      const life = gaveUp()
      life.world.onAction = () => {
        throw new Error('nothing may be done by the press itself')
      }
      const { decision, actions } = life.press(button)
      expect([decision.next, actions, decision.refusal]).toEqual([{ kind: 'rest' }, [], undefined])
      expect(life.book?.timeline.at(-1)?.text).toBe(`${person.by} pressed ${button}`)
      expect(offered(life)).toEqual(BUTTONS.filter((left) => left !== button))
    },
  )

  it('recover, and the order after it', () => {
    const life = createLife({ world: failed })
    life.world.onAction = () => ({ kind: 'failed', detail: 'no' })
    life.ticks(1)
    mendsAtOnce(life)
    expect(life.press('recover').decision.refusal).toBeUndefined()
    // The restart has failed before: the evidence asks for the next rung.
    expect(life.order(recover()).actions).toEqual([{ rung: 'reboot', result: 'done' }])
  })

  it('pressed while another run is at work is heard all the same', () => {
    const life = gaveUp()
    const lease = { owner: 'other', fence: 9, purpose: 'sync', expiresAt: life.now + 2 * MINUTE } as const
    life.state = { ...life.state, lease }
    expect(life.press('pause').decision.refusal).toBeUndefined()
    expect(life.state.lease).toEqual(lease)
  })
})

describe('a button that is no good', () => {
  it.each<[string, (life: Life) => Parameters<Life['press']>[1]]>([
    ['of another message thread', () => ({ thread: 'bot-other' })],
    ['of an older message', (life) => ({ offeredAt: (life.state.alert?.offeredAt ?? 0) - MINUTE })],
    ['after an hour', () => ({ afterMs: HOUR + MINUTE })],
    [
      'of a message whose buttons have been offered anew since',
      (life) => {
        const offeredAt = life.state.alert?.offeredAt ?? 0
        life.ticks(35)
        expect(life.notices.at(-1)?.kind).toBe('reminder')
        return { offeredAt }
      },
    ],
    [
      'of an incident that is over',
      (life) => {
        const { thread = '', offeredAt = 0 } = life.state.alert ?? {}
        Object.assign(life.world, restarted())
        life.ticks(8)
        return { thread, offeredAt }
      },
    ],
    [
      'of a thread that is forgotten',
      (life) => {
        const { thread = '', offeredAt = 0 } = life.state.alert ?? {}
        Object.assign(life.world, restarted())
        life.ticks(45)
        expect(life.state.alert).toBeUndefined()
        return { thread, offeredAt }
      },
    ],
  ])('%s: is refused and changes nothing', (_name, of) => {
    const life = gaveUp()
    const press = of(life)
    const { state } = life
    const before = { notices: life.notices.length, written: life.written.length }
    for (const button of BUTTONS) expect(life.press(button, press).decision.refusal).toEqual(EXPIRED)
    expect({ notices: life.notices.length, written: life.written.length }).toEqual(before)
    expect(life.state).toEqual(state)
  })

  it('twice: the second press is refused, also of a pause that has ended since', () => {
    const life = gaveUp()
    life.press('pause')
    life.order({ kind: 'resume', closeBreaker: false, ...person })
    expect(life.press('pause').decision.refusal).toEqual(EXPIRED)
    expect(life.state.pause).toBeUndefined()
  })

  it('is good again when the next message offers it anew', () => {
    const life = gaveUp()
    life.press('recover')
    life.ticks(35)
    expect(life.notices.at(-1)).toMatchObject({
      kind: 'reminder',
      offer: { offeredAt: life.notices.at(-1)?.at },
    })
    expect(life.press('recover').decision.refusal).toBeUndefined()
  })

  it('works to its last second', () => {
    const life = gaveUp()
    const at = life.state.alert?.offeredAt ?? 0
    expect(offersOf(life.state, policy, at + HOUR)).toHaveLength(BUTTONS.length)
    expect(offersOf(life.state, policy, at + HOUR + 1)).toEqual([])
    expect(life.press('pause', { afterMs: at + HOUR - life.now }).decision.refusal).toBeUndefined()
  })
})

describe('what is offered', () => {
  it.each<[string, (life: Life) => void, readonly Button[]]>([
    ['while it may be acted on', () => {}, ['recover', 'pause', 'leave-off']],
    [
      'while the breaker is open: no recovery, which would be refused',
      (life) => {
        const reason = 'spent'
        life.state = { ...life.state, breaker: { kind: 'open', since: 1, rung: 'reboot', reason } }
      },
      ['pause', 'leave-off'],
    ],
  ])('%s', (_name, change, buttons) => {
    const life = gaveUp()
    change(life)
    life.ticks(35)
    expect(life.notices.at(-1)).toMatchObject({ kind: 'reminder', offer: { buttons } })
  })

  it('shrinks with each press, and an edit shows what is left of it', () => {
    const life = gaveUp()
    life.press('recover', { afterMs: SECOND })
    expect(life.notices.at(-1)?.offer?.buttons).toEqual(['pause', 'leave-off'])
    life.press('pause', { afterMs: SECOND })
    expect(life.notices.at(-1)?.offer?.buttons).toEqual(['leave-off'])
    life.press('leave-off', { afterMs: SECOND })
    expect(life.notices.at(-1)?.offer).toBeUndefined()
    const offers = life.notices.flatMap(({ offer }) => offer?.offeredAt ?? [])
    expect(new Set(offers).size).toBe(1)
  })

  it('nothing without a message with buttons', () => {
    expect(offered(createLife())).toEqual([])
    const life = createLife({ world: { http: 'silent', ssh: 'silent' } })
    life.ticks(4)
    expect([life.notices.length, offered(life)]).toEqual([1, []])
  })
})
