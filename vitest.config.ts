import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{bench,certs,cli,flows,guides,harness,profiles,proof,reports,simulators,steps}/**/*.test.ts'],
    isolate: false,
    // Vitest leaves one core to itself: on a laptop with two that is half.
    maxWorkers: availableParallelism(),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
