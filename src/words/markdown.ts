/** Markdown (GitHub's) of texts that may be hostile: escaped words, tables and fenced blocks. What is said is elsewhere. */
import { inert } from './inert.ts'

const WORDS_MAX = 2_000
const BLOCK_CHARS_MAX = 256 * 1024

/** What may begin markup, HTML, an entity, math or a link, bare addresses included. */
const MARKUP = /[\\`*_[\]<>#|~$&]|:(?=\/\/)|(?<=\bwww)\./gi

/** One line of plain words: nothing in it is markup. Never the first thing on a line: a `-` would make it a list. */
export function words(text: string): string {
  return inert(text, WORDS_MAX).replace(MARKUP, '\\$&')
}

/** Rows under a head; cells are Markdown already, made by `words`. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Lines as they are, in a fence that is longer than any run of backticks in them. */
export function block(text: string): string {
  const lines = text.slice(0, BLOCK_CHARS_MAX).replace(/\n$/, '').split('\n')
  const shown = lines.map((line) => line.split('\t').map(inertLine).join('\t'))
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0)
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return [`${fence}text`, ...shown, fence].join('\n')
}

function inertLine(line: string): string {
  return inert(line, BLOCK_CHARS_MAX)
}
