/** The lockfile as `npm ci` reads it on any platform. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).default({}) }),
  ),
})

/** Where a package that stands at `from` finds its dependency: beside it, or in any folder above. */
function placesOf(from: string, name: string): readonly string[] {
  const above = from
    .split('node_modules/')
    .map((_, depth, parts) => parts.slice(0, depth + 1).join('node_modules/'))
  return above.map((place) => `${place === '' ? '' : `${place.replace(/\/$/, '')}/`}node_modules/${name}`)
}

it('every optional dependency of every package has an entry, also those of other platforms', () => {
  const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')
  const { packages } = lockSchema.parse(JSON.parse(text))
  const missing = Object.entries(packages).flatMap(([from, { optionalDependencies }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !placesOf(from, name).some((place) => Object.hasOwn(packages, place)))
      .map((name) => `${from}: ${name}`),
  )
  expect(missing).toEqual([])
})
