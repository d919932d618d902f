/** Who is told, in which language and when; what anybody may see; and what needs what. */
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type Config, describeProblems, parseConfig } from '../src/config.ts'

const target = (id: string, more: object = {}) => ({
  id,
  zone: 'us-west1-b',
  instance: id,
  health: { url: 'http://10.0.0.2:8080/health' },
  ssh: { user: 'guard', privateKey: { secret: 'key' } },
  workloads: [{ unit: 'agent.service', secrets: [{ secret: 'bot-token', as: 'token' }] }],
  ...more,
})
const AUTH = { mode: 'token', audience: 'guard', operators: ['a@example.com'] }
const FILE = { project: 'my-project', targets: [target('bot')], auth: AUTH, store: { sqlite: 'a.db' } }

function config(change: object): Config {
  const parsed = parseConfig(stringify({ ...FILE, ...change }), { source: 'n.yaml' })
  if (parsed.kind === 'invalid') throw new Error(describeProblems(parsed))
  return parsed.config
}

function problems(change: object): readonly string[] {
  const parsed = parseConfig(stringify({ ...FILE, ...change }), { source: 'n.yaml' })
  return parsed.kind === 'config' ? [] : parsed.problems.map(({ field, message }) => `${field} ${message}`)
}

const token = { secret: 'guard-token' }
const TELEGRAM = { token, chat: '123', users: [4711] }
const reader = { language: 'en', timeZone: 'UTC' } as const

