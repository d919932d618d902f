/** An alert's words, bounded for a message: what every chat does before its own markup. */
import { plainText } from '../../core/plain-text.ts'
import type { AlertText } from '../../words/alert-text.ts'

const TITLE_MAX = 200
const BRIEF_MAX = 400
const LINE_MAX = 600
const LINES_MAX = 20
const LABEL_MAX = 40

/** Each text is made plain once more: markup is built of them, and a line break or a bidi control would break it. */
export function boundedText(text: AlertText): AlertText {
  const { mark, title, brief, lines, story, buttons } = text
  return {
    mark: plainText(mark, LABEL_MAX),
    title: plainText(title, TITLE_MAX),
    brief: plainText(brief, BRIEF_MAX),
    lines: lines.slice(0, LINES_MAX).map((line) => plainText(line, LINE_MAX)),
    story: story.map(({ time, text: what }) => ({
      time: plainText(time, LABEL_MAX),
      text: plainText(what, LINE_MAX),
    })),
    buttons: buttons.map(({ button, label }) => ({ button, label: plainText(label, LABEL_MAX) })),
  }
}

/** The oldest of the story goes first, then the last lines; what is left is the title and the first line at least. */
export function fitting(text: AlertText, sizeOf: (text: AlertText) => number, sizeMax: number): AlertText {
  let fit = boundedText(text)
  while (sizeOf(fit) > sizeMax && fit.story.length > 0) fit = { ...fit, story: fit.story.slice(1) }
  while (sizeOf(fit) > sizeMax && fit.lines.length > 1) fit = { ...fit, lines: fit.lines.slice(0, -1) }
  return fit
}

/** The message's first line, without markup: `🔴 bot: workload hung`. */
export function headOf({ mark, title }: AlertText): string {
  return mark === '' ? title : `${mark} ${title}`
}

/** The answer in the thread, without markup. */
export function briefOf({ mark, brief }: AlertText): string {
  return mark === '' ? brief : `${mark} ${brief}`
}
