import { describe, expect, it, vi } from 'vitest'
import { type CredentialSources, createCredentials } from '../../../src/adapters/ssh/ssh-credentials.ts'
import { Sensitive } from '../../../src/core/sensitive.ts'
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

  it('are asked for once a process: the private key by its secret, the host keys by target', async () => {
    const { credentials, privateKey, hostKeys } = credentialsWith()
    await Promise.all([credentials.of(target), credentials.of(target), credentials.of(other)])
    await credentials.of(target)
    expect(privateKey).toHaveBeenCalledTimes(1)
    expect(hostKeys).toHaveBeenCalledTimes(2)
  })

  it('keep the first host keys, whatever is published later', async () => {
    const { credentials, hostKeys } = credentialsWith()
    const first = await credentials.of(target)
    hostKeys.mockResolvedValue({ kind: 'keys', keys: [{ type: 'ssh-ed25519', base64: 'b3RoZXI=' }] })
    credentials.rejected(target)
    expect(await credentials.of(target)).toEqual(first)
  })

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