describe('notify', () => {
  it.each<[string, object, unknown]>([
    ['Telegram', { telegram: TELEGRAM }, { kind: 'telegram', token, chat: '123', users: [4711], ...reader }],
    [
      'Telegram, its chat as a number and without buttons',
      { telegram: { token, chat: -1001234567890 } },
      { kind: 'telegram', token, chat: '-1001234567890', users: [], ...reader },
    ],
    [
      'Telegram, a public channel by its name',
      { telegram: { token, chat: '@my_alerts' } },
      { kind: 'telegram', token, chat: '@my_alerts', users: [], ...reader },
    ],
    [
      'Slack',
      { slack: { token, channel: 'C0123ABCD' } },
      { kind: 'slack', token, channel: 'C0123ABCD', ...reader },
    ],
    ['Discord', { discord: { webhook: token } }, { kind: 'discord', webhook: token, ...reader }],
    [
      'a webhook',
      { webhook: { url: 'https://hooks.example.com/a', key: token } },
      { kind: 'webhook', url: 'https://hooks.example.com/a', key: token, ...reader },
    ],
  ])('takes %s', (_, entry, channel) => {
    expect(config({ notify: [entry] }).notify).toEqual([channel])
  })

  it("speaks the file's language in its time zone, unless a channel has its own", () => {
    const notify = [
      { telegram: TELEGRAM },
      { slack: { token, channel: 'C01', language: 'en', timeZone: 'Europe/Kyiv' } },
    ]
    const parsed = config({ language: 'ko', timeZone: 'Asia/Seoul', notify })
    expect(parsed.reader).toEqual({ language: 'ko', timeZone: 'Asia/Seoul' })
    expect(parsed.notify.map(({ language, timeZone }) => ({ language, timeZone }))).toEqual([
      { language: 'ko', timeZone: 'Asia/Seoul' },
      { language: 'en', timeZone: 'Europe/Kyiv' },
    ])
  })

  it.each([
    [
      'what needs a person and tests get through by default',
      { from: '23:00', to: '07:00' },
      { from: '23:00', to: '07:00', except: ['person', 'test'] },
    ],
    [
      'what is named gets through',
      { from: '00:00', to: '23:59', except: ['triggered', 'person'] },
      { from: '00:00', to: '23:59', except: ['triggered', 'person'] },
    ],
    [
      'nothing does, if so wanted',
      { from: '13:00', to: '14:00', except: [] },
      { from: '13:00', to: '14:00', except: [] },
    ],
  ])('has quiet hours: %s', (_, quiet, expected) => {
    const [channel] = config({ notify: [{ telegram: { ...TELEGRAM, quiet } }] }).notify
    expect(channel?.quiet).toEqual(expected)
  })

  it('takes two chats of one bot, and one chat each on two services', () => {
    const notify = [
      { telegram: TELEGRAM },
      { telegram: { ...TELEGRAM, chat: '124' } },
      { discord: { webhook: { secret: 'a' } } },
      { discord: { webhook: { secret: 'b' } } },
    ]
    expect(config({ notify }).notify).toHaveLength(4)
  })

  const many = Array.from({ length: 21 }, (_, index) => ({ telegram: { token, chat: index + 1 } }))
  const quietly = (quiet: object) => [{ telegram: { ...TELEGRAM, quiet } }]
  it.each<[string, unknown, readonly string[]]>([
    [
      'entries of no kind',
      [{}, {}],
      [
        'notify[0] must have exactly one of telegram, slack, discord and webhook',
        'notify[1] must have exactly one of telegram, slack, discord and webhook',
      ],
    ],
    [
      'an entry of two kinds',
      [{ telegram: TELEGRAM, discord: { webhook: token } }],
      ['notify[0] must have exactly one of telegram, slack, discord and webhook'],
    ],
    [
      'a kind that is none',
      [{ telegramm: TELEGRAM }],
      [
        'notify[0].telegramm is no field that Night Guard knows; did you mean telegram?',
        'notify[0] must have exactly one of telegram, slack, discord and webhook',
      ],
    ],
    [
      'a token in plain text',
      [{ telegram: { ...TELEGRAM, token: '123:ABC' } }],
      ['notify[0].telegram.token must be a section of fields, not a text'],
    ],
    [
      'a chat that is a title',
      [{ telegram: { ...TELEGRAM, chat: 'my chat' } }],
      [
        'notify[0].telegram.chat must be the number of a chat, like "-1001234567890", or the @name of a public one',
      ],
    ],
    [
      'a chat whose number is too large to be read exactly',
      [{ telegram: { ...TELEGRAM, chat: 1e19 } }],
      [
        'notify[0].telegram.chat must be the number of a chat, like "-1001234567890", or the @name of a public one',
      ],
    ],
    [
      'a user by name',
      [{ telegram: { ...TELEGRAM, users: ['@me'] } }],
      ['notify[0].telegram.users[0] must be a number, not a text'],
    ],
    [
      'a user that is a group',
      [{ telegram: { ...TELEGRAM, users: [-100] } }],
      ["notify[0].telegram.users[0] must be Telegram's number of a person, like 4711"],
    ],
    [
      'a Slack channel by name',
      [{ slack: { token, channel: '#alerts' } }],
      ["notify[0].slack.channel must be a channel's id, like C0123ABCD, not its name"],
    ],
    [
      'a webhook with a password',
      [{ webhook: { url: 'https://a:b@example.com', key: token } }],
      ['notify[0].webhook.url must not contain a user name or password: the configuration holds no secret'],
    ],
    [
      'a webhook without a key',
      [{ webhook: { url: 'https://example.com' } }],
      ['notify[0].webhook.key is missing'],
    ],
    [
      'quiet hours that never are',
      quietly({ from: '07:00', to: '07:00' }),
      ['notify[0].telegram.quiet.to must differ from from: nothing is quiet'],
    ],
    [
      'quiet hours of no clock',
      quietly({ from: '24:00', to: '7:00' }),
      [
        'notify[0].telegram.quiet.from must be a time of the day, like "23:00"',
        'notify[0].telegram.quiet.to must be a time of the day, like "23:00"',
      ],
    ],
    [
      'an exception that is no kind of notice',
      quietly({ from: '23:00', to: '07:00', except: ['persons'] }),
      [
        'notify[0].telegram.quiet.except[0] must be one of triggered, progress, person, again, resolved, reminder, test; did you mean person?',
      ],
    ],
    [
      'a language that is none of ours',
      [{ telegram: { ...TELEGRAM, language: 'fr' } }],
      ['notify[0].telegram.language must be one of en, ko'],
    ],
    [
      'a time zone that Intl does not know',
      [{ telegram: { ...TELEGRAM, timeZone: 'Asia/Soul' } }],
      ['notify[0].telegram.timeZone must be an IANA time zone, like Asia/Seoul: Asia/Soul is none'],
    ],
    [
      'an offset, which is no time zone',
      [{ telegram: { ...TELEGRAM, timeZone: '+09:00' } }],
      ['notify[0].telegram.timeZone must be the name of a time zone, like Asia/Seoul'],
    ],
    [
      'one chat twice',
      [{ telegram: TELEGRAM }, { slack: { token, channel: 'C01' } }, { telegram: { token, chat: 123 } }],
      ['notify[2].telegram.chat is told already by notify[0]'],
    ],
    [
      'one webhook twice',
      Array(2).fill({ webhook: { url: 'https://example.com/a', key: token } }),
      ['notify[1].webhook.url is told already by notify[0]'],
    ],
    ['more channels than anybody reads', many, ['notify must be at most 20 entries']],
    [
      "a workload's bot",
      [{ telegram: { ...TELEGRAM, token: { secret: 'bot-token' } } }],
      [
        "notify[0].telegram.token.secret is used by agent.service on bot too: the guard needs a bot of its own, for two programs that poll one bot steal each other's updates",
      ],
    ],
  ])('is refused for %s', (_, notify, expected) => {
    expect(problems({ notify })).toEqual(expected)
  })
})

