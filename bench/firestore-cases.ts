/** Hours and days of the guard on Firestore, played minute by minute, each with what it costs in documents. */
import type { FirestoreEndpoint } from '../src/adapters/store/firestore-clients.ts'
import type { TargetView } from '../src/core/report.ts'
import type { Script, Trouble } from './firestore-machines.ts'
import { type Cost, openStage, type Stage } from './firestore-stage.ts'

export type Case = {
  readonly name: string
  readonly targets: number
  readonly minutes: number
  readonly cost: Cost
}

/** How long an hour and a day are: `quick` ones only show that all runs. */
export type Lengths = { readonly hour: number; readonly day: number }

type Options = { readonly endpoint: FirestoreEndpoint; readonly lengths: Lengths }

const MINUTE_MS = 60_000
const SETTLED_MINUTES = 15
const POLLS_A_MINUTE = 4
const INCIDENTS_SHOWN = 5

/** Minutes since the first look. */
type At = (minute: number) => Trouble

function scripted(id: string, at: At): Script {
  let startAt: number | undefined
  return {
    id,
    trouble(now) {
      startAt ??= now
      return at(Math.floor((now - startAt) / MINUTE_MS))
    },
  }
}

const healthy = (id: string): Script => scripted(id, () => 'none')

/** In turns, after a quiet beginning in which it is armed. */
function flapping(
  id: string,
  { well, ill, as }: { readonly well: number; readonly ill: number; readonly as: Trouble },
): Script {
  return scripted(id, (minute) => (minute >= SETTLED_MINUTES && minute % (well + ill) >= well ? as : 'none'))
}

export const FLAPPING = { well: 4, ill: 3, as: 'container-failed' } as const
/** The worst of those that were tried: it changes with every look, and each time something may be done. */
const WORST = { well: 1, ill: 1, as: 'preempted' } as const

type Play = {
  readonly scripts: readonly Script[]
  readonly channelsTake?: (now: number) => boolean
  readonly play: (stage: Stage) => Promise<readonly Omit<Case, 'targets'>[]>
}

async function played(
  { endpoint }: Options,
  { scripts, channelsTake, play }: Play,
): Promise<readonly Case[]> {
  const stage = openStage({ endpoint, scripts, ...(channelsTake === undefined ? {} : { channelsTake }) })
  try {
    return (await play(stage)).map((one) => ({ ...one, targets: scripts.length }))
  } finally {
    await stage.close()
  }
}

async function costOf(stage: Stage, name: string, minutes: number): Promise<Omit<Case, 'targets'>> {
  return { name, minutes, cost: await stage.costOf(() => stage.ticks(minutes)) }
}

export function healthyCases(options: Options): Promise<readonly Case[]> {
  const { hour, day } = options.lengths
  return played(options, {
    scripts: [healthy('bot')],
    play: async (stage) => {
      const first = await costOf(stage, 'first hour of a new target', hour)
      const later = await costOf(stage, 'a healthy hour', hour)
      await stage.restart()
      const fresh = await costOf(stage, 'a healthy hour, the first of a fresh process', hour)
      return [first, later, fresh, await costOf(stage, 'a healthy day', day)]
    },
  })
}

const CHART_DAYS = 90

/** The longest chart, looked at each minute. */
export function chartCase(options: Options): Promise<readonly Case[]> {
  return played(options, {
    scripts: [healthy('bot')],
    play: async (stage) => {
      await stage.fillWithDays('bot', CHART_DAYS)
      await stage.ticks(SETTLED_MINUTES)
      const look = async () => void (await stage.guard().history('bot', { days: CHART_DAYS }))
      const minutes = options.lengths.hour
      const name = 'a healthy hour with the chart of 90 days, seen each minute'
      return [{ name, minutes, cost: await stage.costOf(() => stage.ticks(minutes, look)) }]
    },
  })
}

