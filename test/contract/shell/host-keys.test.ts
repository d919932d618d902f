/** Which host key a machine must show, and which one is told so that it is remembered. Over real connections. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import type { CredentialSources } from '../../../src/adapters/ssh/ssh-credentials.ts'
import { createSshShell } from '../../../src/adapters/ssh/ssh-shell.ts'
import { withKnownKeys } from '../../../src/core/host-keys.ts'
import { Sensitive } from '../../../src/core/sensitive.ts'
import type { Arming, HostKey } from '../../../src/core/state.ts'
import type { SshAccess } from '../../../src/core/target.ts'
import {
  closeSshMachines,
  HOST_KEYS,
  OTHER_HOST_KEYS,
  OTHER_USER_KEYS,
  pinnedKey,
  sshMachine,
  targetAt,
  USER_KEYS,
} from './ssh-machine.ts'

const LIMITS = { connectMs: 3000, commandMs: 3000, deadlineMs: 6000 }
const NOTHING = { inside: false, workloads: false, secrets: [] }
const ANSWERS = {
  'nightguard-facts': { stdout: 'boot_id=0d2b4b3e-3f43-4f0e-9d0c-7f2f1f0b9a11\nuptime=12.34\nheld=no\n' },
}
const FIRST = pinnedKey(HOST_KEYS.public)
const SECOND = pinnedKey(OTHER_HOST_KEYS.public)

afterEach(closeSshMachines)

/** One process of the guard; what the machine has published may change under it. */
function guard(published: { keys: readonly HostKey[] }, userKey = USER_KEYS.private) {
  const hostKeys = vi.fn<CredentialSources['hostKeys']>(async () => ({ kind: 'keys', keys: published.keys }))
  const shell = createSshShell({
    clock: systemClock,
    privateKey: async () => ({ kind: 'key', value: new Sensitive(userKey) }),
    hostKeys,
  })
  const look = async (port: number, hostKey?: SshAccess['hostKey']) => {
    const target = targetAt(port, hostKey === undefined ? {} : { hostKey })
    const { at: _at, durationMs: _took, ...ssh } = (await shell.look(target, NOTHING, LIMITS)).ssh
    return ssh
  }
  return { look, hostKeys }
}

const changed = { kind: 'host-key-changed', detail: 'it shows another host key than the pinned one' }

describe('a host key is told', () => {
  it('when a login with published keys succeeds: the one that was proved, not those that were published', async () => {
    const machine = await sshMachine({ answers: ANSWERS })
    const rsa = { type: 'ssh-rsa', base64: 'AAAAB3NzaC1yc2E=' }
    expect(await guard({ keys: [rsa, SECOND, FIRST] }).look(machine.port)).toEqual({
      kind: 'ok',
      hostKey: FIRST,
    })
  })

  it('also when the login worked and no command did', async () => {
    const machine = await sshMachine({ refusesExec: true })
    expect(await guard({ keys: [FIRST] }).look(machine.port)).toMatchObject({
      kind: 'gate-refused',
      hostKey: FIRST,
    })
  })

  it.each<[string, SshAccess['hostKey']]>([
    ['pinned by a person', { kind: 'pinned', ...FIRST }],
    ['known already', { kind: 'known', keys: [FIRST] }],
  ])('not when it was %s, and nobody is asked for keys', async (_what, hostKey) => {
    const machine = await sshMachine({ answers: ANSWERS })
    const { look, hostKeys } = guard({ keys: [SECOND] })
    expect(await look(machine.port, hostKey)).toEqual({ kind: 'ok' })
    expect(hostKeys).not.toHaveBeenCalled()
  })

  it.each([
    ['the machine shows another key', [SECOND], USER_KEYS.private, 'host-key-changed'],
    ['the private key is not taken', [FIRST], OTHER_USER_KEYS.private, 'auth-failed'],
    ['no key is published', [], USER_KEYS.private, 'not-asked'],
  ])('not when %s', async (_what, keys, userKey, kind) => {
    const machine = await sshMachine({ answers: ANSWERS })
    const ssh = await guard({ keys }, userKey).look(machine.port)
    expect(ssh).toEqual({ kind, detail: expect.any(String) })
  })
})

describe('a known key', () => {
  it('is the only one that is taken, whatever is published now', async () => {
    const machine = await sshMachine({ hostKey: OTHER_HOST_KEYS.private, answers: ANSWERS })
    const { look } = guard({ keys: [SECOND] })
    expect(await look(machine.port, { kind: 'known', keys: [FIRST] })).toEqual(changed)
    expect(machine.asked).toEqual([])
  })

  it('may be one of several', async () => {
    const machine = await sshMachine({ hostKey: OTHER_HOST_KEYS.private, answers: ANSWERS })
    const { look } = guard({ keys: [] })
    expect(await look(machine.port, { kind: 'known', keys: [FIRST, SECOND] })).toEqual({ kind: 'ok' })
  })

  it('is learnt once, held to across a restart of the guard, and learnt anew by another instance only', async () => {
    const published = { keys: [FIRST] }
    const original = await sshMachine({ answers: ANSWERS })
    const learnt = (await guard(published).look(original.port)).hostKey
    expect(learnt).toEqual(FIRST)

    // Somebody else answers at the address, and has got at the attributes as well.
    published.keys = [SECOND]
    const impostor = await sshMachine({ hostKey: OTHER_HOST_KEYS.private, answers: ANSWERS })
    const fingerprint = { healthUrl: 'http://10.0.0.2:8080/health', ssh: '10.0.0.2:22', instanceId: '42' }
    const armed: Arming = {
      kind: 'armed',
      at: 1,
      by: 'guard',
      fingerprint: { ...fingerprint, hostKeys: learnt === undefined ? [] : [learnt] },
    }
    const replaced: Arming = { kind: 'unarmed', why: 'replaced', since: 2 }
    const lookAs = (arming: Arming) =>
      guard(published).look(impostor.port, withKnownKeys(targetAt(impostor.port), { arming }).ssh.hostKey)
    expect(await lookAs(armed)).toEqual(changed)
    expect(await lookAs(replaced)).toEqual({ kind: 'ok', hostKey: SECOND })
  })
})
