import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, type FakeService, runCli, runProgram, startService } from './run-cli.ts'

let service: FakeService
let directory: string
beforeAll(async () => {
  service = await startService()
  directory = mkdtempSync(join(tmpdir(), 'nightguard-cli-'))
})
afterAll(async () => {
  await service.close()
  rmSync(directory, { recursive: true, force: true })
})

const ask = (desk: Desk, ...words: string[]) => runCli([...words, '--url', desk.url])
/** What was asked, without headers. */
const asked = (desk: Desk) => desk.asked.map(({ headers: _, ...rest }) => rest)

const HEALTHY = {
  id: 'bot',
  verdict: 'healthy',
  reason: 'It answers as it should',
  phase: 'watching',
  armed: true,
  evidence: { http: { kind: 'ok' } },
  breaker: { kind: 'closed' },
  budgets: [{ rung: 'reboot or reset', used: 2, max: 2, windowMs: 21_600_000 }],
  workloads: [{ unit: 'agent.service', container: 'systemd-agent', state: 'active' }],
  secrets: [{ name: 'token', secret: 'bot-token', wanted: 'latest', applied: '3' }],
  mode: 'act',
  outlook: { rung: 'nothing', why: 'nothing is wrong' },
  uptime: { hours24: 0.99951, days7: 1 },
}
const BROKEN = {
  ...HEALTHY,
  id: 'web',
  verdict: 'unhealthy',
  cause: 'workload-failed',
  reason: 'agent.service failed',
  phase: 'recovering',
  phaseSince: '2026-03-01T11:58:00.000Z',
  incidentId: 'web-1',
  mode: 'observe',
  outlook: {
    rung: 'restart-workload',
    unit: 'agent.service',
    notBeforeAt: '2026-03-01T12:00:00.000Z',
    why: 'agent.service failed',
  },
  paused: { by: 'me', reason: 'upgrade', since: 0, until: Date.parse('2026-03-01T12:00:00Z') },
  breaker: { kind: 'open', since: 0, rung: 'reset', reason: 'the budget is spent' },
}
const REPORT = {
  id: 'bot',
  verdict: 'healthy',
  reason: 'It answers as it should',
  phase: 'watching',
  evidence: {},
  actions: [],
}
const TICK = { at: '2026-03-01T12:00:00.000Z', durationMs: 41.6, targets: [REPORT] }
const RESTARTED = {
  ...REPORT,
  verdict: 'unhealthy',
  actions: [{ rung: 'restart-workload', result: 'done', detail: 'agent.service' }],
}
const PROBLEM = {
  type: '/problems/breaker-open',
  title: 'The breaker is open',
  status: 423,
  detail: 'The budget of reset is spent',
  mend: 'Find out what is wrong',
}

