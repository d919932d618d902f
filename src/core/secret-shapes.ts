/**
 * What looks like a secret, found in text by its shape alone, in time linear in the text. What else happens to a
 * black box's text (controls, bounds) is redact.ts's work.
 */

export const REDACTED = '[redacted]'

type Span = readonly [start: number, end: number]

/** Each begins with letters of its own and ends with its alphabet, so that a search never goes back far. */
const SHAPES: readonly RegExp[] = [
  /\d{6,12}:[\w-]{35,}/g, // Telegram's bots
  /AIza[\w-]{30,}|ya29\.[\w.-]{10,}|1\/\/0[\w-]{20,}|GOCSPX-[\w-]{16,}/g, // Google
  /gh[a-z]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}/g,
  /xox[a-z]-[\w-]{10,}|xapp-[\w-]{10,}|hooks\.slack\.com\/\S+|\/api\/webhooks\/\S+/g, // Slack, Discord
  /(?:AKIA|ASIA)[A-Z0-9]{16,}/g,
  /(?:npm|hf)_[A-Za-z0-9]{20,}|(?:sk|rk)_(?:live|test)_\w{10,}|whsec_[\w+/=]{16,}|SG\.[\w-]{16,}\.[\w-]{16,}/g,
  /(?<![a-z])sk-[\w-]{16,}|sk-(?=[\w-]{0,40}[A-Z])(?=[\w-]{0,40}\d)[\w-]{16,}/g,
  /eyJ[\w-]{10,}(?:\.[\w-]*){0,2}/g, // JWT: base64 of `{"`
]

/** Group 1 stays, the rest goes. */
const BEHIND: readonly RegExp[] = [/(bearer[ \t]{1,8})\S+/gi, /(:\/\/)[^\s/]*(?=@)/g]

/** `text` with `mark` for each span that looks like a secret; with `[redacted]`, twice is the same as once. */
export function withoutSecrets(text: string, mark: string = REDACTED): string {
  const spans = [
    ...keyBlocks(text),
    ...SHAPES.flatMap((shape) => [...text.matchAll(shape)].map(spanOf)),
    ...BEHIND.flatMap((pattern) => [...text.matchAll(pattern)].map(spanOf)),
    ...assignedValues(text),
    ...longRuns(text),
  ]
  return spans.length === 0 ? text : replaced(text, { spans, mark })
}

function spanOf(match: RegExpExecArray): Span {
  const kept = match[1]?.length ?? 0
  return [match.index + kept, match.index + match[0].length]
}

/** Spans that overlap or touch are one. */
function replaced(text: string, { spans, mark }: { spans: readonly Span[]; mark: string }): string {
  const pieces: string[] = []
  let at = 0
  let open: Span | undefined
  const close = (): void => {
    if (open === undefined) return
    pieces.push(text.slice(at, open[0]), mark)
    at = open[1]
  }
  for (const span of spans.filter(([start, end]) => end > start).sort(([one], [other]) => one - other)) {
    if (open !== undefined && span[0] <= open[1]) {
      open = [open[0], Math.max(open[1], span[1])]
    } else {
      close()
      open = span
    }
  }
  close()
  return [...pieces, text.slice(at)].join('')
}

const KEY_EDGE = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
/** No private key is longer; what ends further on is another one. */
const KEY_LENGTH_MAX = 16_384
/** A line of a block whose beginning was cut off, or that nothing ends. */
const KEY_LINE = /^[A-Za-z0-9+/=]{1,76}$/
const KEY_LINE_FULL = 48
const KEY_LINE_LENGTH_MAX = 100

/** Whole blocks, also with anything between their lines; of a torn one, its lines on this side of the tear. */
function keyBlocks(text: string): readonly Span[] {
  const edges = [...text.matchAll(KEY_EDGE)].map((match) => ({
    begins: match[1] === 'BEGIN',
    start: match.index,
    end: match.index + match[0].length,
  }))
  return edges.map(({ begins, start, end }, index): Span => {
    const next = edges[index + 1]
    if (begins && next?.begins === false && next.start - start <= KEY_LENGTH_MAX) return [start, next.end]
    return begins ? [start, linesAfter(text, end)] : [linesBefore(text, start), end]
  })
}

function linesAfter(text: string, from: number): number {
  let end = from
  for (let start = nextLine(text, from); start !== undefined && start - from < KEY_LENGTH_MAX; ) {
    const next = nextLine(text, start)
    const line = text.slice(start, next ?? start + KEY_LINE_LENGTH_MAX).trim()
    if (!KEY_LINE.test(line)) break
    end = start + line.length
    // A short line is the last one of a block.
    start = line.length < KEY_LINE_FULL ? undefined : next
  }
  return end
}

function linesBefore(text: string, from: number): number {
  let start = from
  while (from - start < KEY_LENGTH_MAX && text[start - 1] === '\n') {
    const window = text.slice(Math.max(0, start - KEY_LINE_LENGTH_MAX), start - 1)
    const line = window.slice(window.lastIndexOf('\n') + 1)
    const isLast = start === from
    if (!KEY_LINE.test(line.trim()) || (!isLast && line.trim().length < KEY_LINE_FULL)) break
    start -= line.length + 1
  }
  return start
}

