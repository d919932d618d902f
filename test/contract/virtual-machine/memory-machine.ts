/** A machine with no inside: it has power, a console that grows with each boot, and guest attributes. */
import type { Machine, MachinePower } from '../../../sandbox/machine.ts'

export type MemoryMachine = Machine & {
  readonly attributes: Map<string, string>
  /** Each order that the machine took, in order. */
  readonly orders: string[]
  print(text: string): void
  /** The console is lost and starts from its first byte. */
  clearConsole(): void
  /** Its power changes without an order. */
  setPower(power: MachinePower): void
}

export function createMemoryMachine(name = 'nightguard'): MemoryMachine {
  let power: MachinePower = 'running'
  let serial = '[    0.000000] Linux version 6.12.0 (first boot)\n'
  const orders: string[] = []
  const attributes = new Map<string, string>()
  const boot = (order: string) => async () => {
    orders.push(order)
    power = 'running'
    if (order !== 'resume') serial += `[    0.000000] Linux version 6.12.0 (${order})\n`
  }
  const down = (order: string, next: MachinePower) => async () => {
    orders.push(order)
    power = next
  }
  return {
    name,
    zone: 'us-west1-b',
    instanceId: '4567890123456789012',
    internalAddress: '10.138.0.2',
    power: () => power,
    start: boot('start'),
    resume: boot('resume'),
    reset: boot('reset'),
    stop: down('stop', 'stopped'),
    suspend: down('suspend', 'suspended'),
    serial: () => serial,
    guestAttributes: () => attributes,
    attributes,
    orders,
    print: (text) => {
      serial += text
    },
    clearConsole: () => {
      serial = ''
    },
    setPower: (next) => {
      power = next
    },
  }
}