describe.concurrent('nightguard status', () => {
  it('shows one line a target, and says by its exit code whether all are healthy', async () => {
    const desk = service.desk({ body: { targets: [HEALTHY] } })
    expect(await ask(desk, 'status')).toEqual({
      code: 0,
      err: '',
      out: [
        'TARGET  VERDICT  PHASE     UP 24 H  LAST TICK  REASON',
        'bot     healthy  watching  99.95%   never      It answers as it should',
        '',
      ].join('\n'),
    })
    expect(asked(desk)).toEqual([{ method: 'GET', path: '/api/targets' }])

    const broken = service.desk({ body: { targets: [HEALTHY, BROKEN] } })
    expect(await ask(broken, 'status')).toEqual({
      code: 1,
      err: '',
      out: [
        'TARGET  VERDICT    PHASE               UP 24 H  LAST TICK  REASON',
        'bot     healthy    watching            99.95%   never      It answers as it should',
        'web     unhealthy  recovering, paused  99.95%   never      workload failed: agent.service failed',
        '→ web: restart of agent.service, not before 2026-03-01 12:00:00Z: agent.service failed',
        'The guard observes only: it decides and records, but does nothing.',
        '',
      ].join('\n'),
    })
  })

  it('shows one target in full', async () => {
    const desk = service.desk({ body: BROKEN })
    expect(await ask(desk, 'status', 'web')).toEqual({
      code: 1,
      err: '',
      out: `web  unhealthy  workload failed: agent.service failed
phase      recovering since 2026-03-01 11:58:00Z
mode       The guard observes only: it decides and records, but does nothing.
next       restart of agent.service, not before 2026-03-01 12:00:00Z: agent.service failed
uptime     24 h 99.95%, 7 d 100%
last tick  never
paused     until 2026-03-01 12:00:00Z by me: upgrade
breaker    open: the budget is spent
incident   web-1

WITNESS          SAYS  DETAIL
health endpoint  ok

WORKLOAD       CONTAINER      STATE   HEALTH
agent.service  systemd-agent  active  –

PODMAN SECRET  SECRET     WANTED  APPLIED
token          bot-token  latest  3

BUDGET                USED    IN
reboot or hard reset  2 of 2  6 h
`,
    })
    expect(asked(desk)).toEqual([{ method: 'GET', path: '/api/targets/web' }])
  })

  it('encodes a name that would change the path', async () => {
    const desk = service.desk({ body: HEALTHY })
    await ask(desk, 'status', '../tick')
    expect(asked(desk)).toEqual([{ method: 'GET', path: '/api/targets/..%2Ftick' }])
  })

  it("hands programs the service's own JSON, its active characters escaped", async () => {
    const body = '{ "targets":[{"id":"bot","verdict":"degraded","new":1,"reason":"a\u202eb\u009b"}] }\n'
    const desk = service.desk({ body })
    const { code, out } = await ask(desk, 'status', '--json')
    expect(code).toBe(1)
    expect(out).toBe(
      '{ "targets":[{"id":"bot","verdict":"degraded","new":1,"reason":"a\\u202eb\\u009b"}] }\n',
    )
    expect(JSON.parse(out)).toEqual(JSON.parse(body))
  })

  it('prints text from outside inert, in colour only where it is wanted', async () => {
    const desk = service.desk({
      body: { targets: [{ ...HEALTHY, reason: 'a\u001b[2Jb\u202e\nc\u009b31m' }] },
    })
    const { out } = await ask(desk, 'status')
    expect(out).toContain('a\uFFFD[2Jb\uFFFD\uFFFDc\uFFFD31m')
    const coloured = await runCli(['status', '--url', desk.url], { FORCE_COLOR: '1' })
    expect(coloured.out).toContain('\u001b[32mhealthy\u001b[39m')
    const plain = await runCli(['status', '--url', desk.url], { FORCE_COLOR: '0', NO_COLOR: '1' })
    expect(plain.out).toBe(out)
  })
})

describe.concurrent('nightguard tick and sync', () => {
  it('runs a tick over all targets', async () => {
    const desk = service.desk({ body: TICK })
    expect(await ask(desk, 'tick')).toEqual({
      code: 0,
      err: '',
      out: `TARGET  VERDICT  PHASE     DONE  REASON
bot     healthy  watching  –     It answers as it should
2026-03-01 12:00:00Z, 42 ms
`,
    })
    expect(asked(desk)).toEqual([{ method: 'POST', path: '/tick', body: {} }])
  })

  it('names targets and asks for a dry run', async () => {
    const desk = service.desk({ body: { ...TICK, targets: [RESTARTED] } })
    const { code, out } = await ask(desk, 'tick', '--dry-run', '--target', 'bot', '--target', 'web')
    expect({ code, line: out.split('\n')[1] }).toEqual({
      code: 1,
      line: 'bot     unhealthy  watching  workload restart done  It answers as it should',
    })
    expect(asked(desk)).toEqual([
      { method: 'POST', path: '/tick', body: { targets: ['bot', 'web'], dryRun: true } },
    ])
  })

  it('shows what became of each secret, and fails when one could not be put', async () => {
    const secrets = [
      { name: 'token', secret: 'bot-token', version: '3', result: 'put' },
      { name: 'key', secret: 'api-key', result: 'unavailable', detail: 'it is disabled' },
    ]
    const desk = service.desk({ body: { ...TICK, targets: [{ ...REPORT, secrets }] } })
    expect(await ask(desk, 'sync', '--target', 'bot')).toEqual({
      code: 1,
      err: '',
      out: `TARGET  SECRET  VERSION  RESULT       DETAIL
bot     token   3        put
bot     key     –        unavailable  it is disabled
2026-03-01 12:00:00Z, 42 ms
`,
    })
    expect(asked(desk)).toEqual([{ method: 'POST', path: '/sync', body: { targets: ['bot'] } }])
  })
})

