/** Each fault by name: how it shows to a real client, and that `heal` undoes it. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { applyFault, FAULT_NAMES, FAULTS, type FaultName } from '../../../sandbox/machines/faults.ts'
import { createNetworkFaults } from '../../../sandbox/machines/network.ts'
import type { SimulatedMachine } from '../../../sandbox/machines/simulated-machine.ts'
import { askHealth, closeAll, machineOf, runLineOver, type Seen } from './fixture.ts'

afterEach(closeAll)

function contextOf(machine: SimulatedMachine) {
  const network = createNetworkFaults()
  const asked: string[] = []
  const platform = {
    async stop(type: string, user: string) {
      asked.push(`${type} by ${user}`)
      await machine.stop()
    },
    async start() {
      asked.push('start')
      await machine.start()
    },
  }
  const secrets = {
    rotate: async (of: SimulatedMachine) => {
      asked.push(`rotate ${of.name}`)
    },
  }
  return { machine, network, asked, platform, secrets }
}

type SshSeen = 'ok' | 'refused' | 'silent' | 'auth-failed' | 'other-host-key'

async function askSsh(machine: SimulatedMachine): Promise<SshSeen> {
  try {
    const { hostKey } = await runLineOver(machine, 'true', { readyMs: 120 })
    return hostKey === machine.hostKey.base64 ? 'ok' : 'other-host-key'
  } catch (error) {
    const text = String(error)
    if (text.includes('ECONNREFUSED')) return 'refused'
    if (text.includes('authentication methods failed')) return 'auth-failed'
    if (text.includes('Timed out')) return 'silent'
    throw error
  }
}

function httpSeen(seen: Seen): number | string {
  return typeof seen === 'string' ? seen : seen.status
}

const ROWS: readonly [FaultName, { http: number | string; ssh: SshSeen; unit?: string; power?: string }][] = [
  ['container-exits', { http: 'refused', ssh: 'ok', unit: 'failed/start-limit-hit' }],
  ['container-hangs', { http: 'silent', ssh: 'ok', unit: 'active/success' }],
  ['container-unhealthy', { http: 503, ssh: 'ok', unit: 'active/success' }],
  ['container-stopped-by-person', { http: 'refused', ssh: 'ok', unit: 'inactive/success' }],
  ['podman-wedged', { http: 'silent', ssh: 'ok', unit: 'active/success' }],
  ['vm-freezes', { http: 'silent', ssh: 'silent', power: 'running' }],
  ['vm-panics', { http: 'silent', ssh: 'silent', power: 'running' }],
  ['vm-preempted', { http: 'silent', ssh: 'silent', power: 'stopped' }],
  ['vm-stopped-by-person', { http: 'silent', ssh: 'silent', power: 'stopped' }],
  ['network-path-broken', { http: 'silent', ssh: 'silent', power: 'running' }],
  ['ssh-down', { http: 200, ssh: 'refused', unit: 'active/success' }],
  ['ssh-key-rejected', { http: 'refused', ssh: 'auth-failed', unit: 'failed/start-limit-hit' }],
  ['host-key-changed', { http: 'refused', ssh: 'other-host-key', unit: 'failed/start-limit-hit' }],
  ['guard-offline', { http: 200, ssh: 'ok', unit: 'active/success' }],
  ['secret-rotated', { http: 200, ssh: 'ok', unit: 'active/success' }],
  ['boot-fails', { http: 'silent', ssh: 'silent', power: 'running' }],
  ['heal', { http: 200, ssh: 'ok', unit: 'active/success' }],
]

describe('the fault', () => {
  it.each(ROWS)('%s shows as %j, and heal undoes it', async (name, shows) => {
    const machine = await machineOf({ healthBy: 'agent.service' })
    const context = contextOf(machine)
    await applyFault(name, context)
    await vi.waitFor(
      async () => {
        const unit = machine.snapshot().workloads[0]
        expect({
          http: httpSeen(await askHealth(machine, 100)),
          ssh: await askSsh(machine),
          ...('unit' in shows ? { unit: `${unit?.active}/${unit?.result}` } : {}),
          ...('power' in shows ? { power: machine.power() } : {}),
        }).toEqual(shows)
      },
      { timeout: 3_000 },
    )
    await applyFault('heal', context)
    await vi.waitFor(
      async () => {
        await machine.settled()
        expect([httpSeen(await askHealth(machine, 100)), await askSsh(machine)]).toEqual([200, 'ok'])
        expect(machine.snapshot().workloads.map(({ active }) => active)).toEqual(['active', 'active'])
      },
      { timeout: 3_000 },
    )
    expect(context.network.route('127.0.0.1', machine.sshPort)).toBe('open')
  })

  it('health-slow delays one answer only', async () => {
    const machine = await machineOf()
    await applyFault('health-slow', contextOf(machine))
    expect(await askHealth(machine, 100)).toBe('silent')
    expect(httpSeen(await askHealth(machine))).toBe(200)
  })

  it.each([
    ['vm-preempted', 'compute.instances.preempted by system'],
    ['vm-stopped-by-person', 'stop by alice@example.com'],
    ['secret-rotated', 'rotate bot'],
  ] as const)('%s goes through the platform: %s', async (name, asked) => {
    const machine = await machineOf()
    const context = contextOf(machine)
    await applyFault(name, context)
    expect(context.asked).toEqual([asked])
  })

  it('guard-offline takes every way of the guard, the machines live on', async () => {
    const machine = await machineOf()
    const context = contextOf(machine)
    await applyFault('guard-offline', context)
    expect(context.network.route('127.0.0.1', machine.healthPort)).toBe('drop')
    expect(context.network.route('control.example', 443)).toBe('drop')
  })

  it('boot-fails outlives a reset: the boot id is new, but userland never comes', async () => {
    const machine = await machineOf()
    const before = machine.snapshot().bootId
    await applyFault('boot-fails', contextOf(machine))
    await machine.reset()
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(machine.snapshot()).toMatchObject({ power: 'running', phase: 'kernel' })
    expect(machine.snapshot().bootId).not.toBe(before)
  })

  it('vm-freezes is cured by a reset, podman-wedged by a reboot', async () => {
    const machine = await machineOf({ healthBy: 'agent.service' })
    const context = contextOf(machine)
    await applyFault('podman-wedged', context)
    await runLineOver(machine, 'sudo -n -- systemctl --no-block reboot')
    await vi.waitFor(async () => expect(httpSeen(await askHealth(machine))).toBe(200))
    await applyFault('vm-freezes', context)
    await machine.reset()
    await vi.waitFor(async () => expect(httpSeen(await askHealth(machine))).toBe(200))
  })

  it('hits the unit that is named', async () => {
    const machine = await machineOf()
    await applyFault('container-stopped-by-person', { ...contextOf(machine), unit: 'helper.service' })
    expect(machine.snapshot().workloads.map(({ active }) => active)).toEqual(['active', 'inactive'])
  })

  it('is described, each in one line', () => {
    expect(FAULTS.map(({ name }) => name)).toEqual(FAULT_NAMES)
    for (const fault of FAULTS) expect(`${fault.says}${fault.expected}`).not.toContain('\n')
  })
})
