/**
 * The last step of a black box: secrets out, controls harmless, each section within its share of the bytes. Which
 * shapes are secrets is secret-shapes.ts's; what goes into a section at all is chosen where it is collected.
 */
import { assertNever } from './assert-never.ts'
import { BLACK_BOX_BYTES_MAX, type BlackBoxSection, type BlackBoxSectionName } from './black-box.ts'
import { plainText } from './plain-text.ts'
import { REDACTED, withoutSecrets } from './secret-shapes.ts'
import { visibleText } from './visible-text.ts'

/** What is longer is cut before it is read, in UTF-16 units. */
const TEXT_LENGTH_MAX = 512 * 1024
const LINE_LENGTH_MAX = 1000
const DETAIL_LENGTH_MAX = 300

/**
 * Text of a machine without what looks like a secret, fit to be stored: `[redacted]` stands for private key blocks,
 * tokens of known shape (Telegram, Google, GitHub, Slack, AWS, JWT, `sk-…`), bearer tokens, credentials in URLs,
 * values of names like password, token, secret, key or Authorization, and runs of 32 and more base64 or hex digits
 * that are no id where ids are expected. Terminal orders are gone, other controls are visible. Twice is the same as
 * once. Looked at before and after the terminal orders go: they may cover a secret's first letter, or part it.
 *
 * What it can't know: a secret that is an ordinary word or a short number without a name before it (`hunter2` on a
 * line of its own), a passphrase of words, one under a harmless name (`answer=…`), shorter than 32 or spread over
 * lines, parted by blanks or colons, encoded by percent signs, a password in a URL that holds a `/`, a hex key that
 * stands where an id is expected, the lines of a list behind a secret name. Hence the collectors' allow-lists.
 */
export function redactText(text: string): string {
  const visible = visibleText(withoutSecrets(text.toWellFormed(), STAND_IN))
  return withoutSecrets(visible.replaceAll(STAND_IN, REDACTED))
}

/** No terminal order can swallow a part of it, as it could of `[redacted]`. */
const STAND_IN = '\ufffc'

/**
 * The sections with their texts redacted, all together at most `bytesMax` bytes of UTF-8. A small section stays
 * whole, the large ones share what is left. Whole lines go: of logs the oldest, of the others the last.
 */
export function redactSections(
  sections: readonly BlackBoxSection[],
  { bytesMax = BLACK_BOX_BYTES_MAX }: { readonly bytesMax?: number } = {},
): readonly BlackBoxSection[] {
  const redacted = sections.map(redactSection)
  const shares = fairShares(redacted.map(bytesOf), bytesMax)
  return redacted.map((section, index) => withinShare(section, shares[index] ?? 0))
}

function redactSection(section: BlackBoxSection): BlackBoxSection {
  switch (section.kind) {
    case 'text': {
      const keeps = KEEPS[section.name]
      const read = readable(section.text, keeps)
      const lines = redactText(read)
        .split('\n')
        .map((line) => line.trimEnd())
      const short = lines.map((line) => shortened(line, LINE_LENGTH_MAX))
      const isCut = read.length < section.text.length || short.some((line, index) => line !== lines[index])
      return { ...section, text: endedLine(short.join('\n')), cut: section.cut || isCut }
    }
    case 'unavailable':
      return {
        ...section,
        detail: shortened(redactText(plainText(section.detail, LINE_LENGTH_MAX)), DETAIL_LENGTH_MAX),
      }
    default:
      return assertNever(section)
  }
}

/** Where a section is cut, its end or its beginning stays. */
const KEEPS: Readonly<Record<BlackBoxSectionName, 'beginning' | 'end'>> = {
  'serial-console': 'end',
  'kernel-oom': 'end',
  units: 'beginning',
  containers: 'beginning',
  memory: 'beginning',
  pressure: 'beginning',
}

/** Whole lines only: the half of a secret has no shape. */
function readable(text: string, keeps: 'beginning' | 'end'): string {
  if (text.length <= TEXT_LENGTH_MAX) return text
  if (keeps === 'beginning') return text.slice(0, text.lastIndexOf('\n', TEXT_LENGTH_MAX - 1) + 1)
  const lineStart = text.indexOf('\n', text.length - TEXT_LENGTH_MAX) + 1
  return lineStart === 0 ? '' : text.slice(lineStart)
}

/** Cut between words, without a mark: neither half of a marker nor a mark behind `password:` may come of it. */
function shortened(line: string, lengthMax: number): string {
  if (line.length <= lengthMax) return line
  const blank = /\s\S*$/.exec(line.slice(0, lengthMax + 1))
  return line.slice(0, blank?.index ?? 0).trimEnd()
}

function endedLine(text: string): string {
  const trimmed = text.replace(/^\n+/, '').trimEnd()
  return trimmed === '' ? '' : `${trimmed}\n`
}

function bytesOf(section: BlackBoxSection): number {
  return utf8Bytes(section.kind === 'text' ? section.text : section.detail)
}

/** Each gets what it needs, as long as it needs no more than its equal part of what the smaller ones have left. */
function fairShares(needs: readonly number[], total: number): readonly number[] {
  const shares: number[] = needs.map(() => 0)
  const smallestFirst = needs
    .map((need, index) => ({ need, index }))
    .sort((one, other) => one.need - other.need)
  let left = total
  for (const [place, { need, index }] of smallestFirst.entries()) {
    const share = Math.min(need, Math.floor(left / (needs.length - place)))
    shares[index] = share
    left -= share
  }
  return shares
}

function withinShare(section: BlackBoxSection, bytesMax: number): BlackBoxSection {
  if (bytesOf(section) <= bytesMax) return section
  if (section.kind === 'unavailable') return { ...section, detail: '' }
  const lines = section.text.split('\n').slice(0, -1)
  const keepsEnd = KEEPS[section.name] === 'end'
  const kept: string[] = []
  let left = bytesMax
  for (const line of keepsEnd ? lines.reverse() : lines) {
    left -= utf8Bytes(line) + 1
    if (left < 0) break
    kept.push(line)
  }
  return { ...section, text: endedLine((keepsEnd ? kept.reverse() : kept).join('\n')), cut: true }
}

/** The length in UTF-8 of well-formed text. */
export function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    // Three bytes, or four for the two halves of a pair.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}