describe.concurrent("A person's orders", () => {
  it.each<[string, string[], string, unknown]>([
    [
      'recover',
      [
        'recover',
        'bot',
        '--action',
        'restart-workload',
        '--unit',
        'a.service',
        '--reason',
        'stuck',
        '--force',
        '--dry-run',
      ],
      '/api/targets/bot/recover',
      { action: 'restart-workload', reason: 'stuck', unit: 'a.service', force: true, dryRun: true },
    ],
    [
      'recover, the gentlest way',
      ['recover', 'bot', '--action', 'auto', '--reason', 'stuck'],
      '/api/targets/bot/recover',
      { action: 'auto', reason: 'stuck' },
    ],
    ['arm', ['arm', 'bot', '--reason', 'checked'], '/api/targets/bot/arm', { reason: 'checked' }],
    [
      'pause',
      ['pause', 'bot', '--minutes', '30', '--reason', 'upgrade'],
      '/api/targets/bot/pause',
      { minutes: 30, reason: 'upgrade' },
    ],
    ['resume', ['resume', 'bot', '--reason', 'done'], '/api/targets/bot/resume', { reason: 'done' }],
    [
      'resume and close the breaker',
      ['resume', 'bot', '--reason', 'done', '--close-breaker'],
      '/api/targets/bot/resume',
      { reason: 'done', closeBreaker: true },
    ],
  ])('are sent as they were given: %s', async (_, words, path, body) => {
    const desk = service.desk({ body: { report: RESTARTED, target: HEALTHY } })
    expect(await ask(desk, ...words)).toEqual({
      code: 0,
      err: '',
      out: `workload restart: done, agent.service

TARGET  VERDICT  PHASE     UP 24 H  LAST TICK  REASON
bot     healthy  watching  99.95%   never      It answers as it should
`,
    })
    expect(asked(desk)).toEqual([{ method: 'POST', path, body }])
  })

  it.each([
    ['arm', ['arm', 'bot'], 'Armed.'],
    ['pause', ['pause', 'bot', '--minutes', '5'], 'Paused.'],
    ['recover', ['recover', 'bot', '--action', 'auto'], 'Nothing was carried out.'],
  ])('say so when there was no action to carry out: %s', async (_, words, said) => {
    const desk = service.desk({ body: { report: REPORT, target: HEALTHY } })
    const { code, out } = await ask(desk, ...words, '--reason', 'x')
    expect({ code, line: out.split('\n')[0] }).toEqual({ code: 0, line: said })
  })

  it('fail when the action failed', async () => {
    const actions = [{ rung: 'reset', result: 'unknown', detail: 'Compute gave no answer' }]
    const desk = service.desk({ body: { report: { ...REPORT, actions }, target: HEALTHY } })
    const { code, out } = await ask(desk, 'recover', 'bot', '--action', 'reset', '--reason', 'x')
    expect({ code, line: out.split('\n')[0] }).toEqual({
      code: 1,
      line: 'hard reset: unknown, Compute gave no answer',
    })
  })

  it('are told why they were refused, and what to do', async () => {
    const desk = service.desk({ status: 423, body: PROBLEM })
    const words = ['recover', 'bot', '--action', 'auto', '--reason', 'x']
    expect(await ask(desk, ...words)).toEqual({
      code: 1,
      out: '',
      err: 'The breaker is open: The budget of reset is spent\n→ Find out what is wrong\n',
    })
    expect(await ask(desk, ...words, '--json')).toEqual({
      code: 1,
      out: `${JSON.stringify(PROBLEM)}\n`,
      err: '',
    })
  })

  it('are wrong usage when the service says so, field by field', async () => {
    const errors = [{ field: 'unit', message: 'No such unit' }]
    const desk = service.desk({ status: 400, body: { ...PROBLEM, title: 'Bad request', detail: '', errors } })
    expect(await ask(desk, 'arm', 'bot', '--reason', 'x')).toEqual({
      code: 2,
      out: '',
      err: 'Bad request\n  unit: No such unit\n→ Find out what is wrong\n',
    })
  })
})

