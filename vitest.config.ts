import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** In browsers, and of the benchmarks: `npm run test:wide`, so that `npm test` stays short. */
const WIDE = ['test/browser/**/*.test.ts', 'test/bench/**/*.test.ts']
const isWide = process.env['NIGHT_GUARD_TESTS'] === 'wide'

export default defineConfig({
  test: {
    include: isWide ? WIDE : ['test/**/*.test.ts'],
    exclude: ['test/lab/**', 'test/deploy/**', ...(isWide ? [] : WIDE)],
    environment: 'node',
    pool: 'forks',
    // Many tests wait for sockets and time-outs: four at once end in half the time, also on two cores.
    maxWorkers: Math.max(4, availableParallelism()),
    // For what hangs: a machine that others share may be slow.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'json-summary'] },
  },
})
