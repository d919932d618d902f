/**
 * What every VirtualMachine must do, whatever cloud or emulator is behind it. The stage says how to bring the
 * VM into a state; how the technology fails is in the adapter's own tests.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Target } from '../../../src/core/target.ts'
import type { VirtualMachine } from '../../../src/ports/virtual-machine.ts'
import type { MemoryMachine } from './memory-machine.ts'

export type Stage = {
  readonly virtualMachine: VirtualMachine
  readonly target: Target
  readonly machine: MemoryMachine
  /** Takes the VM down, and remembers whose doing it was. */
  stops(type: string, by: string): Promise<void>
  close(): Promise<void>
}

const LIMITS = { timeoutMs: 10_000 }
const REQUEST = '6f1a3c52-5f0b-5d3e-9a51-0d7c5b1f2a3b'
const ED25519 = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ+D1wm1mbfYw1XxHdzz3EQ3wJYzXpCkl3C1cuRZ8xZ3'

export function virtualMachineContract(name: string, open: () => Promise<Stage>): void {
  describe(`${name} as a VirtualMachine`, () => {
    let stage: Stage
    beforeEach(async () => {
      stage = await open()
    })
    afterEach(() => stage.close())

    describe('look', () => looks(() => stage))
    describe('guest attributes', () => guestAttributes(() => stage))
    describe('power and trace', () => powers(() => stage))
    describe('the tail of the serial console', () => serialTails(() => stage))
  })
}

function looks(stage: () => Stage): void {
  it('says status, identity and addresses of a running VM', async () => {
    const { virtualMachine, target, machine } = stage()
    expect(await virtualMachine.look(target, {}, LIMITS)).toEqual({
      kind: 'seen',
      at: expect.any(Number),
      status: 'RUNNING',
      instanceId: machine.instanceId,
      addresses: ['10.138.0.2', '203.0.113.7'],
    })
  })

  it('says not-found for an instance that is not there', async () => {
    const { virtualMachine, target } = stage()
    const evidence = await virtualMachine.look({ ...target, instance: 'another' }, {}, LIMITS)
    expect(evidence).toEqual({ kind: 'not-found', at: expect.any(Number) })
  })

  it.each([
    ['a person', 'stop', 'anna@example.com'],
    ['a preemption', 'compute.instances.preempted', 'system'],
    ['a host error', 'compute.instances.hostError', 'system'],
    ['a poweroff inside the VM', 'compute.instances.guestTerminate', 'system'],
    ['host maintenance', 'compute.instances.terminateOnHostMaintenance', 'system'],
  ])('says of a VM that is down because of %s what stopped it and who', async (_who, type, by) => {
    const { virtualMachine, target, stops } = stage()
    const before = Date.now()
    await stops(type, by)
    const evidence = await virtualMachine.look(target, {}, LIMITS)
    expect(evidence).toMatchObject({ status: 'TERMINATED', lastStop: { type, by } })
    const at = evidence.kind === 'seen' ? (evidence.lastStop?.at ?? 0) : 0
    expect(Math.abs(at - before)).toBeLessThan(5000)
  })

  it('says that a VM powered itself off', async () => {
    const { virtualMachine, target, machine } = stage()
    await virtualMachine.look(target, {}, LIMITS)
    machine.setPower('stopped')
    expect(await virtualMachine.look(target, {}, LIMITS)).toMatchObject({
      status: 'TERMINATED',
      lastStop: { type: 'compute.instances.guestTerminate', by: 'system' },
    })
  })

  it('does not speak of an earlier stop once the VM runs again', async () => {
    const { virtualMachine, target, stops } = stage()
    await stops('stop', 'anna@example.com')
    await virtualMachine.power(target, { verb: 'start', requestId: REQUEST }, LIMITS)
    expect(await virtualMachine.look(target, {}, LIMITS)).not.toHaveProperty('lastStop')
  })

  it('says where the serial console stands, and that nothing booted since', async () => {
    const { virtualMachine, target, machine } = stage()
    const next = Buffer.byteLength(machine.serial())
    machine.print('[  100.0] Out of memory: Killed process 1 (agent)\n')
    const evidence = await virtualMachine.look(target, { serialFrom: next }, LIMITS)
    expect(evidence).toMatchObject({ serial: { next: Buffer.byteLength(machine.serial()), booted: false } })
  })

  it('says that a kernel began to boot since the byte that was asked from', async () => {
    const { virtualMachine, target, machine } = stage()
    const next = Buffer.byteLength(machine.serial())
    await machine.reset()
    const evidence = await virtualMachine.look(target, { serialFrom: next }, LIMITS)
    expect(evidence).toMatchObject({ serial: { next: Buffer.byteLength(machine.serial()), booted: true } })
  })

  it('takes a console that began anew for a boot', async () => {
    const { virtualMachine, target, machine } = stage()
    machine.print('x'.repeat(10_000))
    const next = Buffer.byteLength(machine.serial())
    machine.clearConsole()
    machine.print('short\n')
    const evidence = await virtualMachine.look(target, { serialFrom: next }, LIMITS)
    expect(evidence).toMatchObject({ serial: { next: 6, booted: true } })
  })
}

