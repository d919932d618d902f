/**
 * The proof that a healthy tick loads no heavy client: every module that a service has loaded after 100 ticks, by
 * a hook that sees them all. What loading them costs is imports.ts's.
 */
import type { Benchmark, Effort, Finding, Result } from './result.ts'
import { openStage, type Stage, type Watch } from './stage.ts'

const PACKAGES_SHOWN = 8
const TICKS: Readonly<Record<Effort, number>> = { full: 100, quick: 3 }

type Case = { readonly watch: Watch; readonly name: string; readonly never: readonly string[] }

const CASES: readonly Case[] = [
  {
    watch: { targets: 3, secrets: 'none', runtime: 'plain' },
    name: 'no secrets',
    never: ['@google-cloud/compute', '@google-cloud/secret-manager', 'google-gax', 'ssh2', 'node-ssh'],
  },
  {
    // The first tick of a process asks for the versions: Secret Manager's client is there from then on.
    watch: { targets: 3, secrets: 'in-sync', runtime: 'plain' },
    name: 'secrets in sync',
    never: ['@google-cloud/compute', 'ssh2', 'node-ssh'],
  },
]

type Loaded = {
  readonly name: string
  /** Packages of which a module loaded would be a bug. */
  readonly never: readonly string[]
  readonly ticks: number
  readonly modules: number
  readonly own: number
  /** By package, most first. */
  readonly packages: readonly (readonly [name: string, modules: number])[]
}

export const loads: Benchmark = {
  name: 'loads',
  about: 'which modules a process has loaded after 100 healthy ticks',
  async measure({ effort, tell }) {
    const stage = await openStage({ machines: 3 })
    try {
      const measured: Loaded[] = []
      for (const one of effort === 'full' ? CASES : CASES.slice(-1)) {
        tell(`loads: ${one.name}`)
        measured.push(await measureOne(one, { stage, ticks: TICKS[effort] }))
      }
      return resultOf(measured)
    } finally {
      await stage.end()
    }
  },
}

async function measureOne(
  { watch, name, never }: Case,
  { stage, ticks }: { readonly stage: Stage; readonly ticks: number },
): Promise<Loaded> {
  const service = await stage.startService(watch, { preload: './loaded-modules.ts' })
  for (let tick = 0; tick < ticks; tick += 1) await service.tick()
  const modules = await service.loaded()
  await service.end()
  const packages = new Map<string, number>()
  for (const path of modules) {
    const inPackage = packageOf(path)
    if (inPackage !== undefined) packages.set(inPackage, (packages.get(inPackage) ?? 0) + 1)
  }
  return {
    name,
    never,
    ticks,
    modules: modules.length,
    own: modules.filter((path) => /\/src\/[^:]*\.ts$/.test(path) && packageOf(path) === undefined).length,
    packages: [...packages].sort(([, one], [, other]) => other - one),
  }
}

/** The innermost one: a package may bring another along in its own `node_modules`. */
function packageOf(path: string): string | undefined {
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
}

function resultOf(measured: readonly Loaded[]): Result {
  return {
    name: 'loads',
    tables: [
      {
        title: 'Modules loaded',
        columns: ['', 'ticks', 'in all', 'of src/', 'packages'],
        rows: measured.map(({ name, ticks, modules, own, packages }) => [
          name,
          String(ticks),
          String(modules),
          String(own),
          String(packages.length),
        ]),
        notes: measured.map(largestOf),
      },
    ],
    findings: measured.flatMap((loaded) => loaded.never.map((heavy) => findingOf(heavy, loaded))),
    figures: measured,
  }
}

function largestOf({ name, packages }: Loaded): string {
  const largest = packages.slice(0, PACKAGES_SHOWN).map(([of, modules]) => `${of} ${modules}`)
  return `${name}: ${largest.join(', ')}, …`
}

function findingOf(heavy: string, loaded: Loaded): Finding {
  // A record that saw nothing proves nothing.
  if (!loaded.packages.some(([known]) => known === 'undici')) throw new Error('The record is not complete')
  const modules = loaded.packages.find(([known]) => known === heavy)?.[1] ?? 0
  return {
    kind: 'proof',
    what: `${loaded.name}: modules of ${heavy} loaded after ${loaded.ticks} healthy ticks`,
    wanted: '0',
    measured: String(modules),
    holds: modules === 0,
  }
}