describe.concurrent('nightguard incidents', () => {
  const incident = {
    id: 'bot-1',
    target: 'bot',
    openedAt: Date.parse('2026-03-01T03:12:00Z'),
    openedBy: 'guard',
    closedAt: Date.parse('2026-03-01T03:14:05Z'),
    cause: 'vm-frozen',
    state: 'closed',
    timeline: [{ at: Date.parse('2026-03-01T03:12:00Z'), kind: 'opened', text: 'Silent' }],
    timelineDropped: 3,
    actions: [],
  }

  it('lists them', async () => {
    const desk = service.desk({ body: { incidents: [incident], next: 'abc' } })
    expect(await ask(desk, 'incidents', '--target', 'bot', '--limit', '1', '--cursor', 'x y')).toEqual({
      code: 0,
      err: '',
      out: `INCIDENT  TARGET  OPENED                LASTED     STATE   CAUSE
bot-1     bot     2026-03-01 03:12:00Z  2 min 5 s  closed  VM frozen
more: --cursor abc
`,
    })
    expect(asked(desk)).toEqual([{ method: 'GET', path: '/api/incidents?limit=1&target=bot&cursor=x+y' }])
  })

  it('shows one with its timeline', async () => {
    const desk = service.desk({ body: incident })
    expect(await ask(desk, 'incidents', 'bot-1')).toEqual({
      code: 0,
      err: '',
      out: `bot-1  closed  VM frozen
target bot, opened by the guard at 2026-03-01 03:12:00Z, lasted 2 min 5 s

AT                    WHAT
2026-03-01 03:12:00Z  opened  Silent
3 more entries were left out
`,
    })
    expect(asked(desk)).toEqual([{ method: 'GET', path: '/api/incidents/bot-1' }])
  })

  it('ends quietly when its reader has had enough', async () => {
    const desk = service.desk({ body: { incidents: Array(5_000).fill(incident) } })
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
    const pipe = 'set -o pipefail; "$0" "$1" incidents --url "$2" | head -n 1; echo $?'
    expect(await runProgram('bash', ['-c', pipe, process.execPath, main, desk.url])).toEqual({
      code: 0,
      err: '',
      out: 'INCIDENT  TARGET  OPENED                LASTED     STATE   CAUSE\n0\n',
    })
  })
})