function guestAttributes(stage: () => Stage): void {
  it.each([
    [
      'an ISO time',
      '{"bootId":"0f3c9f4e-8a52-4f8e-9a4e-1c2d3e4f5a6b","at":"2026-01-02T03:04:05.678Z"}',
      1767323045678,
    ],
    [
      'epoch milliseconds',
      '{"bootId":"0f3c9f4e-8a52-4f8e-9a4e-1c2d3e4f5a6b","at":1767323045678}',
      1767323045678,
    ],
  ])('reads a heartbeat with %s', async (_form, value, at) => {
    const { virtualMachine, target, machine } = stage()
    machine.attributes.set('nightguard/heartbeat', value)
    expect(await virtualMachine.heartbeat(target, LIMITS)).toEqual({
      kind: 'seen',
      at,
      bootId: '0f3c9f4e-8a52-4f8e-9a4e-1c2d3e4f5a6b',
    })
  })

  it('says that a VM without the kit has no heartbeat and no host keys', async () => {
    const { virtualMachine, target } = stage()
    expect(await virtualMachine.heartbeat(target, LIMITS)).toEqual({ kind: 'absent' })
    expect(await virtualMachine.hostKeys(target, LIMITS)).toEqual({ kind: 'absent' })
  })

  it.each([
    ['rubbish', 'alive!'],
    ['another shape', '["bootId"]'],
    ['no time', '{"bootId":"0f3c9f4e-8a52-4f8e-9a4e-1c2d3e4f5a6b"}'],
    ['a time that is none', '{"bootId":"0f3c9f4e-8a52-4f8e-9a4e-1c2d3e4f5a6b","at":"yesterday"}'],
    ['a boot id that is none', '{"bootId":"<script>","at":1767323045678}'],
  ])('does not believe a heartbeat of %s', async (_what, value) => {
    const { virtualMachine, target, machine } = stage()
    machine.attributes.set('nightguard/heartbeat', value)
    expect(await virtualMachine.heartbeat(target, LIMITS)).toEqual({
      kind: 'unavailable',
      detail: 'reading the heartbeat of nightguard (us-west1-b): it is not {"bootId", "at"}',
    })
  })

  it('gives the host keys, ed25519 first, and leaves out what is no key', async () => {
    const { virtualMachine, target, machine } = stage()
    const rsa = keyOf('ssh-rsa')
    machine.attributes.set('hostkeys/ssh-rsa', rsa)
    machine.attributes.set('hostkeys/ssh-dss', keyOf('ssh-dss'))
    machine.attributes.set('hostkeys/ecdsa-sha2-nistp256', 'not base64!')
    machine.attributes.set('hostkeys/ssh-ed25519', `${ED25519} root@nightguard`)
    expect(await virtualMachine.hostKeys(target, LIMITS)).toEqual({
      kind: 'keys',
      keys: [
        { type: 'ssh-ed25519', base64: ED25519 },
        { type: 'ssh-rsa', base64: rsa },
      ],
    })
  })

  it('gives no host key whose inside says another type', async () => {
    const { virtualMachine, target, machine } = stage()
    machine.attributes.set('hostkeys/ssh-ed25519', keyOf('ssh-rsa'))
    expect(await virtualMachine.hostKeys(target, LIMITS)).toEqual({
      kind: 'unavailable',
      detail: 'reading the host keys of nightguard (us-west1-b): none of them is a usable key',
    })
  })
}

