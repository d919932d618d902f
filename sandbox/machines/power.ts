/**
 * The machine's power and kernel: off, booting, up; frozen and panicked; boot_id and uptime. What runs on it
 * and how it looks from outside is simulated-machine.ts's business, which is told by the hooks.
 */
import { randomUUID } from 'node:crypto'
import type { MachinePower } from '../machine.ts'
import type { SimulationClock, Timers } from './clock.ts'
import type { MachineTiming } from './options.ts'
import {
  printFirmware,
  printLogin,
  printOutOfMemory,
  printPanic,
  printUserland,
  type SerialConsole,
} from './serial-console.ts'

/** `kernel`: nothing answers yet; `userland`: the network is up, the services are not; `halting`: a reboot. */
export type Phase = 'off' | 'kernel' | 'userland' | 'up' | 'halting'
export type Stillness = 'no' | 'frozen' | 'panicked'

/** The kernel's share of a boot, before the network is up. */
const KERNEL_SHARE = 0.6

export type Power = {
  power(): MachinePower
  phase(): Phase
  still(): Stillness
  bootId(): string
  uptimeMs(): number
  /** Cuts the power if there is any, and boots. */
  boot(): void
  /** Off at once; nothing is left in memory. */
  cut(): void
  suspend(): void
  resume(): void
  /** As `systemctl reboot`: services end first. */
  reboot(): void
  freeze(how: Exclude<Stillness, 'no'>): void
  thaw(): void
  /** Boots from now on never reach userland. */
  setBoots(how: 'complete' | 'hang'): void
}

export type PowerContext = {
  readonly name: string
  readonly clock: SimulationClock
  readonly timers: Timers
  readonly timing: MachineTiming
  readonly serial: SerialConsole
  tell(text: string): void
  /** Memory is lost: called on each loss of power, before anything else. */
  onPowerLoss(): void
  onUp(): void
  /** Power, phase or stillness is another one. */
  onChange(): void
}

/** The machine as it is inside; the functions below move it. */
type State = {
  readonly context: PowerContext
  power: MachinePower
  phase: Phase
  still: Stillness
  bootId: string
  bootedAt: number
  boots: 'complete' | 'hang'
}

/** Begins as a machine that has just come up. */
export function createPower(context: PowerContext): Power {
  const state: State = {
    context,
    power: 'running',
    phase: 'up',
    still: 'no',
    bootId: randomUUID(),
    bootedAt: context.clock.now(),
    boots: 'complete',
  }
  printFirmware(context.serial)
  printLogin(context.serial, context.name)
  return {
    power: () => state.power,
    phase: () => state.phase,
    still: () => state.still,
    bootId: () => state.bootId,
    uptimeMs: () => uptimeMs(state),
    boot: () => boot(state),
    cut: () => cut(state),
    suspend() {
      state.power = 'suspended'
      context.timers.pause()
      changed(state, 'is suspended')
    },
    resume() {
      state.power = 'running'
      // A VM that was frozen before it was suspended is so still.
      if (state.still === 'no') context.timers.resume()
      changed(state, 'is resumed')
    },
    reboot: () => reboot(state),
    freeze: (how) => freeze(state, how),
    thaw() {
      state.still = 'no'
      context.timers.resume()
      changed(state, 'moves again')
    },
    setBoots(how) {
      state.boots = how
    },
  }
}

function uptimeMs({ power, bootedAt, context }: State): number {
  return power === 'stopped' ? 0 : context.clock.now() - bootedAt
}

function changed({ context }: State, text: string): void {
  context.tell(text)
  context.onChange()
}

function enter(state: State, phase: Phase): void {
  state.phase = phase
  state.context.onChange()
}

function loseMemory(state: State): void {
  state.context.timers.cancelAll()
  state.still = 'no'
  state.context.onPowerLoss()
}

function boot(state: State): void {
  const { clock, name, serial, tell, timers, timing } = state.context
  loseMemory(state)
  state.power = 'running'
  state.bootId = randomUUID()
  state.bootedAt = clock.now()
  printFirmware(serial)
  tell(`kernel boots, boot_id ${state.bootId.slice(0, 8)}`)
  enter(state, 'kernel')
  if (state.boots === 'hang') {
    serial.kernel(900, 'EXT4-fs error (device sda1): unable to read superblock')
    return
  }
  timers.after(timing.bootMs * KERNEL_SHARE, () => {
    printUserland(serial, { uptimeMs: uptimeMs(state), hostname: name })
    enter(state, 'userland')
  })
  timers.after(timing.bootMs, () => up(state))
}

function up(state: State): void {
  const { context } = state
  printLogin(context.serial, context.name)
  context.tell(`is up after ${(uptimeMs(state) / 1_000).toFixed(1)} s`)
  state.phase = 'up'
  context.onUp()
  context.onChange()
}

function cut(state: State): void {
  loseMemory(state)
  state.power = 'stopped'
  state.context.tell('is off')
  enter(state, 'off')
}

function reboot(state: State): void {
  const { serial, tell, timers, timing } = state.context
  tell('reboots by systemctl')
  serial.print('         Stopping session-c1.scope - Session c1 of User nightguard...')
  // `--no-block`: the order's answer gets out before the services end.
  timers.after(timing.haltMs / 2, () => enter(state, 'halting'))
  timers.after(timing.haltMs, () => {
    serial.kernel(uptimeMs(state), 'reboot: Restarting system')
    boot(state)
  })
}

function freeze(state: State, how: Exclude<Stillness, 'no'>): void {
  const { serial, timers } = state.context
  state.still = how
  timers.pause()
  printOutOfMemory(serial, {
    uptimeMs: uptimeMs(state),
    container: state.bootId.replaceAll('-', '').repeat(2),
  })
  if (how === 'panicked') printPanic(serial, uptimeMs(state))
  changed(state, how === 'panicked' ? 'panics: the kernel says so on the serial console' : 'freezes')
}
