/** What may never be in a black box, whatever the machine says around it; and what must stay readable. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BLACK_BOX_BYTES_MAX, BLACK_BOX_SECTIONS, type BlackBoxSection } from '../../src/core/black-box.ts'
import { redactSections, redactText, utf8Bytes } from '../../src/core/redact.ts'

const ID = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'
const UUID = '0d2b4b3e-3f43-4f0e-9d0c-7f2f1f0b9a11'
const PEM = [
  '-----BEGIN OPENSSH PRIVATE KEY-----',
  'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW',
  'QyNTUxOQAAACB',
  '-----END OPENSSH PRIVATE KEY-----',
]

describe('a secret is redacted', () => {
  it.each([
    ['bot 123456789:AAE-xGm3_9aZ0123456789abcdefghijklm ok', 'bot [redacted] ok'],
    ['key AIzaSyA-1234567890abcdefghijklmnopqrstu.', 'key [redacted].'],
    ['ya29.a0AfH6SMBx-_yz12345', '[redacted]'],
    ['push ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'push [redacted]'],
    ['xoxb-123456789012-abcdefGHIJ', '[redacted]'],
    ['openai sk-proj-aB3dEfGhIjKlMnOpQrSt', 'openai [redacted]'],
    ['AKIAIOSFODNN7EXAMPLE', '[redacted]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_def', '[redacted]'],
    ['curl -H "Authorization: Basic dXNlcjpwYXNz" x', 'curl -H "Authorization: [redacted]'],
    ['got Bearer abc.def', 'got Bearer [redacted]'],
    ['postgres://bot:hunter2@db:5432/x', 'postgres://[redacted]@db:5432/x'],
    ['PASSWORD=hunter2 next', 'PASSWORD=[redacted] next'],
    ['export TELEGRAM_BOT_TOKEN="a b" next', 'export TELEGRAM_BOT_TOKEN="[redacted]" next'],
    ['{"apiKey": "a\\"b", "n": 1}', '{"apiKey": "[redacted]", "n": 1}'],
    ['{"body":"{\\"token\\":\\"abc\\",\\"n\\":1}"}', '{"body":"{\\"token\\":\\"[redacted]\\",\\"n\\":1}"}'],
    ['db_password:   two words', 'db_password:   [redacted]'],
    ['run --token hunter2 --port 1', 'run --token [redacted] --port 1'],
    ['key="password="my value" x', 'key="[redacted]"[redacted]" x'],
    [`id ${ID}`, 'id [redacted]'],
    ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY1', '[redacted]'],
    [`a\n${PEM.join('\n')}\nb`, 'a\n[redacted]\nb'],
    [`x ${PEM.join('\\n')} y`, 'x [redacted] y'],
    [PEM.map((line) => `agent: ${line}`).join('\n'), 'agent: [redacted]'],
    [`${PEM.slice(0, 3).join('\n')}\nand more`, '[redacted]\nand more'],
    [`first\n${PEM.slice(2).join('\n')}\nlast`, 'first\n[redacted]\nlast'],
  ])('%#: %s', (text, shown) => {
    expect(redactText(text)).toBe(shown)
  })
})

describe('what a machine says of itself stays', () => {
  it.each([
    `task_memcg=/machine.slice/libpod-${ID}.scope/container,task=agent,pid=1287,uid=0`,
    `/var/lib/containers/storage/overlay-containers/${ID}/userdata`,
    `systemd[1]: ${ID}.service: Deactivated successfully.`,
    `root=UUID=${UUID} ro`,
    `boot_id=${UUID}`,
    `EXT4-fs (sda1): mounted filesystem ${UUID} r/w with ordered data mode.`,
    'Invocation: 0123456789abcdef0123456789abcdef',
    'systemd-networkd-wait-online.service and /usr/lib/systemd/system-generators/podman-system-generator',
    'us-west1-docker.pkg.dev/my-project/apps/agent:stable',
    'Key type asymmetric registered',
    'Spec Store Bypass: Mitigation: disabled via prctl',
    'RIP: 0010:native_safe_halt+0xb/0x10 RSP: 0018:ffffffff82a03e80 EFLAGS: 00000246',
    '                Disk-by-partuuid and the task-struct and --------------------------------------',
    '한국어 🙂\ttabs',
  ])('%s', (text) => {
    expect(redactText(text)).toBe(text)
  })
})

describe('controls', () => {
  it.each([
    ['\u001b[0;32m  OK  \u001b[0m', '  OK  '],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;http://evil\u001b\\link', 'link'],
    ['\u001bcreset', 'reset'],
    ['one\r\ntwo\r\r\nthree', 'one\ntwo\nthree'],
    ['over\rwritten', 'over␍written'],
    ['bell\u0007 nul\0 c1\u0085', 'bell␇ nul␀ c1<U+0085>'],
    ['evil\u202egnp.exe zero\u200bwidth', 'evil<U+202E>gnp.exe zero<U+200B>width'],
    ['half \ud83d', 'half \ufffd'],
    ['gh\u001b[1mp_abcdefghijklm0123456789', '[redacted]'],
    ['\u001b[ghp_abcdefghijklmnopqrstuvwxyz0123', '[redacted]'],
    ['\u001b]0;ghp_abcdefghijklmnopqrstuvwxyz0123', ''],
  ])('%#: %j are harmless', (text, shown) => {
    expect(redactText(text)).toBe(shown)
  })
})

const alphanumeric = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')
/** With a piece in it that no word has. */
const opaque = (minLength: number) =>
  fc
    .tuple(
      fc.string({ unit: alphanumeric, minLength, maxLength: minLength + 8 }),
      fc.string({ unit: alphanumeric, maxLength: 20 }),
    )
    .map(([before, after]) => `${before}9aZ3q${after}`)

