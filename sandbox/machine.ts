/**
 * A machine that the sandbox's Compute emulator drives: simulated here, QEMU in the lab.
 * The emulator keeps operations and identities; a machine only lives, dies and boots.
 */
export type MachinePower = 'running' | 'stopped' | 'suspended'

export type Machine = {
  readonly name: string
  readonly zone: string
  /** Numeric, as a string. */
  readonly instanceId: string
  readonly internalAddress: string
  power(): MachinePower
  /** Each resolves once the machine has taken the order; booting goes on afterwards. */
  start(): Promise<void>
  resume(): Promise<void>
  reset(): Promise<void>
  /** Power off: the platform's, a person's or the guest's own; the emulator records whose. */
  stop(): Promise<void>
  /** Absent on a machine that can't: Compute then refuses the order. */
  suspend?(): Promise<void>
  /** All that the serial console has printed, as one text. */
  serial(): string
  /** Guest attributes by `namespace/key`. */
  guestAttributes(): ReadonlyMap<string, string>
}
