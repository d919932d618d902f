import ssh2 from 'ssh2'
import { describe, expect, it } from 'vitest'
import { createSshKeyPair } from '../../../sandbox/machines/ssh-keys.ts'

describe('a key pair', () => {
  it('can always be read again, though one in 256 begins with a zero byte', () => {
    for (let tries = 0; tries < 400; tries += 1) {
      const pair = createSshKeyPair('bot')
      expect(ssh2.utils.parseKey(pair.privateKey)).not.toBeInstanceOf(Error)
      expect(ssh2.utils.parseKey(pair.publicKey)).not.toBeInstanceOf(Error)
    }
  })
})