/** A text, and the part of it that must not survive. */
const secret: fc.Arbitrary<{ text: string; value: string }> = fc.oneof(
  opaque(36).map((value) => ({ text: `ghp_${value}`, value })),
  opaque(35).map((value) => ({ text: `123456789:${value}`, value })),
  opaque(35).map((value) => ({ text: `AIza${value}`, value })),
  opaque(20).map((value) => ({ text: `ya29.${value}`, value })),
  opaque(20).map((value) => ({ text: `xoxb-${value}`, value })),
  opaque(20).map((value) => ({ text: `sk-${value}`, value })),
  opaque(20).map((value) => ({ text: `eyJ${value}.${value}.sig`, value })),
  opaque(4).map((value) => ({ text: `Bearer ${value}`, value })),
  opaque(4).map((value) => ({ text: `password=${value}`, value })),
  opaque(4).map((value) => ({ text: `"api_key": "${value} and ${value}"`, value })),
  opaque(4).map((value) => ({ text: `MY_TOKEN='${value}'`, value })),
  opaque(4).map((value) => ({ text: `Authorization: Digest ${value}`, value })),
  opaque(4).map((value) => ({ text: `https://me:${value}@host/`, value })),
  opaque(32).map((value) => ({ text: value, value })),
  fc.uint8Array({ minLength: 24, maxLength: 64 }).map((bytes) => {
    const value = `${Buffer.from(bytes).toString('hex')}a7f3`
    return { text: value, value }
  }),
  opaque(40).map((value) => ({
    text: `-----BEGIN RSA PRIVATE KEY-----\n${value}\n${value.slice(0, 9)}\n-----END RSA PRIVATE KEY-----`,
    value: value.slice(0, 9),
  })),
)

const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '\n',
        '\r',
        ' ',
        '"',
        "'",
        '\\',
        '=',
        ':',
        '\u001b[',
        '\u001b]0;',
        '\u0007',
        'key="',
        "token='",
        'password: ',
        'secret=',
        '-----BEGIN PRIVATE KEY-----',
        '-----END PRIVATE KEY-----',
        '://',
        '@',
        'eyJ',
        '[redacted]',
        '\ud83d',
      ),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''))

const section: fc.Arbitrary<BlackBoxSection> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    name: fc.constantFrom(...BLACK_BOX_SECTIONS),
    text: fc.oneof(
      hostile,
      fc.tuple(hostile, fc.nat({ max: 4000 })).map(([text, times]) => `${text}\n`.repeat(times)),
    ),
    cut: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('unavailable' as const),
    name: fc.constantFrom(...BLACK_BOX_SECTIONS),
    detail: hostile,
  }),
)

const total = (sections: readonly BlackBoxSection[]): number =>
  sections.reduce((sum, one) => sum + Buffer.byteLength(one.kind === 'text' ? one.text : one.detail), 0)

