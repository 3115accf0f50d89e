/** The tests that mutants are tried on: the pure parts and the short torture, without sockets, programs and browsers. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/{protocol,client,server}/**/*.test.ts', 'torture/**/*.test.ts'],
    exclude: ['src/**/{runtimes,backends,stores}/**', '**/node*.test.ts', '**/browser*.test.ts', 'torture/node/**'],
    env: { TORTURE: 'mutation' },
    testTimeout: 60_000,
    restoreMocks: true,
  },
})
