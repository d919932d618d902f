import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseContainers, parsePresentSecrets } from '../../src/schemas/podman.ts'

const ID = '3f1c'.repeat(16)

/** As Podman 5.4 prints it, shortened by members that are not read. */
function container(state: object, more: object = {}): string {
  const whole = {
    Id: ID,
    Created: '2025-01-01T00:00:00.000000000Z',
    Name: 'systemd-agent',
    State: { OciVersion: '1.2.0', Status: 'running', Running: true, Pid: 812, ExitCode: 0, ...state },
    Config: { Env: ['TOKEN=hunter2'] },
    ...more,
  }
  return JSON.stringify([whole])
}

describe('inspected containers', () => {
  it.each([
    ['runs without a health check', {}, { id: ID, running: true }],
    [
      'runs and is healthy',
      { Health: { Status: 'healthy', FailingStreak: 0, Log: [] } },
      { id: ID, running: true, health: 'healthy', failingStreak: 0 },
    ],
    [
      'runs and is unhealthy, as Podman 3 says it',
      { Healthcheck: { Status: 'unhealthy', FailingStreak: 4, Log: null } },
      { id: ID, running: true, health: 'unhealthy', failingStreak: 4 },
    ],
    [
      'is starting',
      { Health: { Status: 'starting', FailingStreak: 1 } },
      { id: ID, running: true, health: 'starting', failingStreak: 1 },
    ],
    [
      'has an empty health',
      { Health: { Status: '', FailingStreak: 0, Log: null } },
      { id: ID, running: true },
    ],
    [
      'has exited',
      { Status: 'exited', Running: false, ExitCode: 137 },
      { id: ID, running: false, exitCode: 137 },
    ],
  ])('one that %s', (_name, state, evidence) => {
    expect(parseContainers(container(state))).toEqual({
      kind: 'ok',
      containers: new Map([['systemd-agent', evidence]]),
    })
  })

  it('none at all is an answer', () => {
    expect(parseContainers('[]\n')).toEqual({ kind: 'ok', containers: new Map() })
  })

  it.each([
    ['no JSON', 'Error: no such container', "podman's answer is not a JSON array"],
    ['an object', '{}', "podman's answer is not a JSON array"],
    ['a flood', `[${' '.repeat(300_000)}]`, "podman's answer is not a JSON array"],
    ['a long list', JSON.stringify(Array(65).fill({})), "podman's answer is not a JSON array"],
    ['no state', container({}, { State: undefined }), "podman's answer has no State that can be read"],
    ['a strange id', container({}, { Id: '$(reboot)' }), "podman's answer has no Id that can be read"],
    [
      'a running of words',
      container({ Running: 'yes' }),
      "podman's answer has no State.Running that can be read",
    ],
    ['no container', '[7]', "podman's answer has no entry that can be read"],
  ])('(%s) are unreadable', (_name, text, detail) => {
    expect(parseContainers(text)).toEqual({ kind: 'unreadable', detail })
  })

  it('never make the parser throw', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseContainers(text)))
    const entry = fc.record({ Id: fc.constant(ID), Name: fc.string(), State: fc.anything() })
    fc.assert(
      fc.property(fc.array(entry), (list) => void parseContainers(JSON.stringify(list, withoutBigints))),
    )
  })
})

function withoutBigints(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

const LABELS = { source: 'nightguard.source', version: 'nightguard.version' }

/** As Podman 5.4 prints it. */
function secret(name: string, labels: unknown): object {
  return {
    ID: '89a3ea7ba1bd1b3a0f1a2b3c4',
    CreatedAt: '2025-01-01T00:00:00Z',
    UpdatedAt: '2025-01-01T00:00:00Z',
    Spec: { Name: name, Driver: { Name: 'file', Options: { path: '/var/lib' } }, Labels: labels },
  }
}

describe('inspected secrets', () => {
  it.each([
    [
      'ours',
      { 'nightguard.source': 'bot-token', 'nightguard.version': '3' },
      { source: 'bot-token', version: '3' },
    ],
    ['somebody’s', { owner: 'me' }, {}],
    ['without labels', null, {}],
    ['with rubbish for labels', 7, {}],
    ['with hostile labels', { 'nightguard.source': 'a\nb', 'nightguard.version': '$(id)' }, {}],
  ])('one that is %s', (_name, labels, read) => {
    const text = JSON.stringify([secret('token', labels)])
    expect(parsePresentSecrets(text, { names: ['token'], labels: LABELS })).toEqual({
      kind: 'ok',
      secrets: [{ name: 'token', ...read }],
    })
  })

  it('count only under the very names that were asked: Podman takes the beginning of an id for a name', () => {
    const text = JSON.stringify([secret('token', null), secret('other', null)])
    expect(parsePresentSecrets(text, { names: ['token', '89a3'], labels: LABELS })).toEqual({
      kind: 'ok',
      secrets: [{ name: 'token' }],
    })
  })

  it.each([
    ['no JSON', 'oops', "podman's answer is not a JSON array"],
    ['no spec', '[{}]', "podman's answer has no Spec that can be read"],
  ])('(%s) are unreadable', (_name, text, detail) => {
    expect(parsePresentSecrets(text, { names: [], labels: LABELS })).toEqual({ kind: 'unreadable', detail })
  })

  it('never make the parser throw', () => {
    const ask = { names: ['token', '__proto__'], labels: LABELS }
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parsePresentSecrets(text, ask)))
    const entry = fc.record({ Spec: fc.record({ Name: fc.string(), Labels: fc.jsonValue() }) })
    fc.assert(fc.property(fc.array(entry), (list) => void parsePresentSecrets(JSON.stringify(list), ask)))
  })
})
