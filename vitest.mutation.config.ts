/** The tests that mutants are tried on: the directed ones of the pure parts, without long random walks, sockets, programs and browsers. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/{protocol,client,server}/**/*.test.ts'],
    exclude: ['src/**/{runtimes,backends,stores}/**', '**/{node,browser}*.test.ts', '**/*{fuzz,walk,flood}.test.ts'],
    // Thousands of short runs: a new worker for every file would cost more than the tests. What is mutated keeps no global state.
    isolate: false,
    setupFiles: ['scripts/firstFailureIsEnough.ts'],
    testTimeout: 60_000,
    restoreMocks: true,
  },
})
