/**
 * CRC-32C (Castagnoli, RFC 3720 appendix B.4), bit by bit. Written here a second time on purpose: the emulator
 * must not share the adapter's implementation, or both could be wrong together.
 */
const POLYNOMIAL = 0x82f63b78

export function crc32cOf(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