describe('whatever a machine says', () => {
  it('no value that has the shape of a secret survives, wherever it stands', () => {
    fc.assert(
      fc.property(hostile, secret, hostile, (before, { text, value }, after) => {
        expect(redactText(`${before}${text}${after}`)).not.toContain(value)
      }),
      { numRuns: 3000 },
    )
  })

  it('redacting twice is redacting once', () => {
    fc.assert(
      fc.property(hostile, secret, hostile, (before, { text }, after) => {
        const once = redactText(`${before}${text}${after}`)
        expect(redactText(once)).toBe(once)
      }),
      { numRuns: 3000 },
    )
  })

  it('all sections together are within the bound, well formed, and the same when done again', () => {
    fc.assert(
      fc.property(
        fc.array(section, { maxLength: 6 }),
        fc.constantFrom(0, 100, 3000, BLACK_BOX_BYTES_MAX),
        (sections, bytesMax) => {
          const once = redactSections(sections, { bytesMax })
          expect(total(once)).toBeLessThanOrEqual(bytesMax)
          for (const one of once)
            expect((one.kind === 'text' ? one.text : one.detail).isWellFormed()).toBe(true)
          expect(redactSections(once, { bytesMax })).toEqual(once)
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each([
    'token=',
    'token="',
    'token=\'x key="',
    '"\\"token\\":\\"',
    'eyJ',
    'eyJaaaaaaaaaa.',
    '://a@',
    '://',
    'bearer ',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\n',
    '-----END PRIVATE KEY-----\n',
    'AAAA\n-----END PRIVATE KEY-----',
    'a',
    'a-',
    'a.',
    '1',
    'sk-',
    'ghp_',
    '\u001b[',
    '\u001b]',
    '\u001b[0',
    ' ',
    '\\',
    '\r',
    `libpod-${ID}`,
    'SG.aaaaaaaaaaaaaaaaa',
    '--token ',
  ])('%j, over and over, takes time in proportion to its length', (piece) => {
    const text = piece.repeat(Math.ceil(500_000 / piece.length))
    const before = performance.now()
    redactText(text)
    // A quadratic search would take minutes.
    expect(performance.now() - before).toBeLessThan(4000)
  })
})

describe('the shares of the sections', () => {
  const line = (character: string) => `${character.repeat(9)}\n`
  const text = (name: BlackBoxSection['name'], characters: string, lines: number): BlackBoxSection => ({
    kind: 'text',
    name,
    text: Array.from({ length: lines }, (_, index) => line(characters[index] ?? 'z')).join(''),
    cut: false,
  })

  it('a small one stays whole, large ones share the rest: of logs the newest lines, of the others the first', () => {
    const sections = [text('serial-console', 'abcdef', 6), text('units', 'abcdef', 6), text('memory', 'a', 1)]
    expect(redactSections(sections, { bytesMax: 55 })).toEqual([
      { kind: 'text', name: 'serial-console', text: `${line('e')}${line('f')}`, cut: true },
      { kind: 'text', name: 'units', text: `${line('a')}${line('b')}`, cut: true },
      { kind: 'text', name: 'memory', text: line('a'), cut: false },
    ])
  })

  it('a line that is too long ends between two words, and what was cut before stays marked as cut', () => {
    const long = `${'word '.repeat(300)}`
    const sections: BlackBoxSection[] = [
      { kind: 'text', name: 'units', text: long, cut: false },
      { kind: 'text', name: 'memory', text: 'free', cut: true },
    ]
    expect(redactSections(sections)).toEqual([
      { kind: 'text', name: 'units', text: `${'word '.repeat(200).trimEnd()}\n`, cut: true },
      { kind: 'text', name: 'memory', text: 'free\n', cut: true },
    ])
  })

  it('why a section is unavailable is one line, redacted and short', () => {
    const detail = `exit code 1: token=abc\n${'x y '.repeat(300)}`
    const [only] = redactSections([{ kind: 'unavailable', name: 'units', detail }])
    expect(only).toEqual({
      kind: 'unavailable',
      name: 'units',
      detail: expect.stringMatching(/^exit code 1: token=\[redacted\] x y [x y]+[xy]$/),
    })
  })
})

it('bytes are counted as UTF-8 has them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const wellFormed = text.toWellFormed()
      expect(utf8Bytes(wellFormed)).toBe(Buffer.byteLength(wellFormed))
    }),
  )
})
