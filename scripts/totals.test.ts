/** The last line of `npm test` tells the truth about runs that went well, badly, or not at all. */
import { describe, expect, it } from 'vitest'
import { countExit, countVitest, sentence, sum } from './totals.ts'

const report = (passed: number, failed: number, pending = 0, todo = 0, testResults: readonly unknown[] = []) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: todo, testResults })

describe('counting', () => {
  it('takes a command for one check', () => {
    expect(countExit(0)).toEqual({ passed: 1, failed: 0, skipped: 0 })
    expect(countExit(1)).toEqual({ passed: 0, failed: 1, skipped: 0 })
    expect(countExit(null)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('counts tests, and what was left out of them', () => {
    expect(countVitest({ status: 1, report: report(7, 2, 3, 1) })).toEqual({ passed: 7, failed: 2, skipped: 4 })
  })

  it.each([
    ['left no report', { status: 0, report: null }],
    ['left half a report', { status: 0, report: '{"numPassedTests": 3' }],
    ['left a report of another kind', { status: 0, report: '[]' }],
    ['ran no test', { status: 0, report: report(0, 0) }],
  ])('fails a suite that %s', (_what, ending) => {
    expect(countVitest(ending)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('fails a file that could not be loaded', () => {
    const files = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ]
    expect(countVitest({ status: 1, report: report(2, 1, 0, 0, files) })).toEqual({ passed: 2, failed: 2, skipped: 0 })
  })

  it('fails a run that passed its tests and then died', () => {
    expect(countVitest({ status: 1, report: report(5, 0) })).toEqual({ passed: 5, failed: 1, skipped: 0 })
    expect(countVitest({ status: null, report: report(5, 0) })).toEqual({ passed: 5, failed: 1, skipped: 0 })
  })

  it('adds up and speaks of skipped tests only where there are some', () => {
    const total = sum([countExit(0), countVitest({ status: 0, report: report(5, 0, 2) })])
    expect(sentence(total)).toBe('6 passed, 0 failed, 2 skipped')
    expect(sentence(sum([countExit(0)]))).toBe('1 passed, 0 failed')
  })
})
