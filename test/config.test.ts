import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { describeProblems, loadConfig, parseConfig, portOf } from '../src/config.ts'
import { DEFAULT_POLICY } from '../src/core/policy.ts'
import { configJsonSchema } from '../src/schemas/config-problems.ts'

const KEY = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 7),
]).toString('base64')}`

const TARGET = {
  id: 'bot',
  zone: 'us-west1-b',
  instance: 'bot-vm',
  health: { url: 'http://10.0.0.2:8080/health' },
  ssh: { user: 'guard', privateKey: { secret: 'key' } },
  workloads: [{ unit: 'agent.service', secrets: [{ secret: 'token', as: 'token' }] }],
}
const AUTH = { mode: 'token', audience: 'guard', operators: ['a@example.com'] }
const FILE = { project: 'my-project', targets: [TARGET], auth: AUTH, store: { sqlite: 'a.db' } }

/** The problems of a file, one text each, without line and column. */
function problems(file: unknown): readonly string[] {
  const parsed = parseConfig(stringify(file), { source: 'n.yaml' })
  return parsed.kind === 'config' ? [] : parsed.problems.map(({ field, message }) => `${field} ${message}`)
}

function located(text: string): string {
  const parsed = parseConfig(text, { source: 'n.yaml' })
  return parsed.kind === 'config' ? 'no problem' : describeProblems(parsed)
}

function config(file: unknown) {
  const parsed = parseConfig(stringify(file), { source: 'n.yaml' })
  if (parsed.kind === 'invalid') throw new Error(describeProblems(parsed))
  return parsed.config
}

const withTarget = (changes: object) => ({ ...FILE, targets: [{ ...TARGET, ...changes }] })
const withUse = (use: object) => withTarget({ workloads: [{ unit: 'agent.service', secrets: [use] }] })
const withPolicy = (policy: object) => ({ ...FILE, policy })

describe('A configuration that is complete', () => {
  it('becomes the core types, with every default filled in', () => {
    expect(config(FILE)).toEqual({
      project: 'my-project',
      targets: [
        {
          id: 'bot',
          project: 'my-project',
          zone: 'us-west1-b',
          instance: 'bot-vm',
          health: { url: 'http://10.0.0.2:8080/health', expect: { status: 200 } },
          ssh: {
            host: '10.0.0.2',
            port: 22,
            user: 'guard',
            privateKey: { secret: 'key' },
            hostKey: { kind: 'guest-attributes' },
          },
          workloads: [
            {
              unit: 'agent.service',
              container: 'systemd-agent',
              secrets: [{ secret: 'token', version: 'latest', as: 'token', type: 'mount' }],
            },
          ],
        },
      ],
      auth: {
        mode: 'token',
        audience: ['guard'],
        scheduler: [],
        pusher: [],
        operators: ['a@example.com'],
        viewers: [],
      },
      store: { kind: 'sqlite', path: 'a.db' },
      canary: {
        urls: [
          'https://www.gstatic.com/generate_204',
          'https://cloudflare.com/cdn-cgi/trace',
          'https://example.com/',
        ],
      },
      notify: [],
      reader: { language: 'en', timeZone: 'UTC' },
      policy: DEFAULT_POLICY,
    })
  })

  it('keeps what is given', () => {
    const given = config({
      ...FILE,
      url: 'https://guard.example.com',
      auth: { ...AUTH, audience: ['guard', 'other'] },
      targets: [
        {
          ...TARGET,
          health: {
            url: 'http://[fd00::2]:80/h',
            expect: { status: 204, json: { a: null, b: 1 } },
            unit: 'agent.service',
          },
          ssh: { ...TARGET.ssh, port: 2222, hostKey: `${KEY} root@vm` },
          workloads: [
            {
              unit: 'agent.service',
              container: 'agent',
              image: 'a/b:c',
              memoryMb: 700,
              swapMb: 0,
              health: { command: ['/h'] },
              secrets: [{ secret: 't', version: 3, as: 't', type: 'env', env: 'T' }],
            },
          ],
        },
      ],
    })
    const [target] = given.targets
    expect(given).toMatchObject({ url: 'https://guard.example.com' })
    expect(config({ ...FILE, store: { firestore: {} } }).store).toEqual({ kind: 'firestore' })
    expect(given.auth).toEqual({
      mode: 'token',
      audience: ['guard', 'other'],
      scheduler: [],
      pusher: [],
      operators: ['a@example.com'],
      viewers: [],
    })
    expect(target?.ssh).toEqual({
      host: 'fd00::2',
      port: 2222,
      user: 'guard',
      privateKey: { secret: 'key' },
      hostKey: { kind: 'pinned', type: 'ssh-ed25519', base64: KEY.split(' ')[1] },
    })
    expect(target?.workloads).toEqual([
      {
        unit: 'agent.service',
        container: 'agent',
        image: 'a/b:c',
        memoryMb: 700,
        swapMb: 0,
        health: { command: ['/h'], intervalSeconds: 30, retries: 3, startSeconds: 0 },
        secrets: [{ secret: 't', version: '3', as: 't', type: 'env', env: 'T' }],
      },
    ])
  })

  it('takes every number of the policy, as milliseconds or as a text', () => {
    expect(config(withPolicy(DEFAULT_POLICY)).policy).toEqual(DEFAULT_POLICY)
    const { policy } = config(
      withPolicy({
        graceMs: '2m',
        probationMs: 90_000,
        ssh: { connectMs: '1.5s' },
        cooldown: { stepsMs: ['1m', 5] },
        budgets: { destructive: [{ max: 0, windowMs: '1d' }] },
        path: { resetAllowed: true },
      }),
    )
    expect(policy).toEqual({
      ...DEFAULT_POLICY,
      graceMs: 120_000,
      probationMs: 90_000,
      ssh: { ...DEFAULT_POLICY.ssh, connectMs: 1_500 },
      cooldown: { ...DEFAULT_POLICY.cooldown, stepsMs: [60_000, 5] },
      budgets: { ...DEFAULT_POLICY.budgets, destructive: [{ max: 0, windowMs: 86_400_000 }] },
      path: { ...DEFAULT_POLICY.path, resetAllowed: true },
    })
  })

  it('takes a chain that just fits its tick', () => {
    expect(config(withPolicy({ ssh: { lookMs: '23s' } })).policy.ssh.lookMs).toBe(23_000)
  })

  it("takes the sandbox's pace", () => {
    const text = readFileSync(new URL('../sandbox/policy.yaml', import.meta.url), 'utf8')
    expect(problems(withPolicy(parse(text)))).toEqual([])
  })

  it('is frozen through and through', () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen))
    expect(frozen(config(FILE))).toBe(true)
  })

  it('may be the example', () => {
    const text = readFileSync(new URL('../examples/nightguard.yaml', import.meta.url), 'utf8')
    expect(located(text)).toBe('no problem')
  })
})

const workloads = (...list: object[]) => withTarget({ workloads: list })
const AUTH_LINE = 'auth: {mode: token, audience: a, viewers: [a@example.com]}\n'
const known =
  'project, url, targets, auth, store, canary, language, timeZone, notify, deadMan, statusPage, policy'

describe('A problem of the configuration', () => {
  it.each<[string, unknown, readonly string[]]>([
    [
      'an unknown field',
      { ...FILE, polcy: {} },
      ['polcy is no field that Night Guard knows; did you mean policy?'],
    ],
    [
      'an unknown field without a neighbour',
      { ...FILE, zzz: 1 },
      [`zzz is no field that Night Guard knows; known here: ${known}`],
    ],
    [
      'an unknown field deep inside',
      withPolicy({ probe: { timeout: 5 } }),
      ['policy.probe.timeout is no field that Night Guard knows; did you mean timeoutMs?'],
    ],
    ['a missing field', { ...FILE, project: undefined }, ['project is missing']],
    ['an empty field', { ...FILE, project: null }, ['project must be a text, not empty']],
    ['a wrong type', { ...FILE, targets: {} }, ['targets must be a list, not a section of fields']],
    ['no target', { ...FILE, targets: [] }, ['targets must have at least one target']],
    ['no store', { ...FILE, store: {} }, ['store must have exactly one of sqlite and firestore']],
    [
      'two stores',
      { ...FILE, store: { sqlite: 'a', firestore: {} } },
      ['store must have exactly one of sqlite and firestore'],
    ],
    [
      'a zone that is a region',
      withTarget({ zone: 'us-west1' }),
      ['targets[0].zone must be a zone like us-west1-b'],
    ],
    [
      'an instance with capitals',
      withTarget({ instance: 'Bot' }),
      ['targets[0].instance must be 1 to 63 lower-case letters, digits and -, a letter first'],
    ],
    [
      'a health URL of another scheme',
      withTarget({ health: { url: 'ftp://10.0.0.2/' } }),
      ['targets[0].health.url must begin with http:// or https://, not ftp://'],
    ],
    [
      'a health URL with a password',
      withTarget({ health: { url: 'http://me:secret@10.0.0.2/' } }),
      ['targets[0].health.url must not contain a user name or password: the configuration holds no secret'],
    ],
    [
      'a health URL that is none',
      withTarget({ health: { url: '10.0.0.2' } }),
      ['targets[0].health.url must be a whole URL, like http://10.138.0.2:8080/health'],
    ],
    [
      'a status out of range',
      withTarget({ health: { ...TARGET.health, expect: { status: 42 } } }),
      ['targets[0].health.expect.status must be a whole number from 100 to 599'],
    ],
    [
      'a health unit that is not watched',
      withTarget({ health: { ...TARGET.health, unit: 'other.service' } }),
      ["targets[0].health.unit names other.service, which is none of this target's workloads"],
    ],
    [
      'a private key in plain text',
      withTarget({ ssh: { ...TARGET.ssh, privateKey: 'AAAA' } }),
      ['targets[0].ssh.privateKey must be a section of fields, not a text'],
    ],
    [
      'a host key cut short',
      withTarget({ ssh: { ...TARGET.ssh, hostKey: KEY.slice(0, 40) } }),
      [
        'targets[0].ssh.hostKey must be ssh-ed25519 and the whole key in base64, as in /etc/ssh/ssh_host_*_key.pub',
      ],
    ],
    [
      'a host key of an unknown type',
      withTarget({ ssh: { ...TARGET.ssh, hostKey: 'ssh-dss AAAA' } }),
      [
        'targets[0].ssh.hostKey must be guest-attributes, or a public key that begins with one of ssh-ed25519, ecdsa-sha2-nistp256, ecdsa-sha2-nistp384, ecdsa-sha2-nistp521, ssh-rsa',
      ],
    ],
    [
      'a unit without its suffix',
      workloads({ unit: 'agent' }),
      ['targets[0].workloads[0].unit must be a systemd service unit with its suffix, like agent.service'],
    ],
    [
      'a unit that looks like an option',
      workloads({ unit: '--force.service' }),
      ['targets[0].workloads[0].unit must be a systemd service unit with its suffix, like agent.service'],
    ],
    [
      'a template unit without a container',
      workloads({ unit: 'agent@1.service' }),
      [
        'targets[0].workloads[0].container is missing: systemd-agent@1 is no name for a container, so it must be given',
      ],
    ],
    [
      'two workloads of one unit',
      workloads({ unit: 'a.service' }, { unit: 'a.service' }),
      ['targets[0].workloads[1].unit is used twice: a.service is a workload already'],
    ],
    [
      'two workloads of one container',
      workloads({ unit: 'a.service' }, { unit: 'b.service', container: 'systemd-a' }),
      ["targets[0].workloads[1].container is used twice: systemd-a is another workload's container"],
    ],
    [
      'one Podman secret from two sources',
      workloads(
        { unit: 'a.service', secrets: [{ secret: 'x', as: 's' }] },
        { unit: 'b.service', secrets: [{ secret: 'y', as: 's' }] },
      ),
      ['targets[0].workloads[1].secrets[0].as is x (latest) in a.service: one Podman secret has one source'],
    ],
    [
      'a secret used twice in a workload',
      workloads({
        unit: 'a.service',
        secrets: [
          { secret: 'x', as: 's' },
          { secret: 'y', as: 's' },
        ],
      }),
      ['targets[0].workloads[0].secrets[1].as is used twice in this workload: s is secrets[0] already'],
    ],
    [
      'an environment secret without its variable',
      withUse({ secret: 'x', as: 'x', type: 'env' }),
      ['targets[0].workloads[0].secrets[0].env is missing: type: env needs its name'],
    ],
    [
      'a variable without its type',
      withUse({ secret: 'x', as: 'x', env: 'X' }),
      ['targets[0].workloads[0].secrets[0].env needs type: env beside it'],
    ],
    [
      'a misspelt type',
      withUse({ secret: 'x', as: 'x', type: 'envv', env: 'X' }),
      ['targets[0].workloads[0].secrets[0].type must be one of mount, env; did you mean env?'],
    ],
    [
      'a version that is none',
      withUse({ secret: 'x', as: 'x', version: 'newest' }),
      ['targets[0].workloads[0].secrets[0].version must be latest or the number of a version'],
    ],
    [
      'an id used twice',
      { ...FILE, targets: [TARGET, { ...TARGET, instance: 'other' }] },
      ['targets[1].id is used twice: bot is targets[0] already'],
    ],
    [
      'an instance watched twice',
      { ...FILE, targets: [TARGET, { ...TARGET, id: 'twin' }] },
      ['targets[1].instance is watched already, by the target bot'],
    ],
    [
      'an address that is no e-mail',
      { ...FILE, auth: { ...AUTH, operators: ['me'] } },
      ['auth.operators[0] must be an e-mail address'],
    ],
    [
      'an auth mode that is no mode',
      { ...FILE, auth: { mode: 'none' } },
      ['auth.mode must be one of iam, token'],
    ],
    [
      'an auth that is not there',
      { ...FILE, auth: undefined },
      ['auth is missing: without it nobody could be told apart'],
    ],
    [
      'token mode that no token could be made out to',
      { ...FILE, auth: { ...AUTH, audience: undefined } },
      ['auth.audience is missing, and so is url: tokens must be made out to this service'],
    ],
    [
      'an audience that is empty',
      { ...FILE, auth: { ...AUTH, audience: ['guard', ''] } },
      ['auth.audience[1] must be a text without blanks, or a list of such texts'],
    ],
    [
      'iam mode without a URL',
      { ...FILE, auth: { ...AUTH, mode: 'iam' } },
      ['url is missing: in iam mode the service asks its own URL whether it is private'],
    ],
    [
      'an auth that lets nobody in',
      { ...FILE, auth: { ...AUTH, operators: [] } },
      ['auth names nobody: at least one of scheduler, pusher, operators and viewers needs an e-mail'],
    ],
    [
      'a duration that is none',
      withPolicy({ graceMs: '5 minutes' }),
      ['policy.graceMs must be milliseconds, or a text like "45s", "5m", "1h"'],
    ],
    [
      'a duration of the wrong type',
      withPolicy({ graceMs: true }),
      ['policy.graceMs must be milliseconds, or a text like "45s", "5m", "1h"'],
    ],
    [
      'no time at all',
      withPolicy({ graceMs: '0s' }),
      ['policy.graceMs must be more than 0 and at most 30 days'],
    ],
    [
      'a limit without its window',
      withPolicy({ budgets: { destructive: [{ max: 3 }] } }),
      ['policy.budgets.destructive[0].windowMs is missing'],
    ],
    [
      'no limit for the destructive rungs',
      withPolicy({ budgets: { destructive: [] } }),
      ['policy.budgets.destructive must have at least one entry'],
    ],
    [
      'a share of more than all',
      withPolicy({ fleet: { failingShare: 2 } }),
      ['policy.fleet.failingShare must be at most 1'],
    ],
  ])('names %s', (_, file, expected) => {
    expect(problems(file)).toEqual(expected)
  })

  it.each<[string, object, readonly string[]]>([
    [
      'a tick that outlives many others',
      { tick: { deadlineMs: '601s' }, lease: { durationMs: '20m' } },
      ['policy.tick.deadlineMs must be at most ten times tick.everyMs'],
    ],
    [
      'probes that do not fit the tick',
      { probe: { count: 10 } },
      ['policy.probe.count takes 77000 ms with its time-outs and gaps, which does not fit tick.deadlineMs'],
    ],
    [
      'an idle probe longer than a probe',
      { probe: { idleTimeoutMs: '6s' } },
      ['policy.probe.idleTimeoutMs must be at most probe.timeoutMs'],
    ],
    [
      'a confirmation that no second tick can give',
      { confirmation: { gapMinMs: '70s' } },
      [
        'policy.confirmation.gapMaxMs must let tick.everyMs lie between gapMinMs and gapMaxMs: two ticks in a row could never confirm',
      ],
    ],
    [
      'a confirmation window that is empty',
      { confirmation: { gapMinMs: '60s', gapMaxMs: '60s' } },
      ['policy.confirmation.gapMinMs must be less than confirmation.gapMaxMs'],
    ],
    [
      'flapping that its window can never hold',
      { confirmation: { flapTicks: 20 } },
      ['policy.confirmation.flapWindowMs must be at least 1140000 ms, the time that flapTicks ticks take'],
    ],
    [
      'a lease that ends before it may be used',
      { lease: { issueRemainingMs: '2m' } },
      ['policy.lease.issueRemainingMs must be less than lease.durationMs'],
    ],
    [
      'a lease that ends within the tick',
      { lease: { durationMs: '40s' } },
      ['policy.lease.durationMs must be more than tick.deadlineMs'],
    ],
    [
      'an inner guard given more than its most',
      { innerGuard: { unknownMs: '10m' } },
      ['policy.innerGuard.unknownMs must be at most innerGuard.maxMs'],
    ],
    [
      'a back-off that shrinks',
      { stockOut: { firstMs: '1h' } },
      ['policy.stockOut.firstMs must be at most stockOut.maxMs'],
    ],
    [
      'a command that outlives the tick',
      { ssh: { commandMs: '55s' } },
      ['policy.ssh.commandMs must be less than tick.deadlineMs'],
    ],
    [
      'a look that outlives the tick',
      { ssh: { lookMs: '55s' } },
      ['policy.ssh.lookMs must be less than tick.deadlineMs'],
    ],
    [
      'an order that outlives the tick',
      { ssh: { orderMs: '1m' } },
      ['policy.ssh.orderMs must be less than tick.deadlineMs'],
    ],
    [
      'a look and an order that fit alone, and not in one tick',
      { ssh: { lookMs: '25s' } },
      [
        'policy.tick.deadlineMs must be at least 57000 ms, which probe, look, last look and order of a restart take at worst',
      ],
    ],
    [
      'probes that leave the tick no time to act',
      { probe: { count: 5 } },
      [
        'policy.tick.deadlineMs must be at least 64000 ms, which probe, look, last look and order of a restart take at worst',
      ],
    ],
    [
      'a patience shorter than the first attempt',
      { ssh: { patientConnectMs: '5s' } },
      ['policy.ssh.patientConnectMs must be at least ssh.connectMs'],
    ],
  ])('names numbers that make no sense together: %s', (_, policy, expected) => {
    expect(problems(withPolicy(policy))).toEqual(expected)
  })

  it.each([
    [
      'at the name of an unknown field',
      `a: 1\nproject: my-project\ntargets: []\nstore: {sqlite: x}\n${AUTH_LINE}`,
      [
        `n.yaml:1:1: a is no field that Night Guard knows; known here: ${known}`,
        'n.yaml:3:1: targets must have at least one target',
      ],
    ],
    [
      'at the value that is wrong',
      `project: my-project\nstore:\n    sqlite:   5\n${AUTH_LINE}`,
      ['n.yaml:1:1: targets is missing', 'n.yaml:3:15: store.sqlite must be a text, not a number'],
    ],
    [
      'at a field that is there twice',
      'project: my-project\nstore: {}\nproject: x\n',
      ['n.yaml:3:1: the configuration has the field project twice in one section'],
    ],
    [
      'at a mistake of YAML',
      'project: my-project\ntargets: [1,\n',
      [
        'n.yaml:3:1: the configuration is no valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
      ],
    ],
    [
      'at a tag, which could hide anything',
      'project: !!js/function x\n',
      ['n.yaml:1:10: the configuration is no valid YAML: Unresolved tag: tag:yaml.org,2002:js/function'],
    ],
    [
      'inside what an alias stands for',
      `project: my-project\nstore: &s {sqlite: 5}\ntargets: []\ncanary: *s\n${AUTH_LINE}`,
      [
        'n.yaml:2:20: store.sqlite must be a text, not a number',
        'n.yaml:2:12: canary.sqlite is no field that Night Guard knows; known here: urls',
        'n.yaml:3:1: targets must have at least one target',
      ],
    ],
    ['for an empty file', '', ['n.yaml:1:1: the configuration must be a section of fields, not empty']],
  ])('is shown %s', (_, text, expected) => {
    expect(located(text).split('\n').sort()).toEqual([...expected].sort())
  })
})

describe('A hostile configuration', () => {
  const aliases = ['a: &a [1,1,1,1,1,1,1,1,1]']
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef'].map((pair) => [...pair])) {
    aliases.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(',')}]`)
  }

  it.each([
    ['is nested without end', '['.repeat(100_000), 'is nested too deeply'],
    ['is nested and closed', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'is nested too deeply'],
    ['multiplies itself by aliases', aliases.join('\n'), 'has too many aliases'],
    ['is too large', `project: ${'x'.repeat(1024 * 1024)}`, 'is larger than 1024 KiB'],
  ])('is refused when it %s', (_, text, message) => {
    expect(located(text)).toBe(`n.yaml:1:1: the configuration ${message}`)
  })

  it('never makes the parser throw, whatever the text', () => {
    const bits = fc.constantFrom(
      'project: ',
      'targets:',
      '\n',
      '  ',
      '- ',
      '&a ',
      '*a',
      '{',
      '}',
      '[',
      ']',
      '? ',
      '!!',
      ': ',
      '"',
      '<<: ',
      '|',
      '#',
    )
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(bits, fc.string())).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => void parseConfig(text, { source: 's' })),
      { numRuns: 200 },
    )
  })

  it('never makes the parser throw, whatever the values', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        fc.dictionary(name, tie('value'), { maxKeys: 4 }),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
    })).value
    fc.assert(
      fc.property(value, value, (one, other) => {
        for (const file of [
          one,
          { ...FILE, policy: one, auth: other },
          withTarget({ health: one, ssh: other, dependsOn: one }),
          { ...FILE, notify: one, deadMan: other, statusPage: other, timeZone: one },
          { ...FILE, notify: [{ telegram: one }, { webhook: other }] },
        ]) {
          parseConfig(stringify(file), { source: 's' })
        }
      }),
      { numRuns: 80 },
    )
  })
  const name = fc.constantFrom(
    'id',
    'zone',
    'url',
    'expect',
    'json',
    'unit',
    'tick',
    'everyMs',
    'targets',
    'quiet',
    'timeZone',
    '__proto__',
    'constructor',
  )
})

