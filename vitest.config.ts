/** The kinds of tests: units, units that need a page (src/react), the examples, the built package, torture (real machines under cut links), journeys in a browser, stories in a static Storybook, many panels at once, journeys in other engines. */
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** The oldest React that the panel runs on. */
const react18 = ['react', 'react-dom'].map((name) => ({
  find: new RegExp(`^${name}(?=/|$)`),
  replacement: join(import.meta.dirname, 'compat/react18/node_modules', name),
}))
/** Its CommonJS would ask Node for React, and get the other one. */
const testingLibrary = {
  find: /^@testing-library\/react$/,
  replacement: '@testing-library/react/dist/@testing-library/react.esm.js',
}

/** What examples import by the name that their readers have. */
const ownServer = [
  { find: '@nimbus/terminal/server/node', replacement: join(import.meta.dirname, 'src/server/runtimes/node.ts') },
]

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.ts', 'mock-server/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: ['src/react/**'],
        },
      },
      // Whole panels with the real emulator: seconds on a busy machine, and nothing in them is a matter of time.
      {
        extends: true,
        test: { name: 'react', environment: 'jsdom', include: ['src/react/**/*.test.{ts,tsx}'], testTimeout: 30_000 },
      },
      {
        extends: true,
        resolve: { alias: [...react18, testingLibrary] },
        test: {
          name: 'react18',
          environment: 'jsdom',
          testTimeout: 30_000,
          include: ['src/react/**/*.test.tsx', 'compat/react18/*.test.tsx'],
          // What imports React by itself has to get the same one.
          server: { deps: { inline: ['zustand', '@testing-library/react'] } },
        },
      },
      {
        extends: true,
        test: {
          name: 'scripts',
          environment: 'node',
          include: ['scripts/**/*.test.ts'],
          exclude: ['scripts/package/{package,freshApp,firstLoad,ssr,detailsLoad,next}.test.ts'],
        },
      },
      {
        extends: true,
        resolve: { alias: ownServer },
        test: { name: 'examples', environment: 'node', include: ['examples/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'package',
          environment: 'node',
          include: ['scripts/package/{package,freshApp,firstLoad,ssr,detailsLoad}.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'next',
          environment: 'node',
          include: ['scripts/package/next.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: { name: 'torture', environment: 'node', include: ['torture/**/*.test.ts'], testTimeout: 3_600_000 },
      },
      {
        extends: true,
        test: {
          name: 'stories',
          environment: 'node',
          include: ['stories/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxConcurrency: 4,
        },
      },
      {
        extends: true,
        test: {
          name: 'many',
          environment: 'node',
          include: ['many/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['e2e/**/*.test.ts'],
          exclude: ['e2e/engines/**'],
          globalSetup: ['e2e/support/demoPage.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'engines',
          environment: 'node',
          include: ['e2e/engines/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
    maxWorkers: 2,
    restoreMocks: true,
    unstubGlobals: true,
  },
})
