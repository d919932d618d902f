/** Ed25519 key pairs for the sandbox: the machines' host keys, and the guard's own key. */
import ssh2 from 'ssh2'

export type SshKeyPair = {
  /** OpenSSH's private key format. */
  readonly privateKey: string
  /** OpenSSH's one-line format, as in authorized_keys. */
  readonly publicKey: string
  readonly type: 'ssh-ed25519'
  /** The public key's blob, as in known_hosts and in the guest attribute. */
  readonly base64: string
}

/** "ssh-ed25519" and 32 bytes of key, each with its length before it. */
const BLOB_BYTES = 51
/** One key in 256 is wrong: enough for never. */
const TRIES_MAX = 20

/**
 * ssh2 1.17 drops the leading zero bytes of a public key, which makes one pair in 256 unreadable
 * (lib/keygen.js, "Remove leading zero bytes"): such a pair is made anew.
 */
export function createSshKeyPair(comment: string): SshKeyPair {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment })
    const base64 = pair.public.split(' ')[1] ?? ''
    if (Buffer.from(base64, 'base64').length === BLOB_BYTES) {
      return { privateKey: pair.private, publicKey: pair.public, type: 'ssh-ed25519', base64 }
    }
  }
  throw new Error('ssh2 makes no usable key pair')
}