describe('The reader, the dead-man ping and the status page', () => {
  it('are what the file says', () => {
    const parsed = config({
      timeZone: 'Asia/Calcutta',
      deadMan: { url: 'https://hc.example.com/ping/1' },
      statusPage: { targets: [{ target: 'bot', name: ' The bot ' }] },
    })
    const { reader: pages, deadMan, statusPage } = parsed
    expect({ pages, deadMan, statusPage }).toEqual({
      pages: { language: 'en', timeZone: 'Asia/Calcutta' },
      deadMan: { url: 'https://hc.example.com/ping/1' },
      statusPage: { title: 'Status', targets: [{ id: 'bot', name: 'The bot' }] },
    })
  })

  const shown = (...targets: object[]) => ({ statusPage: { targets } })
  it.each<[string, object, readonly string[]]>([
    [
      'a time zone that is none',
      { timeZone: 'Mars/Olympus' },
      ['timeZone must be an IANA time zone, like Asia/Seoul: Mars/Olympus is none'],
    ],
    [
      'a language that is none of ours',
      { language: 'kr' },
      ['language must be one of en, ko; did you mean ko?'],
    ],
    ['a dead man without an address', { deadMan: {} }, ['deadMan.url is missing']],
    [
      'a dead man of another scheme',
      { deadMan: { url: 'ftp://example.com' } },
      ['deadMan.url must begin with http:// or https://, not ftp://'],
    ],
    ['a status page of nothing', shown(), ['statusPage.targets must have at least one entry']],
    [
      'a status page of what is not watched',
      shown({ target: 'web', name: 'Web' }),
      ['statusPage.targets[0].target names web, which is no target'],
    ],
    [
      'a status page that shows one twice',
      shown({ target: 'bot', name: 'Bot' }, { target: 'bot', name: 'Again' }),
      ['statusPage.targets[1].target shows bot twice'],
    ],
    [
      'a name that rewrites the line',
      shown({ target: 'bot', name: 'a\u202eb' }),
      ['statusPage.targets[0].name must be a text of 1 to 100 characters on one line'],
    ],
    [
      'a status page that nobody could see',
      {
        url: 'https://guard.example.com',
        auth: { ...AUTH, mode: 'iam' },
        ...shown({ target: 'bot', name: 'Bot' }),
      },
      ['statusPage needs auth.mode token: in iam mode the service is private, and nobody could see the page'],
    ],
  ])('are refused for %s', (_, change, expected) => {
    expect(problems(change)).toEqual(expected)
  })
})

