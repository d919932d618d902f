import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { smallPng } from '../../scripts/small-png.ts'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** Three channels of eight bits; `lines` begin with their filter. */
function trueColour(width: number, lines: readonly (readonly number[])[], colourType = 2): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(lines.length, 4)
  head.set([8, colourType, 0, 0, 0], 8)
  const data = deflateSync(Buffer.from(lines.flat()))
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk('IHDR', head),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The colours of a picture with a palette, line by line. */
function shown(png: Buffer): readonly (readonly string[])[] {
  const chunks = new Map<string, Buffer>()
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const body = png.subarray(at + 4, at + 8 + length)
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body))
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4))
    at += length + 12
  }
  const [head, table, data] = ['IHDR', 'PLTE', 'IDAT'].map((type) => chunks.get(type) ?? Buffer.alloc(0))
  if (head === undefined || table === undefined || data === undefined) throw new Error('A chunk is missing')
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)]
  const rows = inflateSync(data)
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (__, column) => {
      const index = rows[row * (width + 1) + 1 + column] ?? 0
      return table.subarray(index * 3, index * 3 + 3).toString('hex')
    }),
  )
}

describe('a small picture', () => {
  it('with few colours is the same picture, however its lines were filtered', () => {
    const picture = trueColour(2, [
      [0, 1, 2, 3, 10, 20, 30],
      [1, 1, 2, 3, 9, 18, 27],
      [2, 0, 0, 0, 1, 1, 1],
      [3, 1, 1, 1, 0, 0, 0],
      [4, 5, 5, 5, 250, 0, 1],
    ])
    expect(shown(smallPng(picture))).toEqual([
      ['010203', '0a141e'],
      ['010203', '0a141e'],
      ['010203', '0b151f'],
      ['010202', '060b10'],
      ['060707', '000b11'],
    ])
  })

  it('with many keeps 256 of them, the commonest as they are, and each near to what it was', () => {
    const width = 64
    const noise = Array.from({ length: 64 }, (_, row) => [
      0,
      ...Array.from({ length: width }, (__, column) => [column * 4, row * 4, 128]).flat(),
    ])
    const surface = Array.from({ length: 64 }, () => [
      0,
      ...Array.from({ length: width }, () => [245, 244, 240]).flat(),
    ])
    const rows = shown(smallPng(trueColour(width, [...noise, ...surface])))
    expect(new Set(rows.flat()).size).toBeLessThanOrEqual(256)
    expect(new Set(rows.slice(64).flat())).toEqual(new Set(['f5f4f0']))
    const off = noise.flatMap((line, row) =>
      Array.from({ length: width }, (_, column) => {
        const colour = Buffer.from(rows[row]?.[column] ?? '', 'hex')
        return Math.max(
          ...[0, 1, 2].map((at) => Math.abs((colour[at] ?? 0) - (line[1 + column * 3 + at] ?? 0))),
        )
      }),
    )
    expect(Math.max(...off)).toBeLessThan(48)
  })

  it('is made of no other kind of picture', () => {
    expect(() => smallPng(trueColour(1, [[0, 1, 2, 3, 4]], 6))).toThrow(/Only opaque pictures/)
  })
})
