/** Telegram's HTML as its Bot API reads it: the visible text, or the words in which it refuses the markup. */

export type TelegramText =
  | { readonly kind: 'text'; readonly text: string }
  /** The description behind `Bad Request: can't parse entities: `. */
  | { readonly kind: 'unparsable'; readonly why: string }

/** https://core.telegram.org/bots/api#html-style */
const TAGS = new Set([
  'a',
  'b',
  'blockquote',
  'code',
  'del',
  'em',
  'i',
  'ins',
  'pre',
  's',
  'span',
  'strike',
  'strong',
  'tg-emoji',
  'tg-spoiler',
  'u',
])
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }

export function parseTelegramHtml(html: string): TelegramText {
  const open: string[] = []
  let text = ''
  for (let at = 0; at < html.length; ) {
    const character = html[at] ?? ''
    if (character === '&') {
      const entity = entityAt(html, at)
      text += entity.text
      at += entity.length
    } else if (character === '<') {
      const tag = tagAt(html, at)
      const why = tag === undefined ? unclosed(html, at) : applyTag(tag, { open, at: bytesTo(html, at) })
      if (why !== undefined) return { kind: 'unparsable', why }
      at += tag?.length ?? 1
    } else {
      text += character
      at += 1
    }
  }
  const last = open.at(-1)
  if (last !== undefined) {
    return { kind: 'unparsable', why: `Can't find end tag corresponding to start tag "${last}"` }
  }
  return { kind: 'text', text: text.trim() }
}

/** Whom the clients would make a mention of. */
export function telegramMentionsIn(text: string): readonly string[] {
  return [...text.matchAll(/(?<![\p{L}\p{N}_])@[A-Za-z0-9_]{2,32}/gu)].map(([mention]) => mention)
}

type Tag = { readonly name: string; readonly isEnd: boolean; readonly length: number }

function tagAt(html: string, at: number): Tag | undefined {
  const [whole, slash, name = ''] =
    /^<(\/?)([a-zA-Z0-9-]*)(?:\s+[a-zA-Z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?)*\s*>/.exec(
      html.slice(at),
    ) ?? []
  return whole === undefined
    ? undefined
    : { name: name.toLowerCase(), isEnd: slash === '/', length: whole.length }
}

function applyTag({ name, isEnd }: Tag, { open, at }: { open: string[]; at: number }): string | undefined {
  if (!isEnd) {
    if (!TAGS.has(name)) return `Unsupported start tag "${name}" at byte offset ${at}`
    open.push(name)
    return undefined
  }
  const expected = open.pop()
  if (expected === undefined) return `Unexpected end tag at byte offset ${at}`
  if (name === '' || name === expected) return undefined
  return `Unmatched end tag at byte offset ${at}, expected "</${expected}>", found "</${name}>"`
}

function unclosed(html: string, at: number): string {
  const [, name = ''] = /^<\/?([a-zA-Z0-9-]*)/.exec(html.slice(at)) ?? []
  return TAGS.has(name.toLowerCase())
    ? `Unclosed start tag at byte offset ${bytesTo(html, at)}`
    : `Unsupported start tag "${name}" at byte offset ${bytesTo(html, at)}`
}

/** What is no entity stays as it is. */
function entityAt(html: string, at: number): { readonly text: string; readonly length: number } {
  const [whole, hex, decimal, name] =
    /^&(?:#x([0-9a-fA-F]{1,6});|#(\d{1,7});|([a-z]{2,4});)/.exec(html.slice(at, at + 12)) ?? []
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  const text =
    name === undefined ? (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '') : NAMED[name]
  return whole === undefined || text === undefined ? { text: '&', length: 1 } : { text, length: whole.length }
}

function bytesTo(html: string, at: number): number {
  return Buffer.byteLength(html.slice(0, at))
}
