/**
 * Plants faults where bytes are counted; the tests have to notice. A full run takes about twenty minutes on two cores;
 * `npm run mutation -- --mutate src/protocol/credit.ts` tries one file.
 */

/** What counts offsets, acknowledgements, credit, and who may speak. */
const counted = [
  'src/protocol/credit.ts',
  'src/client/inputQueue.ts',
  'src/client/machine.ts',
  'src/client/machine/*.ts',
  'src/server/replayBuffer.ts',
  'src/server/session.ts',
  'src/server/session/*.ts',
  'src/server/usedIds.ts',
]

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [...counted, '!src/**/*.test.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts', related: true },
  plugins: ['@stryker-mutator/vitest-runner'],
  checkers: [],
  reporters: ['clear-text', 'json', 'html', 'progress-append-only'],
  clearTextReporter: { logTests: false, reportScoreTable: true },
  jsonReporter: { fileName: 'reports/mutation.json' },
  htmlReporter: { fileName: 'reports/mutation.html' },
  thresholds: { high: 95, low: 90, break: 85 },
  concurrency: 2,
  timeoutMS: 2_000, // beyond the time that the tests of a mutant need without it, and half as much again
  tempDirName: '.stryker-tmp',
  cleanTempDir: 'always',
  disableTypeChecks: false,
  tsconfigFile: 'none', // Stryker would read it by the JavaScript API that TypeScript 7 does not have
  ignoreStatic: true,
}
