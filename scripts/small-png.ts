/**
 * Makes a browser's picture small: its colours brought down to a palette of 256 (median cut), packed as tightly as
 * zlib can. For opaque, flat pictures of pages. The format: https://www.w3.org/TR/png-3/
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const COLOURS_MAX = 256
const TRUE_COLOUR = 2
const PALETTE = 3

type Picture = { readonly width: number; readonly height: number; readonly pixels: Uint32Array }

/** Takes 8 bits a channel, without transparency or interlacing, as Chromium writes it; throws for anything else. */
export function smallPng(png: Buffer): Buffer {
  const picture = decoded(png)
  const counts = new Map<number, number>()
  for (const pixel of picture.pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
  return encoded(picture, paletteOf(counts))
}

function* chunksOf(png: Buffer): Generator<{ readonly type: string; readonly data: Buffer }> {
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) }
    at += length + 12
  }
}

function decoded(png: Buffer): Picture {
  const chunks = [...chunksOf(png)]
  const head = chunks.find(({ type }) => type === 'IHDR')?.data
  if (head === undefined || head[8] !== 8 || head[9] !== TRUE_COLOUR || head[12] !== 0) {
    throw new Error('Only opaque pictures of 8 bits a channel, not interlaced, are known')
  }
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)]
  const bytes = inflateSync(
    Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)),
  )
  unfilter(bytes, { rowBytes: width * 3, height })
  const pixels = new Uint32Array(width * height)
  for (let index = 0; index < pixels.length; index += 1) {
    const at = Math.floor(index / width) * (width * 3 + 1) + 1 + (index % width) * 3
    pixels[index] = bytes.readUIntBE(at, 3)
  }
  return { width, height, pixels }
}

/** Undoes what each line says was done to it, in place. */
function unfilter(bytes: Buffer, { rowBytes, height }: { rowBytes: number; height: number }): void {
  const stride = rowBytes + 1
  for (let row = 0; row < height; row += 1) {
    const filter = bytes[row * stride] ?? 0
    for (let column = 0; column < rowBytes; column += 1) {
      const at = row * stride + 1 + column
      const left = column < 3 ? 0 : (bytes[at - 3] ?? 0)
      const up = row === 0 ? 0 : (bytes[at - stride] ?? 0)
      const corner = row === 0 || column < 3 ? 0 : (bytes[at - stride - 3] ?? 0)
      bytes[at] = ((bytes[at] ?? 0) + predicted(filter, { left, up, corner })) & 0xff
    }
  }
}

type Neighbours = { readonly left: number; readonly up: number; readonly corner: number }

function predicted(filter: number, { left, up, corner }: Neighbours): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  if (filter !== 4) return 0
  const guess = left + up - corner
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (byLeft <= byUp && byLeft <= byCorner) return left
  return byUp <= byCorner ? up : corner
}

type Colour = { readonly value: number; readonly count: number }
type Box = { readonly colours: readonly Colour[]; readonly shift: number; readonly worth: number }

const channel = (value: number, shift: number): number => (value >> shift) & 0xff

function boxOf(colours: readonly Colour[]): Box {
  const ranges = [16, 8, 0].map((shift) => {
    const values = colours.map(({ value }) => channel(value, shift))
    return { shift, range: Math.max(...values) - Math.min(...values) }
  })
  const { shift, range } = ranges.reduce((widest, next) => (next.range > widest.range ? next : widest))
  const many = colours.reduce((sum, { count }) => sum + count, 0)
  // By the root of it: large surfaces count for more, yet text keeps its shades.
  return { colours, shift, worth: range * Math.sqrt(many) }
}

/** Which colour of the palette stands for each. */
function paletteOf(counts: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  let boxes = [boxOf([...counts].map(([value, count]) => ({ value, count })))]
  while (boxes.length < COLOURS_MAX) {
    const next = boxes.reduce((best, box) => (box.worth > best.worth ? box : best))
    if (next.worth === 0) break
    const sorted = next.colours.toSorted(
      (one, other) => channel(one.value, next.shift) - channel(other.value, next.shift),
    )
    const half = sorted.length >> 1
    boxes = [...boxes.filter((box) => box !== next), boxOf(sorted.slice(0, half)), boxOf(sorted.slice(half))]
  }
  // The commonest of a box stands for it, so that surfaces keep their exact colour.
  return new Map(
    boxes.flatMap(({ colours }) => {
      const { value: main } = colours.reduce((best, each) => (each.count > best.count ? each : best))
      return colours.map(({ value }) => [value, main] as const)
    }),
  )
}

function encoded({ width, height, pixels }: Picture, palette: ReadonlyMap<number, number>): Buffer {
  const colours = [...new Set(palette.values())]
  const indexes = new Map(colours.map((colour, index) => [colour, index]))
  const rows = Buffer.alloc((width + 1) * height)
  pixels.forEach((pixel, index) => {
    const at = Math.floor(index / width) * (width + 1) + 1 + (index % width)
    rows[at] = indexes.get(palette.get(pixel) ?? 0) ?? 0
  })
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, PALETTE, 0, 0, 0], 8)
  const table = Buffer.from(colours.flatMap((colour) => [16, 8, 0].map((shift) => channel(colour, shift))))
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