/** Its container fails and is restarted, which helps. */
export function incidentCase(options: Options): Promise<readonly Case[]> {
  let failsAt = Number.POSITIVE_INFINITY
  const script: Script = {
    id: 'bot',
    trouble: (now) => (now >= failsAt ? 'container-failed' : 'none'),
    acted() {
      failsAt = Number.POSITIVE_INFINITY
    },
  }
  return played(options, {
    scripts: [script],
    play: async (stage) => {
      await stage.ticks(SETTLED_MINUTES)
      failsAt = stage.clock.now()
      let minutes = 0
      const isOpen = async () => {
        const page = await stage.guard().incidents({ limit: 1 })
        return page.kind !== 'page' || page.incidents[0]?.state !== 'closed'
      }
      const cost = await stage.costOf(async () => {
        do {
          await stage.ticks(1)
          minutes += 1
        } while (await isOpen())
      })
      const list = cost.by.list?.reads ?? 0
      const { list: _asked, ...by } = cost.by
      const own = { ...cost, reads: cost.reads - list, by }
      const name = `an incident, detection to close (${minutes} min)`
      return [{ name, minutes, cost: own }]
    },
  })
}

export async function flappingCases(options: Options): Promise<readonly Case[]> {
  const { hour, day } = options.lengths
  const flaps = await played(options, {
    scripts: [flapping('bot', FLAPPING)],
    play: async (stage) => {
      await stage.ticks(SETTLED_MINUTES)
      const flapped = await costOf(stage, 'a day of flapping: 4 min well, 3 failing', day)
      stage.clock.moveTo(stage.clock.now() + 95 * 24 * 60 * MINUTE_MS)
      await stage.restart()
      return [flapped, await costOf(stage, 'an hour in which such a day is forgotten', hour)]
    },
  })
  const worst = await oneDay(options, `the worst flapping: preempted every other minute`, {
    script: flapping('bot', WORST),
  })
  const unheard = await oneDay(options, 'a day of flapping, and no channel takes anything', {
    script: flapping('bot', FLAPPING),
    channelsTake: () => false,
  })
  return [...flaps, ...worst, ...unheard]
}

/** It froze yesterday, and no reset has helped. */
export function downCase(options: Options): Promise<readonly Case[]> {
  const script = scripted('bot', (minute) => (minute >= SETTLED_MINUTES ? 'frozen' : 'none'))
  return oneDay(options, 'a day of a target that is down all month', { script, before: options.lengths.day })
}

function oneDay(
  options: Options,
  name: string,
  {
    script,
    before = SETTLED_MINUTES,
    channelsTake,
  }: {
    readonly script: Script
    readonly before?: number
    readonly channelsTake?: (now: number) => boolean
  },
): Promise<readonly Case[]> {
  return played(options, {
    scripts: [script],
    ...(channelsTake === undefined ? {} : { channelsTake }),
    play: async (stage) => {
      await stage.ticks(before)
      return [await costOf(stage, name, options.lengths.day)]
    },
  })
}

/** What an open page asks for each 15 s: all targets, and the newest incidents while something goes on. */
export async function dashboardCases(options: Options): Promise<readonly Case[]> {
  const three = ['bot', 'crawler', 'mailer'].map(healthy)
  const day = async (name: string, scripts: readonly Script[]) =>
    played(options, {
      scripts,
      play: async (stage) => {
        await stage.fillWithIncidents(2 * INCIDENTS_SHOWN)
        await stage.ticks(SETTLED_MINUTES)
        const look = openPage(stage)
        const minutes = options.lengths.day
        return [{ name, minutes, cost: await stage.costOf(() => stage.ticks(minutes, look)) }]
      },
    })
  return [
    ...(await day('a healthy day with the dashboard open', three)),
    ...(await day(FULL_DAY, [...three, flapping('flapper', FLAPPING)])),
  ]
}

export const FULL_DAY = 'three healthy, one flapping, the dashboard open'

const BUSY: readonly string[] = ['suspect', 'waiting', 'recovering', 'grace', 'probation']

/** As src/http/assets/script-live.ts does it. */
function openPage(stage: Stage): () => Promise<void> {
  let before: string | undefined
  return async () => {
    for (let poll = 0; poll < POLLS_A_MINUTE; poll += 1) {
      const seen = await stage.guard().targets()
      if (seen.kind !== 'targets') throw new Error(seen.detail)
      const sign = seen.targets.map(signOf).join()
      const isBusy = seen.targets.some(({ phase }) => BUSY.includes(phase))
      if (isBusy || sign !== before) await stage.guard().incidents({ limit: INCIDENTS_SHOWN })
      before = sign
    }
  }
}

function signOf({ id, verdict, phase, incidentId }: TargetView): string {
  return `${id} ${verdict} ${phase} ${incidentId}`
}