describe.concurrent('A command line that is wrong', () => {
  it.each<[string, string[], string]>([
    ['no verb', [], 'Say what to do: a verb is missing'],
    ['a misspelt verb', ['statsu'], 'There is no such verb. Did you mean status?'],
    ['an unknown option', ['status', '--bogus'], 'Unknown argument: bogus'],
    ['too many words', ['status', 'a', 'b'], 'Unknown command: b'],
    ['a missing target', ['arm', '--reason', 'x'], 'Not enough non-option arguments: got 0, need at least 1'],
    ['a missing reason', ['arm', 'bot'], 'Missing required argument: reason'],
    ['an empty reason', ['arm', 'bot', '--reason', ' '], 'reason must not be empty'],
    ['a reason given twice', ['arm', 'bot', '--reason', 'a', '--reason', 'b'], '--reason is given twice'],
    [
      'an unknown action',
      ['recover', 'bot', '--action', 'explode', '--reason', 'x'],
      'Invalid values: Argument: action, Given: "explode", Choices: "auto", "restart-workload", "reboot", "reset", "start"',
    ],
    [
      'minutes that are none',
      ['pause', 'bot', '--minutes', 'x', '--reason', 'y'],
      '--minutes must be a whole number from 1',
    ],
    ['an option without its value', ['tick', '--target'], 'Not enough arguments following: target'],
    [
      'a URL that is none',
      ['status', '--url', 'localhost:8080'],
      '--url must be a whole URL, like http://127.0.0.1:8080 or https://guard.example.com',
    ],
    [
      'a URL that would give the token away',
      ['status', '--url', 'http://guard.example.com'],
      '--url must begin with https://: over http:// everyone on the way could read your token',
    ],
    [
      'a URL with a password',
      ['status', '--url', 'https://a:b@guard.example.com'],
      '--url must have no user name, password, query or fragment',
    ],
  ])('ends with 2 and says why: %s', async (_, words, message) => {
    const { code, out, err } = await runCli(words)
    expect({ code, out, message: err.split('\n')[0] }).toEqual({ code: 2, out: '', message })
    expect(err).toMatch(/\n→ nightguard ([a-z]+ )?--help explains it\n$/)
  })
})

describe.concurrent('A service that does not answer as it should', () => {
  it.each<[string, { status?: number; body: unknown; headers?: Record<string, string> }, string]>([
    [
      'another server',
      { body: '<html>' },
      "The answer is not Night Guard's\n→ Is this the right URL? A newer service may need a newer nightguard command\n",
    ],
    [
      'a proxy that fails',
      { status: 502, body: '<html>' },
      "The service answered with status 502\n→ Check --url, and look into the service's log\n",
    ],
    [
      'a front end that knows nobody',
      { status: 403, body: 'Forbidden' },
      'The service answered with status 403\n→ Log in as someone whom auth.operators or auth.viewers names: gcloud auth login\n',
    ],
    [
      'a redirect, which could take the token elsewhere',
      { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } },
      "The service answered with status 302\n→ Check --url, and look into the service's log\n",
    ],
  ])('is reported: %s', async (_, reply, err) => {
    const desk = service.desk(reply)
    expect(await ask(desk, 'status')).toEqual({ code: 1, out: '', err })
    expect(desk.asked).toHaveLength(1)
  })

  it('is reported when it cannot be reached', async () => {
    const { code, out, err } = await runCli(['status'], { NIGHTGUARD_URL: 'http://127.0.0.1:2' })
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: "Can't reach http://127.0.0.1:2: connect ECONNREFUSED 127.0.0.1:2\n→ Start the service (nightguard sandbox tries it out), or name another with --url or NIGHTGUARD_URL\n",
    })
  })
})

