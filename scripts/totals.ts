/** Counts what suites did and says it in one line; a suite that cannot be counted has failed. */

export interface Totals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** How a suite's command ended: `status` is null after a signal or a timeout. */
export interface Ending {
  readonly status: number | null
  /** The report's text; null if the suite left none. */
  readonly report: string | null
}

const onePassed: Totals = { passed: 1, failed: 0, skipped: 0 }
const oneFailed: Totals = { passed: 0, failed: 1, skipped: 0 }

/** A command that is one check. */
export function countExit(status: number | null): Totals {
  return status === 0 ? onePassed : oneFailed
}

/** A run of Vitest. Files that failed to load, errors between the tests and runs of nothing count as one failure each. */
export function countVitest({ status, report }: Ending): Totals {
  const counted = report === null ? null : readReport(report)
  if (counted === null || counted.passed + counted.failed + counted.skipped === 0) return oneFailed
  return status !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
}

export function sum(all: readonly Totals[]): Totals {
  return all.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }), {
    passed: 0,
    failed: 0,
    skipped: 0,
  })
}

/** `N passed, N failed`, and what was skipped where something was. */
export function sentence({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

function readReport(text: string): Totals | null {
  const report = parsed(text)
  const passed = numberOf(report, 'numPassedTests')
  const failed = numberOf(report, 'numFailedTests')
  const pending = numberOf(report, 'numPendingTests')
  const todo = numberOf(report, 'numTodoTests')
  if (passed === null || failed === null || pending === null || todo === null) return null
  return { passed, failed: failed + filesThatFailedToLoad(report), skipped: pending + todo }
}

function filesThatFailedToLoad(report: unknown): number {
  const files = fieldOf(report, 'testResults')
  if (!Array.isArray(files)) return 0
  return files.filter((file) => fieldOf(file, 'status') === 'failed' && !hasFailedTest(file)).length
}

function hasFailedTest(file: unknown): boolean {
  const results = fieldOf(file, 'assertionResults')
  return Array.isArray(results) && results.some((result) => fieldOf(result, 'status') === 'failed')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function numberOf(value: unknown, name: string): number | null {
  const field = fieldOf(value, name)
  return typeof field === 'number' ? field : null
}
