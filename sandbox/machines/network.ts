/**
 * The guard's own side of the network, as a fault sees it: wrappers around the guard's ports that let nothing
 * through. A machine's own silence needs none of this; its ports are silent at the wire (door.ts).
 */
import { SHELL_SECTIONS } from '../../src/adapters/ssh/ssh-black-box.ts'
import type { ActionResult } from '../../src/core/action.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Probe } from '../../src/ports/probe.ts'
import type { Shell, ShellLimits } from '../../src/ports/shell.ts'

export type Route = 'open' | 'drop'

export type NetworkFaults = {
  /** What happens to a packet of the guard's to this place. */
  route(host: string, port: number): Route
  /** The guard loses, or has again, its whole network. */
  setGuard(state: 'online' | 'offline'): void
  guard(): 'online' | 'offline'
  /** Drops what goes to one place, as a firewall on the way would. */
  drop(host: string, port: number): void
  restore(host: string, port: number): void
  readonly clock: Clock
}

export function createNetworkFaults({ clock = realClock() }: { clock?: Clock } = {}): NetworkFaults {
  const dropped = new Set<string>()
  let guard: 'online' | 'offline' = 'online'
  const place = (host: string, port: number): string => `${host}:${port}`
  return {
    route: (host, port) => (guard === 'offline' || dropped.has(place(host, port)) ? 'drop' : 'open'),
    setGuard(state) {
      guard = state
    },
    guard: () => guard,
    drop: (host, port) => dropped.add(place(host, port)),
    restore: (host, port) => dropped.delete(place(host, port)),
    clock,
  }
}

function realClock(): Clock {
  return { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) }
}

/** Waits as long as a connect that is never answered, and says what the real adapter would say. */
export function withNetwork(probe: Probe, network: NetworkFaults): Probe {
  const { clock } = network
  return {
    async health(check, options) {
      if (routeOf(network, check.url) === 'open') return probe.health(check, options)
      const at = clock.now()
      await clock.sleep(options.timeoutMs)
      return { kind: 'silent', at, durationMs: clock.now() - at }
    },
    async reachable(url, options) {
      if (routeOf(network, url) === 'open') return probe.reachable(url, options)
      await clock.sleep(options.timeoutMs)
      return false
    },
  }
}

export function withNetworkShell(shell: Shell, network: NetworkFaults): Shell {
  const { clock } = network
  const dropped = (target: { ssh: { host: string; port: number } }): boolean =>
    network.route(target.ssh.host, target.ssh.port) === 'drop'
  const silence = async (limits: ShellLimits): Promise<{ at: number; durationMs: number }> => {
    const at = clock.now()
    await clock.sleep(Math.min(limits.connectMs, limits.deadlineMs))
    return { at, durationMs: clock.now() - at }
  }
  const noAnswer = async (limits: ShellLimits): Promise<ActionResult> => {
    const { durationMs } = await silence(limits)
    return { kind: 'failed', detail: `SSH: no answer within ${durationMs} ms` }
  }
  return {
    async look(target, questions, limits) {
      if (!dropped(target)) return shell.look(target, questions, limits)
      return { ssh: { kind: 'silent', ...(await silence(limits)) } }
    },
    restartWorkload: (target, order, limits) =>
      dropped(target) ? noAnswer(limits) : shell.restartWorkload(target, order, limits),
    reboot: (target, order, limits) =>
      dropped(target) ? noAnswer(limits) : shell.reboot(target, order, limits),
    async putSecrets(target, order, limits) {
      if (!dropped(target)) return shell.putSecrets(target, order, limits)
      const result = await noAnswer(limits)
      return order.puts.map(({ put }) => ({ name: put.name, result }))
    },
    async blackBox(target, about, limits) {
      if (!dropped(target)) return shell.blackBox(target, about, limits)
      const { durationMs } = await silence(limits)
      const detail = `no login (silent): no connection within ${durationMs} ms`
      return SHELL_SECTIONS.map((name) => ({ kind: 'unavailable', name, detail }))
    },
  }
}

function routeOf(network: NetworkFaults, address: string): Route {
  const url = new URL(address)
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  return network.route(url.hostname, port)
}
