/** All that the loop reaches the world by. compose.ts builds them; tests and the sandbox may give others. */
import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'
import type { Journal } from '../ports/journal.ts'
import type { Channel, DeadMan } from '../ports/notifier.ts'
import type { Probe } from '../ports/probe.ts'
import type { SecretSource } from '../ports/secret-source.ts'
import type { Shell } from '../ports/shell.ts'
import type { Store } from '../ports/store.ts'
import type { VirtualMachine } from '../ports/virtual-machine.ts'

export type Ports = {
  readonly clock: Clock
  readonly ids: Ids
  readonly journal: Journal
  readonly probe: Probe
  readonly shell: Shell
  readonly virtualMachine: VirtualMachine
  readonly secretSource: SecretSource
  readonly store: Store
  /** Where people are told; may be none. */
  readonly channels: readonly Channel[]
  readonly deadMan?: DeadMan
}