describe('What a target depends on', () => {
  const fleet = (needs: Readonly<Record<string, readonly string[]>>) => ({
    targets: Object.entries(needs).map(([id, dependsOn]) => target(id, { dependsOn })),
  })

  it('is kept', () => {
    const { targets } = config(fleet({ web: ['proxy', 'database'], proxy: ['database'], database: [] }))
    expect(targets.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ['web', ['proxy', 'database']],
      ['proxy', ['database']],
      ['database', []],
    ])
  })

  it.each<[string, Readonly<Record<string, readonly string[]>>, readonly string[]]>([
    ['itself', { a: ['a'] }, ['targets[0].dependsOn[0] names the target itself']],
    ['what is not there', { a: ['b'] }, ['targets[0].dependsOn[0] names b, which is no target']],
    ['one thing twice', { a: ['b', 'b'], b: [] }, ['targets[0].dependsOn[1] names b twice']],
    [
      'each other',
      { a: ['b'], b: ['a'] },
      ['targets[0].dependsOn goes round in a circle: a needs b needs a'],
    ],
    [
      'a circle further on, told once',
      { a: ['b', 'c'], b: ['d'], c: ['b'], d: ['e'], e: ['b'] },
      ['targets[1].dependsOn goes round in a circle: b needs d needs e needs b'],
    ],
    [
      'two circles',
      { a: ['b'], b: ['a'], c: ['d'], d: ['c'] },
      [
        'targets[0].dependsOn goes round in a circle: a needs b needs a',
        'targets[2].dependsOn goes round in a circle: c needs d needs c',
      ],
    ],
  ])('must not be %s', (_, needs, expected) => {
    expect(problems(fleet(needs))).toEqual(expected)
  })

  it('is shown where it stands', () => {
    const text = stringify({ ...FILE, ...fleet({ a: ['b'], b: [] }) }).replace('- b', '- zz')
    const parsed = parseConfig(text, { source: 'n.yaml' })
    const line = text.split('\n').findIndex((each) => each.includes('- zz')) + 1
    expect(parsed.kind === 'invalid' && parsed.problems).toEqual([
      { line, column: 9, field: 'targets[0].dependsOn[0]', message: 'names zz, which is no target' },
    ])
  })
})

describe('The policy of alerts and memory', () => {
  it('may only observe', () => {
    expect(config({ policy: { mode: 'observe' } }).policy.mode).toBe('observe')
  })

  it.each<[object, readonly string[]]>([
    [{ mode: 'watch' }, ['policy.mode must be one of act, observe']],
    [
      { history: { everyMs: '59s' } },
      ['policy.history.everyMs must be at least 1 min: each time is a write to the store'],
    ],
    [{ history: { daysKept: 91 } }, ['policy.history.daysKept must be a whole number from 1 to 90']],
    [{ blackBox: { collectMs: '11s' } }, ['policy.blackBox.collectMs must be at most 10 s']],
    [
      { incident: { relapsedProbationMs: '1m' } },
      ['policy.incident.relapsedProbationMs must be at least probationMs: a relapse makes probation longer'],
    ],
    [
      { alerts: { remindEveryMs: '30s' } },
      ['policy.alerts.remindEveryMs must be at least tick.everyMs: nobody is reminded between ticks'],
    ],
    [
      { alerts: { remindWarningEveryMs: '5m' } },
      ['policy.alerts.remindWarningEveryMs must be at least alerts.remindEveryMs'],
    ],
    [
      { alerts: { buttonsMs: '5s' } },
      ['policy.alerts.buttonsMs must be at least tick.everyMs: ticks look for presses'],
    ],
    [{ outbox: { retryFirstMs: '11m' } }, ['policy.outbox.retryFirstMs must be at most outbox.retryMaxMs']],
    [{ outbox: { giveUpMs: '10m' } }, ['policy.outbox.giveUpMs must be more than outbox.retryMaxMs']],
    [{ outbox: { sendMs: '55s' } }, ['policy.outbox.sendMs must be less than tick.deadlineMs']],
    [
      { outbox: { claimMs: '8s' } },
      ['policy.outbox.claimMs must be more than outbox.sendMs: another run would send the same once more'],
    ],
  ])('%j is refused', (policy, expected) => {
    expect(problems({ policy })).toEqual(expected)
  })
})