describe('NIGHTGUARD_CONFIG', () => {
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'nightguard-config-'))
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  const said = (value: string | undefined) => {
    const loaded = loadConfig(value === undefined ? {} : { NIGHTGUARD_CONFIG: value })
    return loaded.kind === 'config' ? loaded.config.project : describeProblems(loaded)
  }

  it('may be a path', () => {
    const path = join(directory, 'nightguard.yaml')
    writeFileSync(path, stringify(FILE))
    expect(said(path)).toBe('my-project')
    writeFileSync(path, stringify({ ...FILE, project: 'X' }))
    expect(said(path)).toBe(
      `${path}:1:10: project must be a project's id: 6 to 30 lower-case letters, digits and -, a letter first`,
    )
  })

  it('may be the YAML itself, on many lines or one', () => {
    expect(said(stringify(FILE))).toBe('my-project')
    expect(said(JSON.stringify(FILE).replace('"targets":', 'targets: '))).toBe('my-project')
  })

  it.each([
    ['not set', undefined, 'is not set: give it the path of a nightguard.yaml, or the YAML itself'],
    ['empty', ' ', 'is not set: give it the path of a nightguard.yaml, or the YAML itself'],
  ])('that is %s is an error that helps', (_, value, message) => {
    expect(said(value)).toBe(`NIGHTGUARD_CONFIG:1:1: the configuration ${message}`)
  })

  it('that is a path to nothing, a directory or a device is an error', () => {
    expect(said('/nowhere/n.yaml')).toBe(
      "/nowhere/n.yaml:1:1: the configuration can't be read: ENOENT: no such file or directory, stat '/nowhere/n.yaml'",
    )
    expect(said(directory)).toBe(`${directory}:1:1: the configuration is no file`)
    expect(said('/dev/zero')).toBe('/dev/zero:1:1: the configuration is no file')
  })
})

it.each([
  [undefined, 8080],
  ['', 8080],
  ['0', 0],
  ['65535', 65_535],
  ['65536', undefined],
  ['eighty', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  [' 80', undefined],
])('PORT %j is the port %j', (text, port) => {
  expect(portOf(text)).toBe(port)
})

it('nightguard.schema.json is up to date: `npm run schema` writes it', () => {
  const written = readFileSync(new URL('../nightguard.schema.json', import.meta.url), 'utf8')
  expect(JSON.parse(written)).toEqual(configJsonSchema())
})
