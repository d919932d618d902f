/**
 * What `systemctl show` prints: `Name=value` lines, the service's own properties before the unit's (the order
 * of the bus, not of the question), blocks parted by an empty line; a property asked by name is printed empty.
 */
import type { UnitState } from './workload.ts'

const IN_BUS_ORDER = [
  'TimeoutStartUSec',
  'Result',
  'NRestarts',
  'Id',
  'LoadState',
  'ActiveState',
  'SubState',
  'InvocationID',
] as const

/** `undefined`: systemd knows no such unit; it still prints a block. */
export type ShownUnit = { readonly unit: string; readonly state: UnitState | undefined }

export function showOutput(units: readonly ShownUnit[], properties: readonly string[]): string {
  return units
    .map(({ unit, state }) => {
      const values = valuesOf(unit, state)
      return IN_BUS_ORDER.filter((name) => properties.includes(name))
        .map((name) => `${name}=${values[name]}\n`)
        .join('')
    })
    .join('\n')
}

function valuesOf(unit: string, state: UnitState | undefined): Record<(typeof IN_BUS_ORDER)[number], string> {
  return {
    // DefaultTimeoutStartSec; Quadlet sets none of its own.
    TimeoutStartUSec: '1min 30s',
    Result: state?.result ?? 'success',
    NRestarts: String(state?.restarts ?? 0),
    Id: unit,
    LoadState: state?.load ?? 'not-found',
    ActiveState: state?.active ?? 'inactive',
    SubState: state?.sub ?? 'dead',
    InvocationID: state?.invocationId ?? '',
  }
}
