/** What may stand in a slot of a sentence's template, by the slot's name, and how it is shown in a language. */
import type { Language, Reader } from '../core/channel.ts'
import { actionName, isNamed, type NameKind, nameOf } from './names.ts'
import { dateTime } from './times.ts'

/** English, Korean; `{name}` is a slot, and its name says what may stand in it. */
export type SentencePair = readonly [english: string, korean: string]

const NAMED = {
  cause: 'cause',
  verdict: 'verdict',
  word: 'word',
  status: 'vm',
  result: 'result',
  rung: 'rung',
  power: 'rung',
  purpose: 'purpose',
} as const satisfies Readonly<Record<string, NameKind>>

export type SlotKind =
  /** Another sentence, or anything else. */
  | 'sentence'
  /** Anything; shown as it is. */
  | 'value'
  /** Who or what: anything that is no sentence, without `; ` and `: `. */
  | 'name'
  | 'number'
  | 'time'
  /** `reboot`, `restart-workload of bot.service (attempt 2)`. */
  | 'action'
  /** systemd units, joined by `, `. */
  | 'units'
  /** A word of systemd or Podman. */
  | 'state'
  /** One word of anything. */
  | 'token'
  /** Names of a black box's sections, joined by `, `. */
  | 'sections'
  | keyof typeof NAMED

const KINDS: Readonly<Record<string, SlotKind>> = {
  reason: 'sentence',
  detail: 'sentence',
  why: 'sentence',
  asked: 'sentence',
  what: 'sentence',
  value: 'value',
  found: 'value',
  time: 'time',
  action: 'action',
  unit: 'units',
  units: 'units',
  state: 'state',
  health: 'state',
  sections: 'sections',
  token: 'token',
  cause: 'cause',
  verdict: 'verdict',
  word: 'word',
  status: 'status',
  result: 'result',
  rung: 'rung',
  power: 'power',
  purpose: 'purpose',
  type: 'token',
  id: 'token',
  address: 'token',
  zone: 'token',
  secret: 'token',
  seconds: 'number',
  minutes: 'number',
  ms: 'number',
  used: 'number',
  failing: 'number',
  total: 'number',
  tick: 'number',
  number: 'number',
  limit: 'number',
}

/** A name that is not on the list, and any name with a digit behind it, is of the kind of the name before the digit. */
export function slotKind(name: string): SlotKind {
  return KINDS[name.replace(/\d$/, '')] ?? 'name'
}

const ACTION = /^([a-z-]{1,20})(?: of (\S{1,300}))?(?: \(attempt (\d{1,4})\))?$/
const UNIT = /^[^\s,;]{1,300}\.[a-z]{1,20}$/
const POWERS: readonly string[] = ['start', 'resume', 'reset']

export function isSlotOf(kind: SlotKind, value: string): boolean {
  switch (kind) {
    case 'sentence':
    case 'value':
      return value !== ''
    case 'name':
      return value !== '' && !value.includes('; ') && !value.includes(': ')
    case 'number':
      return value.length <= 20 && /^-?\d+(?:\.\d+)?$/.test(value)
    case 'time':
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(value)
    case 'state':
      return /^[a-z][a-z-]{0,39}$/.test(value)
    case 'token':
      return /^\S+$/.test(value)
    case 'action':
      return isNamed('rung', ACTION.exec(value)?.[1] ?? '')
    case 'units':
      return value.split(', ').every((unit) => UNIT.test(unit))
    case 'sections':
      return value.split(', ').every((name) => isNamed('section', name))
    case 'power':
      return POWERS.includes(value)
    default:
      return isNamed(NAMED[kind], value)
  }
}

type Shown = { readonly language: Language; readonly reader?: Reader }

/**
 * A sentence's slot is not shown here: it is taken apart itself. English stays as the core wrote it, but for times
 * and for the names of causes and actions.
 */
export function shownSlot(
  kind: Exclude<SlotKind, 'sentence'>,
  value: string,
  { language, reader }: Shown,
): string {
  if (kind === 'time') return reader === undefined ? value : dateTime(value, reader)
  if (language === 'en' && kind !== 'cause' && kind !== 'action') return value
  switch (kind) {
    case 'value':
    case 'name':
    case 'status':
    case 'number':
    case 'units':
    case 'state':
    case 'token':
      return value
    case 'action':
      return shownAction(value, language)
    case 'sections':
      return value
        .split(', ')
        .map((name) => nameOf('section', name, language))
        .join(', ')
    default:
      return nameOf(NAMED[kind], value, language)
  }
}

function shownAction(value: string, language: Language): string {
  const [, rung = '', unit, attempt] = ACTION.exec(value) ?? []
  const name = actionName({ rung, unit }, language)
  if (attempt === undefined) return name
  return language === 'ko' ? `${name} (${attempt}번째 시도)` : `${name} (attempt ${attempt})`
}
