import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{bench,certs,cli,flows,guides,harness,profiles,proof,reports,simulators,steps}/**/*.test.ts'],
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
