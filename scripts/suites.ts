/** What `npm test` and `.ci/run` run, in this order: a table of suites, each a command and the way its results are counted. */
import { join } from 'node:path'

export interface Suite {
  readonly name: string
  /** `npm test checks` runs one group; without a name `npm test` leaves out `long`, which has commands of its own. */
  readonly group: 'checks' | 'tests' | 'long'
  /** Arguments of Node. */
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** `exit`: the command is one check. `vitest`: its tests are counted from the report it leaves. */
  readonly counts: 'exit' | 'vitest'
  /** Without it the suite is skipped as a whole. */
  readonly needs?: 'chromium'
  /** Longer than this is a failure. */
  readonly timeoutMs: number
}

/** Where the suite called `name` leaves its report. */
export function reportOf(name: string): string {
  return join('reports', `${name}.json`)
}

const minute = 60_000
const tsc = 'node_modules/typescript/bin/tsc'
const vitest = 'node_modules/vitest/vitest.mjs'

export const suites: readonly Suite[] = [
  check('types', [tsc, '-p', '.']),
  check('purity', [tsc, '-p', 'tsconfig.pure.json']),
  // The configuration turns that rule off, and is not heard in every file.
  check('lint', ['node_modules/oxlint/bin/oxlint', '--deny-warnings', '-A', 'vitest/expect-expect']),
  check('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
  check('build', ['scripts/build.ts']),
  check('publint', ['node_modules/publint/src/cli.js', '--strict']),
  check('attw', attw()),
  check('size', ['node_modules/size-limit/bin.js']),
  { ...tests('package', ['package'], 5 * minute), group: 'checks' },
  { ...tests('scripts', ['scripts'], 5 * minute), group: 'checks' },
  tests('unit', ['unit', 'react', 'react18'], 8 * minute, ['--detectAsyncLeaks', '--reporter=./scripts/leakReporter.ts']),
  tests('examples', ['examples'], 3 * minute),
  { ...tests('torture', ['torture'], 8 * minute), env: { TORTURE: 'short' } },
  tests('e2e', ['e2e'], 10 * minute),
  { ...tests('stories', ['stories'], 5 * minute), needs: 'chromium' },
  { ...tests('next', ['next'], 10 * minute), group: 'long' },
]

function check(name: string, command: readonly string[]): Suite {
  return { name, group: 'checks', command, counts: 'exit', timeoutMs: 5 * minute }
}

function tests(name: string, projects: readonly string[], timeoutMs: number, options: readonly string[] = []): Suite {
  const report = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportOf(name)}`]
  const command = [vitest, 'run', ...projects.flatMap((project) => ['--project', project]), ...options, ...report]
  return { name, group: 'tests', command, counts: 'vitest', timeoutMs }
}

function attw(): string[] {
  const bin = 'node_modules/@arethetypeswrong/cli/dist/index.js'
  return [bin, '--pack', '.', '--profile', 'esm-only', '--exclude-entrypoints', 'styles.css']
}
