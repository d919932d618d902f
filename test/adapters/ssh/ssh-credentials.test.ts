import { describe, expect, it, vi } from 'vitest'
import { type CredentialSources, createCredentials } from '../../../src/adapters/ssh/ssh-credentials.ts'
import { Sensitive } from '../../../src/core/sensitive.ts'
import type { SshAccess } from '../../../src/core/target.ts'
import { targetAt } from '../../contract/shell/ssh-machine.ts'

const target = targetAt(22)
const other = { ...targetAt(22), id: 'other' }
const MINUTE = 60_000

function credentialsWith({ now = () => 0 }: { now?: () => number } = {}) {
  const privateKey = vi.fn<CredentialSources['privateKey']>(async () => ({
    kind: 'key',
    value: new Sensitive('key'),
  }))
  const hostKeys = vi.fn<CredentialSources['hostKeys']>(async () => ({
    kind: 'keys',
    keys: [
      { type: 'ssh-rsa', base64: 'cnNh' },
      { type: 'ssh-ed25519', base64: 'ZWQ=' },
      { type: 'ssh-dss', base64: 'ZHNz' },
    ],
  }))
  const clock = { now, sleep: async () => undefined }
  return { privateKey, hostKeys, credentials: createCredentials({ privateKey, hostKeys, clock }) }
}

describe('credentials', () => {
  it('pin all published keys of types that can be checked, the best type first', async () => {
    const { credentials } = credentialsWith()
    expect(await credentials.of(target)).toEqual({
      kind: 'access',
      privateKey: new Sensitive('key'),
      pins: [
        { type: 'ssh-ed25519', blob: Buffer.from('ed') },
        { type: 'ssh-rsa', blob: Buffer.from('rsa') },
      ],
    })
  })

  it('are asked for once: the private key a process and secret, published host keys a minute and target', async () => {
    let now = 0
    const { credentials, privateKey, hostKeys } = credentialsWith({ now: () => now })
    const asked = []
    for (now of [0, MINUTE - 1, MINUTE, 2 * MINUTE - 1]) {
      await Promise.all([credentials.of(target), credentials.of(target), credentials.of(other)])
      asked.push([privateKey.mock.calls.length, hostKeys.mock.calls.length])
    }
    expect(asked).toEqual([
      [1, 2],
      [1, 2],
      [1, 4],
      [1, 4],
    ])
  })

  it.each<[string, SshAccess['hostKey']]>([
    ['pinned in the configuration', { kind: 'pinned', type: 'ssh-ed25519', base64: 'b3RoZXI=' }],
    ['known from the state', { kind: 'known', keys: [{ type: 'ssh-ed25519', base64: 'b3RoZXI=' }] }],
  ])(
    '%s are exactly those: neither asked for nor taken from what was published before',
    async (_what, hostKey) => {
      const { credentials, hostKeys } = credentialsWith()
      await credentials.of(target)
      expect(await credentials.of({ ...target, ssh: { ...target.ssh, hostKey } })).toEqual({
        kind: 'access',
        privateKey: new Sensitive('key'),
        pins: [{ type: 'ssh-ed25519', blob: Buffer.from('other') }],
      })
      expect(hostKeys).toHaveBeenCalledTimes(1)
    },
  )

  it('that could not be had are asked for again', async () => {
    const { credentials, privateKey, hostKeys } = credentialsWith()
    privateKey.mockResolvedValueOnce({ kind: 'unavailable', detail: 'no' })
    hostKeys.mockResolvedValueOnce({ kind: 'absent' })
    expect(await credentials.of(target)).toMatchObject({ kind: 'unavailable' })
    expect(await credentials.of(target)).toMatchObject({ kind: 'access' })
    expect([privateKey.mock.calls.length, hostKeys.mock.calls.length]).toEqual([2, 2])
  })

  it('read a rejected private key again, at most every 10 minutes', async () => {
    let now = 0
    const { credentials, privateKey } = credentialsWith({ now: () => now })
    const reads = []
    for (now of [0, 9 * MINUTE, 10 * MINUTE, 11 * MINUTE, 20 * MINUTE]) {
      credentials.rejected(target)
      await credentials.of(target)
      reads.push(privateKey.mock.calls.length)
    }
    expect(reads).toEqual([1, 1, 2, 2, 3])
  })
})
