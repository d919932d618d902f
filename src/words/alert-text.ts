/** A notice in words: what a message says, as plain and inert text. Each channel's own markup is its adapter's. */

import type { Button } from '../core/buttons.ts'
import type { Language, Reader } from '../core/channel.ts'
import type { Notice } from '../core/notice.ts'
import { STORY_LINES_MAX } from '../core/notice.ts'
import { adviceFor } from './advice.ts'
import { needsPerson, titleOf } from './alert-title.ts'
import { fixedWords, wouldWords } from './deeds.ts'
import { inert } from './inert.ts'
import { nameOf } from './names.ts'
import { say } from './say.ts'
import { sentenceFor } from './sentences.ts'
import { timeBeside } from './times.ts'

/** Every text is one line of plain text without control, bidi or invisible characters; nothing is escaped. */
export type AlertText = {
  /** One emoji: how bad it is. */
  readonly mark: string
  /** `bot: workload hung` */
  readonly title: string
  /** The news in one line, for an answer in the thread and for a phone's lock screen. */
  readonly brief: string
  /** What is the matter, since when, what the guard does. */
  readonly lines: readonly string[]
  /** What has been done so far, oldest first. */
  readonly story: readonly { readonly time: string; readonly text: string }[]
  readonly buttons: readonly { readonly button: Button; readonly label: string }[]
}

const TITLE_MAX = 160
const BRIEF_MAX = 300
const LINE_MAX = 600
const STORY_TEXT_MAX = 300
const NAMES_MAX = 20

/** `reader` is the channel's: its language and zone. A message is at most some 6,000 characters long. */
export function alertText(notice: Notice, reader: Reader): AlertText {
  const { language } = reader
  const story = notice.story.slice(-STORY_LINES_MAX)
  return {
    mark: markOf(notice),
    title: bounded(titleOf(notice, language), TITLE_MAX),
    brief: bounded(briefOf(notice, reader), BRIEF_MAX),
    lines: linesOf(notice, reader).map((line) => bounded(line, LINE_MAX)),
    story: story.map(({ at, text }) => ({
      time: timeBeside(at, { beside: notice.at, reader, precision: 'seconds' }),
      text: bounded(sentenceFor(text, reader), STORY_TEXT_MAX),
    })),
    buttons: (notice.offer?.buttons ?? []).map((button) => ({
      button,
      label: nameOf('button', button, language),
    })),
  }
}

/** Visible marks are longer than what they stand for: cut again behind them, never within a pair. */
function bounded(text: string, charsMax: number): string {
  const shown = inert(text, charsMax)
  if (shown.length <= charsMax + 1) return shown
  return `${shown.slice(0, charsMax).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function markOf({ kind, severity, standing }: Notice): string {
  if (kind === 'resolved') return '🟢'
  if (standing === 'probation') return '🟡'
  if (kind === 'test' || severity === 'info') return '🔵'
  return severity === 'critical' ? '🔴' : '🟠'
}

function briefOf(notice: Notice, reader: Reader): string {
  const { language } = reader
  if (notice.kind !== 'resolved') return `${titleOf(notice, language)}. ${lineOf(notice.reason, reader)}`
  return `${titleOf(notice, language)}. ${[overWords(notice, reader), fixOf(notice, language)].join(' ').trim()}`
}

function linesOf(notice: Notice, reader: Reader): readonly string[] {
  const { kind, reason } = notice
  const { language } = reader
  switch (kind) {
    case 'test':
      return [lineOf(reason, reader), say(language, 'This shows only that alerts reach you.')]
    case 'resolved':
      return present([
        overWords(notice, reader),
        whyOf(notice, reader),
        fixOf(notice, language),
        speaksFor(notice, language),
      ])
    default:
      return present([
        lineOf(reason, reader),
        sinceWords(notice, reader),
        ...doings(notice, language),
        speaksFor(notice, language),
      ])
  }
}

function present(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line !== '')
}

/** Words that sentences of ours begin with, as against names of units and targets. */
const BEGINNINGS = /^(?:the|neither|its?|all|no|an?|another|never|not|too|systemd) /

/** As a line of its own: a capital and a full stop. */
function lineOf(text: string, reader: Reader): string {
  const words = sentenceFor(text, reader)
  if (reader.language === 'ko') return words.endsWith('다') ? `${words}.` : words
  const begun = BEGINNINGS.test(words) ? `${words.slice(0, 1).toUpperCase()}${words.slice(1)}` : words
  return /[\p{L}\p{N})]$/u.test(begun) ? `${begun}.` : begun
}

function sinceWords(notice: Notice, reader: Reader): string {
  const { language } = reader
  const time = timeBeside(notice.since, { beside: notice.at, reader })
  return notice.kind === 'again'
    ? say(language, 'It was well in between; the trouble began at {time}.', { time })
    : say(language, 'Since {time}.', { time })
}

/** `It broke at 03:12, it was back at 03:14.` To the second where the minute is the same. */
function overWords({ at, since, endedAt = at, incidentId }: Notice, reader: Reader): string {
  const minute = (time: number) => timeBeside(time, { beside: at, reader })
  const precision = minute(since) === minute(endedAt) ? 'seconds' : 'minutes'
  const began = timeBeside(since, { beside: at, reader, precision })
  const ended = timeBeside(endedAt, { beside: at, reader, precision })
  return incidentId === undefined
    ? say(reader.language, 'It began at {began} and was over at {ended}.', { began, ended })
    : say(reader.language, 'It broke at {began}, it was back at {ended}.', { began, ended })
}

/** Of an incident why it was opened; of a warning, which has no story, how things stand now. */
function whyOf({ story, reason, incidentId }: Notice, reader: Reader): string {
  const opening = incidentId === undefined ? undefined : story[0]
  return lineOf(opening?.text ?? reason, reader)
}

function fixOf({ fixedBy }: Notice, language: Language): string {
  return fixedBy === undefined ? '' : fixedWords(fixedBy, language)
}

/** What the guard does about it, and what a person should. */
function doings(notice: Notice, language: Language): readonly string[] {
  const { would, cause, severity } = notice
  const advice = adviceFor(cause, language) ?? ''
  if (would !== undefined) return [`${say(language, 'Shadow mode.')} ${wouldWords(would, language)}`]
  if (cause === 'fleet') return [advice]
  const words = standingWords(notice, language)
  if (words !== undefined) return [words]
  if (needsPerson(notice))
    return [say(language, "The guard can't mend this by itself: you are needed."), advice]
  if (severity === 'warning') return [say(language, 'The guard does nothing about this by itself.'), advice]
  if (cause === 'manual') return [say(language, 'The guard does what a person asked for.')]
  return [say(language, 'The guard is at work on it: nothing is needed from you yet.')]
}

/** Where nothing is asked of a person, though something is the matter. */
function standingWords({ standing }: Notice, language: Language): string | undefined {
  switch (standing) {
    case 'probation':
      return say(language, 'It works again. The guard watches whether it stays so.')
    case 'paused':
      return say(language, 'The guard is paused: it watches, and does nothing.')
    case 'left':
      return say(language, 'It is left as it is, as a person asked: no more reminders.')
    default:
      return undefined
  }
}

function speaksFor({ targets = [] }: Notice, language: Language): string {
  if (targets.length === 0) return ''
  const names = targets.slice(0, NAMES_MAX).join(', ')
  return targets.length > NAMES_MAX
    ? say(language, 'This alert speaks for {names} and {count} more.', {
        names,
        count: targets.length - NAMES_MAX,
      })
    : say(language, 'This alert speaks for {names}.', { names })
}