function powers(stage: () => Stage): void {
  it('resets a running VM', async () => {
    const { virtualMachine, target, machine } = stage()
    const result = await virtualMachine.power(target, { verb: 'reset', requestId: REQUEST }, LIMITS)
    expect(result).toEqual({ kind: 'done', detail: 'reset of nightguard (us-west1-b): done' })
    expect(machine.orders).toEqual(['reset'])
  })

  it.each(['start', 'resume'] as const)('carries out %s on a VM that is down', async (verb) => {
    const { virtualMachine, target, machine } = stage()
    machine.setPower(verb === 'start' ? 'stopped' : 'suspended')
    const result = await virtualMachine.power(target, { verb, requestId: REQUEST }, LIMITS)
    expect(result).toEqual({ kind: 'done', detail: `${verb} of nightguard (us-west1-b): done` })
    expect(machine.power()).toBe('running')
    expect(await virtualMachine.look(target, {}, LIMITS)).toMatchObject({ status: 'RUNNING' })
  })

  it('takes the same request id twice for one reset', async () => {
    const { virtualMachine, target, machine } = stage()
    const order = { verb: 'reset', requestId: REQUEST } as const
    const results = [
      await virtualMachine.power(target, order, LIMITS),
      await virtualMachine.power(target, order, LIMITS),
    ]
    expect(results.map(({ kind }) => kind)).toEqual(['done', 'done'])
    expect(machine.orders).toEqual(['reset'])
  })

  it('fails in the words of the cloud when the VM can not do it now', async () => {
    const { virtualMachine, target, machine, stops } = stage()
    await stops('stop', 'anna@example.com')
    const result = await virtualMachine.power(target, { verb: 'reset', requestId: REQUEST }, LIMITS)
    expect(result).toEqual({
      kind: 'failed',
      detail:
        "reset of nightguard (us-west1-b): HTTP 400: Instance is TERMINATED, which does not allow 'reset'.",
    })
    expect(machine.orders).toEqual(['stop'])
  })

  it('finds the trace of an order that was given', async () => {
    const { virtualMachine, target } = stage()
    await virtualMachine.power(target, { verb: 'reset', requestId: REQUEST }, LIMITS)
    expect(await virtualMachine.trace(target, REQUEST, LIMITS)).toEqual({
      kind: 'happened',
      done: true,
      detail: expect.stringMatching(/^reset by \S+ is DONE$/),
    })
  })

  it('finds no trace of an order that was never given', async () => {
    const { virtualMachine, target, stops } = stage()
    await stops('stop', 'anna@example.com')
    expect(await virtualMachine.trace(target, REQUEST, LIMITS)).toEqual({ kind: 'no-trace' })
  })
}

function serialTails(stage: () => Stage): void {
  it('is the words of kernel, systemd and boot loader; those of other programs are counted', async () => {
    const { virtualMachine, target, machine } = stage()
    machine.print('\u001b[32m[  OK  ]\u001b[0m Started agent.service - Agent.\r\n')
    machine.print('[   99.000000] systemd-agent[1287]: my password is hunter2\r\n')
    machine.print('hunter2 without a stamp\r\n\r\n')
    machine.print('[  100.000000] Out of memory: Killed process 1287 (agent) token=hunter2\r\n')
    machine.print('[  101.000000] Kernel panic - not syncing: System is deadlocked on memory\r\n')
    expect(await virtualMachine.serialTail(target, { bytesMax: 65_536 }, LIMITS)).toEqual({
      kind: 'text',
      name: 'serial-console',
      text: [
        '[    0.000000] Linux version 6.12.0 (first boot)',
        '[  OK  ] Started agent.service - Agent.',
        '[  100.000000] Out of memory: Killed process 1287 (agent) token=[redacted]',
        '[  101.000000] Kernel panic - not syncing: System is deadlocked on memory',
        '… 2 lines of other programs left out',
        '',
      ].join('\n'),
      cut: true,
    })
  })

  it('is the newest lines, whole ones, within the bound', async () => {
    const { virtualMachine, target, machine } = stage()
    const line = (index: number) => `[${String(index).padStart(5)}.000000] line ${index}`
    for (let index = 0; index < 3000; index += 1) machine.print(`${line(index)}\r\n`)
    const section = await virtualMachine.serialTail(target, { bytesMax: 1000 }, LIMITS)
    const lines = section.kind === 'text' ? section.text.trimEnd().split('\n') : []
    expect(section).toMatchObject({ kind: 'text', cut: true })
    expect(lines).toEqual(
      Array.from({ length: lines.length }, (_, index) => line(3000 - lines.length + index)),
    )
    expect(lines.join('\n').length).toBeGreaterThan(900)
    expect(lines.join('\n').length).toBeLessThan(1000)
  })

  it('of a console that has printed nothing, or of no VM, says so', async () => {
    const { virtualMachine, target, machine } = stage()
    machine.clearConsole()
    expect(await virtualMachine.serialTail(target, { bytesMax: 65_536 }, LIMITS)).toEqual({
      kind: 'unavailable',
      name: 'serial-console',
      detail: 'the serial console is empty',
    })
    expect(
      await virtualMachine.serialTail({ ...target, instance: 'another' }, { bytesMax: 65_536 }, LIMITS),
    ).toEqual({
      kind: 'unavailable',
      name: 'serial-console',
      detail: expect.stringContaining('reading the serial console of another (us-west1-b): HTTP 404'),
    })
  })
}

/** A key blob of the type, with a body that no one checks. */
function keyOf(type: string): string {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(type.length)
  return Buffer.concat([length, Buffer.from(type), Buffer.alloc(24, 7)]).toString('base64')
}
