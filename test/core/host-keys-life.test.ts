/** Host keys: learnt once from the instance that is armed, kept over all that follows, forgotten with it or by a person. */
import { describe, expect, it } from 'vitest'
import { withKnownKeys } from '../../src/core/host-keys.ts'
import type { HostKey } from '../../src/core/state.ts'
import { newState } from '../../src/core/state-new.ts'
import { HOUR, MINUTE, NOW, target } from './build.ts'
import type { Life } from './life.ts'
import { createLife, mendsAtOnce, person } from './life.ts'
import { failed, seenVm } from './world.ts'

const first: HostKey = { type: 'ssh-ed25519', base64: 'AAAAfirst' }
const other: HostKey = { type: 'ssh-ed25519', base64: 'AAAAother' }

function known({ state }: Life): readonly HostKey[] | undefined {
  return state.arming.kind === 'armed' ? state.arming.fingerprint.hostKeys : undefined
}

/** Lets the hourly look over SSH come. */
function lookOverSsh(life: Life): void {
  life.forget()
  life.pass(HOUR + 10 * MINUTE)
  life.ticks(1)
}

describe('a host key', () => {
  it('is learnt from the first look over SSH of an armed target, and no tick before that knows it', () => {
    const life = createLife({ world: { hostKey: first } })
    life.ticks(3)
    expect(known(life)).toBeUndefined()
    lookOverSsh(life)
    expect(known(life)).toEqual([first])
    expect(withKnownKeys(target, life.state).ssh.hostKey).toEqual({ kind: 'known', keys: [first] })
  })

  it('is learnt with the arming, where SSH was looked at in that tick', () => {
    const life = createLife({ world: { hostKey: first }, state: newState(target, 'new', NOW) })
    life.forget()
    life.ticks(1)
    expect(life.state.arming).toMatchObject({
      kind: 'armed',
      fingerprint: { instanceId: '42', hostKeys: [first] },
    })
  })

  it('is not learnt by a look that SSH did not let in', () => {
    const life = createLife({ world: { hostKey: first, ssh: 'auth-failed' } })
    lookOverSsh(life)
    expect(known(life)).toBeUndefined()
  })

  it('stays what it was, also through an outage, when another one is shown', () => {
    const life = createLife({ world: { hostKey: first } })
    lookOverSsh(life)
    life.world.hostKey = other
    lookOverSsh(life)
    Object.assign(life.world, failed)
    mendsAtOnce(life)
    life.ticks(10)
    lookOverSsh(life)
    expect(known(life)).toEqual([first])
  })

  it('that is another one locks the guard out, and stays the known one', () => {
    const life = createLife({ world: { hostKey: first } })
    lookOverSsh(life)
    Object.assign(life.world, { ssh: 'host-key-changed', http: 'refused' })
    life.ticks(5)
    expect([life.state.lastVerdict?.cause, life.state.phase]).toEqual(['no-way-in', 'gave-up'])
    expect(known(life)).toEqual([first])
  })

  it('is written once, and never again', () => {
    const life = createLife({ world: { hostKey: first } })
    lookOverSsh(life)
    const armings = new Set(life.written.map(({ decision }) => JSON.stringify(decision.state.arming)))
    for (let hour = 0; hour < 5; hour += 1) lookOverSsh(life)
    for (const { decision } of life.written) armings.add(JSON.stringify(decision.state.arming))
    expect(armings.size).toBeLessThanOrEqual(2)
  })
})

describe('the known key is forgotten', () => {
  it('with the instance: another one is armed anew, and proves its own', () => {
    const life = createLife({ world: { hostKey: first } })
    lookOverSsh(life)
    Object.assign(life.world, failed, { hostKey: other, vm: { ...seenVm, instanceId: '43' } })
    life.ticks(1)
    expect(life.state.arming).toMatchObject({ kind: 'unarmed', why: 'replaced' })
    expect(withKnownKeys(target, life.state)).toBe(target)
    mendsAtOnce(life)
    Object.assign(life.world, { http: 'ok', units: [] })
    lookOverSsh(life)
    expect(life.state.arming).toMatchObject({
      kind: 'armed',
      fingerprint: { instanceId: '43', hostKeys: [other] },
    })
  })

  it('by a person who arms it: the next look learns what the machine shows now', () => {
    const life = createLife({ world: { hostKey: first } })
    lookOverSsh(life)
    life.world.hostKey = other
    life.order({ kind: 'arm', ...person })
    expect(life.state.arming).toMatchObject({
      kind: 'armed',
      by: person.by,
      fingerprint: { instanceId: '42' },
    })
    expect(known(life)).toBeUndefined()
    lookOverSsh(life)
    expect(known(life)).toEqual([other])
  })

  it('not by a pause, a resume or a closed breaker', () => {
    const life = createLife({ world: { hostKey: first } })
    lookOverSsh(life)
    life.order({ kind: 'pause', minutes: 1, ...person })
    life.order({ kind: 'resume', closeBreaker: true, ...person })
    expect(known(life)).toEqual([first])
  })
})

describe('where the configuration pins a key', () => {
  it('the pinned one stands, whatever was learnt', () => {
    const hostKey = { kind: 'pinned', ...other } as const
    const pinned = { ...target, ssh: { ...target.ssh, hostKey } }
    const life = createLife({ target: pinned, world: { hostKey: first } })
    lookOverSsh(life)
    expect(withKnownKeys(pinned, life.state)).toBe(pinned)
  })
})
