/** Memory, swap, pressure, disk and load of a machine: numbers that wander plausibly, the same for one seed. */

export type Vitals = {
  readonly memory: { readonly totalMb: number; readonly usedMb: number }
  readonly swap: { readonly totalMb: number; readonly usedMb: number }
  readonly pressure: { readonly memory: { readonly some: number; readonly full: number } }
  readonly disk: { readonly totalMb: number; readonly usedMb: number }
  readonly load: readonly [number, number, number]
}

const MEMORY_TOTAL_MB = 976
const SWAP_TOTAL_MB = 2_047
const DISK_TOTAL_MB = 29_932

export type WanderingVitals = { now(): Vitals; step(): void }

/** The ranges stay below the default thresholds of "pressure": a wandering machine is a healthy one. */
export function createVitals(seed: number): WanderingVitals {
  const random = randomOf(seed)
  let memory = 480 + random() * 80
  let swap = 90 + random() * 60
  let stall = random() * 0.4
  let disk = 9_000 + random() * 400
  let load = 0.05 + random() * 0.2
  const walk = (value: number, { by, from, to }: { by: number; from: number; to: number }): number =>
    Math.min(to, Math.max(from, value + (random() * 2 - 1) * by))
  return {
    step() {
      memory = walk(memory, { by: 12, from: 420, to: 610 })
      swap = walk(swap, { by: 5, from: 60, to: 320 })
      stall = walk(stall, { by: 0.2, from: 0, to: 2.5 })
      disk = Math.min(12_000, disk + random())
      load = walk(load, { by: 0.05, from: 0.01, to: 0.9 })
    },
    now: () => ({
      memory: { totalMb: MEMORY_TOTAL_MB, usedMb: Math.round(memory) },
      swap: { totalMb: SWAP_TOTAL_MB, usedMb: Math.round(swap) },
      pressure: { memory: { some: hundredths(stall), full: hundredths(stall * 0.6) } },
      disk: { totalMb: DISK_TOTAL_MB, usedMb: Math.round(disk) },
      load: [hundredths(load), hundredths(load * 0.8), hundredths(load * 0.6)],
    }),
  }
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100
}

/** Mulberry32: small, seeded, and good enough to wander by. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
