/** Figures and tables as plain text. What is measured, and what it means, is the benchmarks'. */
import { cpus, release, totalmem, type } from 'node:os'
import type { Finding, Result, Table } from './result.ts'
import type { Spread } from './statistics.ts'

const BYTES_PER_MB = 1_000_000

/** Three digits that count, no more: the machine does not repeat the fourth. */
export function figure(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** `median (lower quartile – upper quartile)`. */
export function spread({ median, lowerQuartile, upperQuartile }: Spread): string {
  return `${figure(median)} (${figure(lowerQuartile)}–${figure(upperQuartile)})`
}

export function megabytes(bytes: number): string {
  return (bytes / BYTES_PER_MB).toFixed(0)
}

export function tableText({ title, columns, rows, notes = [] }: Table): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('   ')
      .trimEnd()
  const rule = '-'.repeat(line(columns).length)
  return [title, rule, line(columns), ...rows.map(line), ...notes.map((note) => `  ${note}`), ''].join('\n')
}

export function resultText({ tables, findings }: Result): string {
  return [...tables.map(tableText), ...findings.map(findingText), ''].join('\n')
}

function findingText({ kind, what, wanted, measured, holds }: Finding): string {
  const word = kind === 'proof' ? (holds ? 'proved' : 'FAILED') : holds ? 'met' : 'MISSED'
  return `${word.padEnd(7)} ${what}: ${measured} (wanted: ${wanted})`
}

export type MachineDescription = {
  readonly node: string
  readonly system: string
  readonly processors: number
  readonly processor: string
  readonly memoryMb: number
}

export function describeMachine(): MachineDescription {
  const all = cpus()
  return {
    node: process.version,
    system: `${type()} ${release()}`,
    processors: all.length,
    processor: all[0]?.model.trim() ?? 'unknown',
    memoryMb: Math.round(totalmem() / BYTES_PER_MB),
  }
}