/** Where the next line begins, if that is near. */
function nextLine(text: string, from: number): number | undefined {
  const end = text.slice(from, from + KEY_LINE_LENGTH_MAX).indexOf('\n')
  return end < 0 ? undefined : from + end + 1
}

const NAMED = /(?<![\w.-])([\w.-]+)(?:(?:\\{0,4}["'])?[ \t]{0,8}(=>?|:)[ \t]*|[ \t]{1,8}(?=[^\s-]))/g
const OPENING = /\\{0,4}["']/y
const REST_OF_WORD = /\S+/y

const SECRET_NAME =
  /passw|passphrase|secret|token|credential|cookie|authorization|api[._-]?key|private[._-]?key/i
/** Words that stand in many harmless names as well: only as the last word of one. */
const SECRET_ENDING = [
  /(?:^|[._-])(?:pass|pwd|auth|keys?)\d*$/i,
  /[a-z0-9](?:Pass|Pwd|Auth|Keys?)\d*$/,
  /(?:ssh|access|account|encryption|signing|master)keys?\d*$/i,
]

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) || SECRET_ENDING.some((ending) => ending.test(name))
}

/** The values of `name=value`, `"name": "value"`, `Name: value` and `--name value` whose name says secret. */
function assignedValues(text: string): readonly Span[] {
  const spans: Span[] = []
  let covered = 0
  let lineEnd = -1
  for (const match of text.matchAll(NAMED)) {
    const [whole, name = '', sign] = match
    const at = match.index + whole.length
    if ((sign === undefined && !name.startsWith('--')) || !isSecretName(name)) continue
    if (lineEnd < at) lineEnd = endOfLine(text, at)
    OPENING.lastIndex = at
    const quote = OPENING.exec(text)?.[0]
    // Within a value that was found already, only a quote can lead further on.
    if (quote === undefined && at < covered) continue
    const span =
      quote === undefined
        ? plainValue(text, { at, lineEnd, sign })
        : quotedValue(text, { at, lineEnd, quote })
    spans.push(span)
    covered = Math.max(covered, span[1])
  }
  return spans
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

function plainValue(
  text: string,
  { at, lineEnd, sign }: { at: number; lineEnd: number; sign: string | undefined },
): Span {
  if (sign === ':') return [at, lineEnd]
  REST_OF_WORD.lastIndex = at
  return [at, at + (REST_OF_WORD.exec(text)?.[0].length ?? 0)]
}

/** To the same quote again, in JSON within JSON with as many backslashes; to the end of the line without one. */
function quotedValue(
  text: string,
  { at, lineEnd, quote }: { at: number; lineEnd: number; quote: string },
): Span {
  const start = at + quote.length
  for (let end = text.indexOf(quote, start); end >= 0 && end < lineEnd; end = text.indexOf(quote, end + 1)) {
    const isEscaped = quote === '"' && backslashesBefore(text, { end, start }) % 2 === 1
    if (!isEscaped) return [start, end]
  }
  return [start, lineEnd]
}

function backslashesBefore(text: string, { end, start }: { end: number; start: number }): number {
  let count = 0
  while (end - count > start && text[end - count - 1] === '\\') count += 1
  return count
}

const RUN = /(?<![\w+/=-])[\w+/=-]{32,}/g
const RUN_LENGTH_MIN = 32
/** Ids that a machine's own words are full of, where those words put them. */
const EXPECTED: readonly RegExp[] = [
  /((?:uuid[/ =-]|boot[ _]id[:=]? ?|filesystem ))[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])/gi,
  /((?:Invocation: |InvocationID=))[0-9a-f]{32}(?!\w)/g,
  /((?:libpod-(?:conmon-)?|overlay(?:-containers|-layers)?[-/]|healthcheck run |container ))[0-9a-f]{64}(?!\w)/g,
  /(?<!\w)[0-9a-f]{64}(?=\.(?:scope|service|timer)\b|-merged\b)/g,
]

/** Base64, base64url and hex of 24 bytes and more; what is made of words, as paths and unit names are, stays. */
function longRuns(text: string): readonly Span[] {
  const expected = EXPECTED.flatMap((pattern) => [...text.matchAll(pattern)].map(spanOf)).sort(
    ([one], [other]) => one - other,
  )
  const spans: Span[] = []
  let passed = 0
  for (const { index, 0: run } of text.matchAll(RUN)) {
    while ((expected[passed]?.[1] ?? Number.POSITIVE_INFINITY) <= index) passed += 1
    let from = index
    for (
      let next = passed;
      (expected[next]?.[0] ?? Number.POSITIVE_INFINITY) < index + run.length;
      next += 1
    ) {
      const [start, end] = expected[next] ?? [from, from]
      if (isOpaque(text.slice(from, start))) spans.push([from, start])
      from = Math.max(from, end)
    }
    if (isOpaque(text.slice(from, index + run.length))) spans.push([from, index + run.length])
  }
  return spans
}

const WORDS =
  /^(?:[a-z]{1,24}\d{0,4}|[A-Z]{1,24}\d{0,4}|(?:[A-Z][a-z]{1,15}){1,4}\d{0,4}|\d{1,8}|[a-z]\d{1,3}[a-z]{0,8})?$/

function isOpaque(run: string): boolean {
  return run.length >= RUN_LENGTH_MIN && !run.split(/[-_/=+]/).every((word) => WORDS.test(word))
}
