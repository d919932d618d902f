import { describe, expect, it } from 'vitest'
import { withKnownKeys } from '../../src/core/host-keys.ts'
import type { Arming, HostKey } from '../../src/core/state.ts'
import type { SshAccess } from '../../src/core/target.ts'
import { target } from './build.ts'

const KEY: HostKey = { type: 'ssh-ed25519', base64: 'QUJD' }
const OTHER: HostKey = { type: 'ssh-ed25519', base64: 'REVG' }
const ASK: SshAccess['hostKey'] = { kind: 'guest-attributes' }

function armed(hostKeys?: readonly HostKey[]): Arming {
  const fingerprint = { healthUrl: 'http://10.0.0.2/', ssh: '10.0.0.2:22', instanceId: '42' }
  return {
    kind: 'armed',
    at: 1,
    by: 'guard',
    fingerprint: { ...fingerprint, ...(hostKeys === undefined ? {} : { hostKeys }) },
  }
}
const unarmed: Arming = { kind: 'unarmed', why: 'replaced', since: 1 }

describe('SSH is told of a target with', () => {
  it.each<[string, SshAccess['hostKey'], Arming, SshAccess['hostKey']]>([
    ['the key that this instance has proved', ASK, armed([KEY]), { kind: 'known', keys: [KEY] }],
    ['every key that it has proved', ASK, armed([KEY, OTHER]), { kind: 'known', keys: [KEY, OTHER] }],
    ['nothing known before a login has succeeded', ASK, armed(), ASK],
    ['nothing known for an empty list', ASK, armed([]), ASK],
    ['nothing known of another instance than before', ASK, unarmed, ASK],
    [
      'the key that a person has pinned, whatever was learnt',
      { kind: 'pinned', ...OTHER },
      armed([KEY]),
      { kind: 'pinned', ...OTHER },
    ],
    [
      'what it was told before, when asked twice',
      { kind: 'known', keys: [OTHER] },
      armed([KEY]),
      { kind: 'known', keys: [OTHER] },
    ],
  ])('%s', (_what, hostKey, arming, told) => {
    const given = { ...target, ssh: { ...target.ssh, hostKey } }
    expect(withKnownKeys(given, { arming })).toEqual({ ...given, ssh: { ...given.ssh, hostKey: told } })
  })
})