describe.concurrent('The ID token', () => {
  const gcloud = (script: string) => {
    const own = mkdtempSync(join(directory, 'bin-'))
    writeFileSync(join(own, 'gcloud'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(own, 'gcloud'), 0o755)
    return { PATH: `${own}:${process.env['PATH']}` }
  }
  /** Nothing listens there; the name is never resolved before the token is there. */
  const REMOTE = 'https://guard.invalid'

  it('is sent in both headers, and never shown', async () => {
    const desk = service.desk({ status: 403, body: { ...PROBLEM, title: 'No' } })
    const ran = await runCli(['status', '--url', desk.url], { NIGHTGUARD_TOKEN: 'aaa.bbb.ccc' })
    const { authorization, 'x-serverless-authorization': serverless } = desk.asked[0]?.headers ?? {}
    expect({ authorization, serverless }).toEqual({
      authorization: 'Bearer aaa.bbb.ccc',
      serverless: 'Bearer aaa.bbb.ccc',
    })
    expect(JSON.stringify(ran)).not.toContain('aaa.bbb.ccc')
  })

  it('is not asked for on this machine', async () => {
    const desk = service.desk({ body: { targets: [] } })
    const { code } = await runCli(['status', '--url', desk.url], gcloud('echo never; exit 1'))
    expect(code).toBe(0)
    expect(desk.asked[0]?.headers.authorization).toBeUndefined()
  })

  it('comes from gcloud for a service elsewhere', async () => {
    const env = gcloud('[ "$*" = "auth print-identity-token" ] && echo x.y.z')
    const { code, err } = await runCli(['status', '--url', REMOTE], env)
    expect(code).toBe(1)
    expect(err).toMatch(/^Can't reach https:\/\/guard\.invalid: /)
  })

  it.each([
    [
      'gcloud is not logged in',
      'echo "ERROR: You do not currently have an active account" >&2; exit 1',
      'No ID token: gcloud auth print-identity-token failed: ERROR: You do not currently have an active account\n→ Log in by: gcloud auth login, or set NIGHTGUARD_TOKEN to an ID token\n',
    ],
    [
      'gcloud gives something else',
      'echo "not a token"',
      "gcloud's answer is no ID token\n→ Get one by: gcloud auth login, then gcloud auth print-identity-token\n",
    ],
  ])('is missed with advice when %s', async (_, script, err) => {
    expect(await runCli(['status', '--url', REMOTE], gcloud(script))).toEqual({ code: 1, out: '', err })
  })

  it('is missed with advice when gcloud is not there', async () => {
    const ran = await runCli(['status', '--url', REMOTE], { PATH: join(directory, 'nothing') })
    expect(ran).toEqual({
      code: 1,
      out: '',
      err: 'No ID token: gcloud is not installed\n→ Install the Google Cloud CLI, or set NIGHTGUARD_TOKEN to an ID token\n',
    })
  })
})

describe.concurrent('Help', () => {
  it('teaches every verb, with examples', async () => {
    const { code, out } = await runCli(['--help'])
    expect(code).toBe(0)
    for (const verb of [
      'status',
      'tick',
      'sync',
      'recover',
      'arm',
      'pause',
      'resume',
      'history',
      'shadow',
      'incidents',
      'alerts',
      'sandbox',
    ]) {
      expect(out).toContain(`nightguard ${verb}`)
    }
    expect(out).toContain('Exit codes: 0 all healthy or done')
    expect(out).toContain('32555940559.apps.googleusercontent.com')
    const recover = await runCli(['recover', '--help'])
    expect(recover.out).toContain('nightguard recover bot --action auto')
  })

  it('names its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(await runCli(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  })

  it('completes verbs in a shell', async () => {
    const script = await runCli(['completion'])
    expect(script.out).toContain('###-begin-nightguard-completions-###')
    const completed = await runCli(['--get-yargs-completions', 'nightguard', 're'])
    expect(completed.out.split('\n').filter((line) => line.startsWith('re'))).toEqual(['recover', 'resume'])
  })
})

describe.concurrent('bin/nightguard.mjs', () => {
  const bin = fileURLToPath(new URL('../../bin/nightguard.mjs', import.meta.url))

  it('runs the command and hands its exit code on', async () => {
    const desk = service.desk({ body: { targets: [BROKEN] } })
    const { code, out } = await runProgram(process.execPath, [bin, 'status', '--json', '--url', desk.url])
    expect({ code, out }).toEqual({ code: 1, out: `${JSON.stringify({ targets: [BROKEN] })}\n` })
  })
})
