/** Output cut into commands. */
import { expect, test } from 'vitest'
import { outputParts } from './outputParts.ts'

const LINES = ['Welcome', '', '$ ls', 'readme', 'src', '', '$ false', '$ ']

test('without marks everything is one part', () => {
  expect(outputParts(LINES, [])).toEqual([{ command: '', exitCode: null, lines: LINES.slice(0, 7).concat('$ ') }])
  expect(outputParts([], [])).toEqual([{ command: '', exitCode: null, lines: [] }])
})

test('each command has its output, without its prompt and the blanks at the end', () => {
  const starts = [
    { line: 6, outputLine: 7, command: 'false', exitCode: 1 },
    { line: 2, outputLine: 3, command: 'ls', exitCode: 0 },
  ]
  expect(outputParts(LINES.slice(0, 7), starts)).toEqual([
    { command: '', exitCode: null, lines: ['Welcome'] },
    { command: 'ls', exitCode: 0, lines: ['readme', 'src'] },
    { command: 'false', exitCode: 1, lines: [] },
  ])
})
